"""A site in two languages, the second of which says all in the words of the first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from refund_policy.engine.versions import Policy
from refund_policy.render.edition import edition
from refund_policy.render.locale import Locale, locale
from refund_policy.render.site import Site, site


class Echo(dict[str, str]):
    """Words for every pattern: the pattern itself."""

    def __contains__(self, pattern: object) -> bool:
        return True

    def __missing__(self, pattern: str) -> str:
        return pattern


def two_languages(policy: Policy, *, but_not: str = "") -> Site:
    """Return the site of a policy in English and in `xx`; `but_not` is a version without it."""
    found = site(policy)
    content: Mapping[str, Any] = locale("en").content
    second = Locale("xx", {**content, "name": "Echo"}, Echo())
    more = {
        (number, "xx"): edition(known.version, known.layout, second)
        for (number, _), known in found.editions.items()
        if number != but_not
    }
    return replace(found, languages=("en", "xx"), editions={**found.editions, **more})
