"""A preview of the public pages on this machine, made anew when one of their sources changes."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..engine.errors import PolicyError
from .data import Make
from .pages import LOST, PUBLIC

Files = Mapping[str, Make]
HOST = "127.0.0.1"


class Fresh:
    """The files of a site as their sources are now."""

    def __init__(self, made: Callable[[], Files], watched: tuple[Path, ...]) -> None:
        self.made = made
        self.watched = watched
        self.seen: object = None
        self.files: Files = {}

    def now(self) -> Files:
        """Return the files, read anew when a source has changed; raises PolicyError."""
        seen = tuple(stamps(self.watched))
        if seen != self.seen:
            self.files = self.made()
            self.seen = seen
        return self.files


def stamps(folders: tuple[Path, ...]) -> Iterator[tuple[str, int, int]]:
    """Yield what tells that a file under some folders has changed."""
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                about = file.stat()
                yield str(file), about.st_mtime_ns, about.st_size


class Preview(BaseHTTPRequestHandler):
    """Answers with a file of the site, or with what is wrong with its sources."""

    def __init__(self, fresh: Fresh, say: Callable[[str], None], *rest: object) -> None:
        self.fresh = fresh
        self.say = say
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer a request."""
        path = unquote(urlsplit(self.path).path).lstrip("/")
        path = f"{path}index.html" if path.endswith("/") or not path else path
        try:
            files = self.fresh.now()
            found = f"{PUBLIC}/{path}" in files
            status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
            path = path if found else f"{LOST}.html"
            self.answer(status, files[f"{PUBLIC}/{path}"](), guess_type(path)[0] or "text/plain")
        except PolicyError as error:
            self.say(str(error))
            self.answer(HTTPStatus.INTERNAL_SERVER_ERROR, str(error).encode(), "text/plain")

    def answer(self, status: HTTPStatus, content: bytes, kind: str) -> None:
        """Send a whole answer, which no browser keeps."""
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base has it so
        """Say nothing of single requests."""


def server(fresh: Fresh, port: int, say: Callable[[str], None]) -> HTTPServer:
    """Return a server of the preview; port 0 is any free one."""
    try:
        return HTTPServer((HOST, port), partial(Preview, fresh, say))
    except OSError as error:
        raise PolicyError(
            f"port {port} can't be used: {error.strerror}: name another one"
        ) from None
