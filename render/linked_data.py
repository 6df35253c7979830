"""What search engines are told of the policy, in the words of schema.org: what is true of it alone.

schema.org's return policies are about goods that are delivered: their days count from the delivery,
and they know no partial refund. Such fields would say something else than the rules do, so there is
no window, fee or method: only what the policy is called, its answer in a sentence, and where it
stands. Which of schema.org's types it is, `pages.yaml` says; nothing else could know.

The data stands in the page, as search engines don't follow links to it. A block of data is no
script: no browser runs it, and a Content-Security-Policy of scripts isn't about it.
"""

import json

from markupsafe import Markup

from .edition import Edition
from .said import plain

ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}
"""Characters that could end a block of data in a page."""


def linked_data(edition: Edition, address: str) -> Markup | None:
    """Return the data of the policy page at an address; None where there is none to tell.

    Without an address, or without a type of schema.org, there is none.
    """
    layout = edition.layout
    if not layout.url or not layout.schema_org:
        return None
    found = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": edition.title,
        "url": address,
        "inLanguage": edition.locale.language,
        "mainEntity": {
            "@type": layout.schema_org,
            "name": edition.title,
            **description(edition),
            "url": address,
            "merchantReturnLink": address,
        },
    }
    return Markup(json.dumps(found, ensure_ascii=False).translate(ESCAPED))  # noqa: S704 - ditto


def description(edition: Edition) -> dict[str, str]:
    """Return the policy in a sentence, where the layout has one."""
    summary = edition.layout.summary
    return {"description": plain(edition.sentence(summary).pieces)} if summary else {}
