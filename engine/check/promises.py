"""Sentences of rules that name a figure which no rule of their question uses.

Notes are free to name anything: no rule decides them.
"""

from collections.abc import Iterator

from ..errors import Finding, Where
from ..model import PolicyVersion, Question, Term
from ..sentences import placeholders
from ..versions import Policy
from ..vocabulary import listed
from ..walk import within
from .alike import nodes


def promises(policy: Policy) -> Iterator[Finding]:
    """Find figures in customers' sentences on which nothing rests."""
    for version in policy.versions:
        for question in version.questions.values():
            sentences = {rule.says_where: rule.says for rule in question.rules}
            for where, says in sentences.items():
                if where and (names := unused(says, question, version)):
                    yield finding(names, question, where)


def unused(says: str, question: Question, version: PolicyVersion) -> list[str]:
    """Return the figures that a sentence names and no rule of its question reads."""
    used = {node.name for node in within(*nodes(question)) if isinstance(node, Term)}
    named = dict.fromkeys(placeholders(says))
    figures = [name for name in named if version.terms[name].type.kind != "text"]
    return [name for name in figures if name not in used]


def finding(names: list[str], question: Question, where: Where) -> Finding:
    """Return the warning about a sentence."""
    figures = listed([f"`{name}`" for name in names])
    them = "them" if names[1:] else "it"
    return Finding(
        code="empty-promise",
        where=where,
        message=f"this sentence names {figures}, and no rule of question `{question.name}` "
        f"uses {them}",
        hint="use it in a rule, or say it in a note",
        severity="warning",
    )
