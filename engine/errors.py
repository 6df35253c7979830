"""Everything that can go wrong, in the words of the person who can mend it.

    PolicyError
    ├── SourceError       a policy, case or lock file that can't be used; carries its findings
    ├── CaseError         a case with wrong facts; carries one problem a fact
    ├── VersionError      no version, or an unknown one, for this case
    │   ├── MissingError  a git revision without the path that was named in it
    │   └── NoGitError    git isn't there to read a revision
    ├── TableError        a question without a table, or without the one that was asked for
    ├── LanguageError     a language without a file, or without a word or form that is needed
    ├── TargetError       a folder that can't take the pages
    ├── UnusualTextError  a table in text that a database doesn't read line by line as we do
    ├── GapError          no rule decides the case
    ├── ConflictError     rules that differ decide the case together
    └── CalculationError  an expression that has no value for this case, such as a division by zero

Messages are lower case and without a full stop; the author's own words stand in backticks.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from .frozen import Frozen

Severity = Literal["error", "warning"]


class Where(NamedTuple):
    """A place in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Finding(Frozen, kw_only=True, apart=("case",)):
    """One thing that is wrong (or doubtful) in a file, with what to do about it.

    `case` is a complete case that shows it, ready for JSON, as `refund decide` takes it.
    """

    code: str
    where: Where
    message: str
    hint: str = ""
    severity: Severity = "error"
    case: Mapping[str, object] | None = None

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.where}: {self.severity}[{self.code}] {self.message}{hint}"


class PolicyError(Exception):
    """The base of every error that this package raises on purpose."""


class SourceError(PolicyError):
    """A file that can't be used; `findings` says everything that is wrong with it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in findings))

    def __reduce__(self) -> tuple[type["SourceError"], tuple[tuple[Finding, ...]]]:
        return type(self), (self.findings,)


class Problem(Frozen):
    """One thing that is wrong with a case: the fact's name (or "" for the whole case) and why."""

    fact: str
    message: str


class CaseError(PolicyError):
    """A case with wrong facts; `problems` holds one `Problem` for each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in problems))

    def __reduce__(self) -> tuple[type["CaseError"], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class VersionError(PolicyError):
    """No version of the policy, or no question or policy of that name, for what was asked."""


class MissingError(VersionError):
    """A revision without the path that was named in it."""


class NoGitError(VersionError):
    """The command `git` isn't there."""


class TableError(PolicyError):
    """A question has no table, or not the one that was asked for."""


class LanguageError(PolicyError):
    """A language without a file, or whose file lacks a word or a form, or has one that is wrong."""


class TargetError(PolicyError):
    """A folder that can't take the pages: it can't be written, or holds something else."""


class UnusualTextError(PolicyError):
    """A file of text that a database doesn't read line by line as Python does."""


class GapError(PolicyError):
    """No rule decides the case."""


class ConflictError(PolicyError):
    """Rules with different results decide the case together, and none overrides the other."""


class CalculationError(PolicyError):
    """An expression has no value for this case."""


def one_line(text: str) -> str:
    r"""Return a message with invisible characters spelt out, line breaks among them.

    >>> one_line("no `a\nb`")
    'no `a<U+000A>b`'
    """
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)


def nearest(word: str, known: Sequence[str]) -> str:
    """Return "did you mean …?" for a misspelt `word`, or "" when nothing is near.

    >>> nearest("joined_om", ["joined_on", "left_on"])
    'did you mean `joined_on`?'
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

    match = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean `{match[0]}`?" if match else ""
