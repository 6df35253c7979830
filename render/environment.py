"""Templates for a target in a language: strict, sandboxed, and with our own filters alone.

    render/templates/policy.jinja          a page: it calls block macros and nothing else
    render/templates/html/blocks.jinja     the macros of a target: html, zendesk, markdown, text
    render/templates/html/page.jinja       what stands around a page

A folder of one's own comes first: a template of the same path in it takes the place of ours.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..engine.errors import Finding, PolicyError, SourceError, Where
from ..engine.folder import shown
from .filters import FILTERS
from .locale import Locale

TEMPLATES = Path(__file__).parent / "templates"
ESCAPED = ("html", "zendesk")
UNDEFINED = re.compile(r"'.+ object' has no (?:attribute|element) '?(.+?)'?|'(.+)' is undefined")
BUILT_IN = ("length", "join", "first", "last")


@cache
def environment(
    target: str, locale: Locale, overrides: Path | None = None
) -> ImmutableSandboxedEnvironment:
    """Return the templates of a target, speaking a language."""
    folders = [folder for folder in (overrides, TEMPLATES) if folder]
    made = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        undefined=StrictUndefined,
        autoescape=target in ESCAPED,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters = {name: made.filters[name] for name in BUILT_IN} | FILTERS
    made.globals = {
        "_": locale.say,
        "date": locale.date,
        "target": target,
        "language": locale.language,
    }
    return made


def rendered(made: ImmutableSandboxedEnvironment, template: str, context: Mapping[str, Any]) -> str:
    """Return a template filled with a context.

    Raises SourceError with the file and line of what is wrong in a template.
    """
    try:
        return made.get_template(template).render(context)
    except PolicyError:
        raise
    except TemplateSyntaxError as error:
        raise broken(error.filename or template, error.lineno, error.message or "") from error
    except TemplateNotFound as error:
        raise broken(template, 1, f"there is no template `{error.name}`") from error
    except Exception as error:  # a template can do whatever an expression can
        raise broken(*place(error, template), plainly(str(error))) from error


def plainly(message: str) -> str:
    """Return what is wrong with a name in a template without the names of our own code.

    >>> plainly("'refund_policy.render.pages.Page object' has no attribute 'heading'")
    'there is no `heading` here'
    """
    found = UNDEFINED.fullmatch(message)
    return f"there is no `{found[1] or found[2]}` here" if found else message


def place(error: BaseException, template: str) -> tuple[str, int]:
    """Return the file and line of a template in which an error came up: the innermost one."""
    found = template, 1
    trace = error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith((".jinja", ".xml")):
            found = file, trace.tb_lineno
        trace = trace.tb_next
    return found


def broken(file: str, line: int, message: str) -> SourceError:
    """Return the error about a template."""
    path = Path(file)
    where = Where(shown(path) if path.is_absolute() else file, line)
    return SourceError([Finding(code="bad-template", where=where, message=message)])
