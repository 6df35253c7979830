"""The policy as data beside its pages: for tools that read them, and for whoever keeps a record.

data/policy.json                the version in force, as its file says it
data/versions.json              every version: when it starts, its digest, its pages
data/gym.case.schema.json       the JSON Schema of the cases of a question, here `gym`
data/trace.json                 which sentence stands for which rules, and where: see `trace`
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from ..engine.model import PolicyVersion
from ..engine.to_json_schema import to_json_schema
from .pages import frozen_name
from .site import Site

DATA = "data"
TRACE = f"{DATA}/trace.json"
Make = Callable[[], bytes]


def data_files(site: Site) -> Iterator[tuple[str, Make]]:
    """Yield what makes each file of data but the trace, with its path among the public files."""
    version = site.timeline.current
    yield f"{DATA}/policy.json", partial(policy_json, version)
    yield f"{DATA}/versions.json", partial(versions_json, site)
    for name in version.questions:
        yield f"{DATA}/{name}.case.schema.json", partial(schema_json, version, name)


def policy_json(version: PolicyVersion) -> bytes:
    """Return a version as its file says it."""
    return as_bytes({"policy": version.name, **about(version), "content": version.content})


def schema_json(version: PolicyVersion, question: str) -> bytes:
    """Return the JSON Schema of a question's cases."""
    return as_bytes(to_json_schema(version, version.questions[question]))


def versions_json(site: Site) -> bytes:
    """Return every version that customers read, the newest first."""
    found = [
        {
            **about(version),
            "standing": site.timeline.standing(version),
            "starts": [*starts(version)],
            "pages": pages_of(version, site),
        }
        for version in site.timeline.public
    ]
    return as_bytes({"policy": site.policy.name, "versions": found})


def about(version: PolicyVersion) -> dict[str, object]:
    """Return what tells a version from every other one."""
    return {"version": version.version, "digest": version.digest}


def starts(version: PolicyVersion) -> Iterator[dict[str, object]]:
    """Yield the days on which a version starts, each with the cases for which it does.

    A day of None is the beginning; cases are as the file says them, None for all.
    """
    written = version.content["in_force"]
    each = written if isinstance(written, list) else [written]
    for start, said in zip(version.in_force or (), each, strict=False):
        yield {"from": str(start.day) if start.day else None, "when": said.get("when")}


def pages_of(version: PolicyVersion, site: Site) -> dict[str, str]:
    """Return the page of a version in each language that it has, by the language."""
    return {
        language: f"{site.folder(language)}{frozen_name(version)}.html"
        for language in site.languages
        if site.edition(version, language)
    }


def as_bytes(data: Mapping[str, object]) -> bytes:
    """Return data as the bytes of a JSON file."""
    return (json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()
