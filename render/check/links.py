"""Links: every address inside the site leads to a file of it, and every anchor to a place."""

from collections.abc import Iterator
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urldefrag, urlsplit

from ...engine.errors import Finding
from ..marks import reading
from ..output import base
from ..pages import PUBLIC
from .built import Built


def links(built: Built) -> Iterator[Finding]:
    """Find links that lead nowhere."""
    for path, page in built.read():
        for address in dict.fromkeys(page.addresses):
            if reason := broken(built, path, address):
                yield Finding(
                    code="broken-link",
                    where=built.template(path),
                    message=f"`{path}` links to `{address}`: {reason}",
                )


def broken(built: Built, path: str, address: str) -> str:
    """Return why a link leads nowhere; "" where it leads somewhere, or out of the site."""
    file = meant(built, path, address)
    if not file:
        return ""
    if file not in built.files and file not in built.pages:
        return "there is no such file"
    anchor = unquote(urlsplit(address).fragment)
    if not anchor or "=" in anchor or not file.endswith(".html") or file not in built.files:
        return ""  # what stands after `=` is the state of a page
    known = anchor in reading(built.files[file].decode()).ids
    return "" if known else "there is no such place on the page"


def meant(built: Built, path: str, address: str) -> str:
    """Return the file that an address means; "" for one outside the site.

    >>> # `../style.css` on `public/topics/trial.html` means `public/style.css`
    """
    whole, url = urldefrag(address).url, built.site.url
    if url and whole.startswith(url):
        whole = base(built.site) + whole.removeprefix(url)
    if urlsplit(whole).scheme or whole.startswith("//"):
        return ""
    if whole.startswith("/"):
        inside = whole.removeprefix(base(built.site))
        return f"{PUBLIC}/{unquote(inside)}{'' if inside and inside[-1] != '/' else 'index.html'}"
    return normpath(join(dirname(path), unquote(whole))) if whole else path
