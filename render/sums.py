"""How an amount came about in one case: the sum, with the case's own figures.

amount × unused ÷ bought   →   $100.00 × 200 ÷ 300
"""

from dataclasses import replace

from ..engine.evaluate import Case, truth, value
from ..engine.model import (
    Choose,
    Expression,
    Fact,
    Greatest,
    If,
    Least,
    Literal,
    Measure,
    PolicyVersion,
    Term,
)
from ..engine.speech import Speech
from ..engine.walk import Node, Rebuilding, facts_in
from ..engine.words import Words

SIGNS: dict[str, str] = {
    "{} plus {}": "{} + {}",
    "{} minus {}": "{} \N{MINUS SIGN} {}",
    "{} times {}": "{} × {}",
    "{} divided by {}": "{} ÷ {}",
}


def worked_out(expression: Expression, case: Case, version: PolicyVersion, speech: Speech) -> str:
    """Return how a value came about; "" where it is a figure itself, or rests on unknown facts."""
    found = filled_in(expression, case)
    if isinstance(found, Term | Literal) or facts_in(found):
        return ""
    signs = replace(speech, patterns={**speech.patterns, **SIGNS})
    return Words(version, labels=True, speech=signs).say(found)


def filled_in(expression: Expression, case: Case) -> Expression:
    """Return an expression with the case's figures, and of several ways the one that was taken."""

    def change(node: Node) -> Node | None:
        match node:
            case Fact(type=kind) | Measure(type=kind) if (known := value(node, case)) is not None:
                return Literal(known, kind, "")
            case If(condition, then, otherwise):
                return rebuilt.expression(then if truth(condition, case) else otherwise)
            case Choose(by, branches) if (option := value(by, case)) is not None:
                return rebuilt.expression(branches[option])
            case Least(items) | Greatest(items):
                same = (item for item in items if value(item, case) == value(node, case))
                return rebuilt.expression(next(same))
            case _:
                return None

    rebuilt = Rebuilding(change)
    return rebuilt.expression(expression)
