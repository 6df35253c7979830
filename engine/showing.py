"""What the explanations of a question show of a case, as the source of one function.

It tells the kind of a case, which settles where the rules stand (see `standing`), and the words for
all values that its explanation may show.

INVARIANT: as in `to_python`, what comes from the policy stands in code as its `repr`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .model import (
    Choose,
    Compare,
    Expression,
    Fact,
    If,
    Literal,
    OneOf,
    PolicyVersion,
    Question,
    Term,
    Type,
)
from .python_code import Writer, number, several
from .python_rules import LOOK, indented
from .standing import Source, against
from .to_python import NO_VALUE
from .values import in_words
from .walk import within


class Code(str):
    """A name in code for words; other texts stand there as what they are."""

    __slots__ = ()
    __repr__ = str.__str__


@dataclass(frozen=True, slots=True)
class Showing:
    """What explanations of a question show, as code: `slots` names the words by their code."""

    version: PolicyVersion
    question: Question
    writer: Writer
    slots: dict[str, Code] = field(default_factory=dict)
    types: dict[Type, str] = field(default_factory=dict)

    def words(self, *sides: Expression) -> str:
        """Return what expressions come to in words, or the name of that."""
        if all(isinstance(side, Literal | Term) for side in sides):
            return ", ".join(self.fixed(side) for side in sides)
        code = " + ', ' + ".join(self.said(side) for side in sides)
        return self.slots.setdefault(code, Code(f"w{len(self.slots)}"))

    def fixed(self, figure: Expression) -> str:
        """Return a figure of the policy in words."""
        assert isinstance(figure, Literal | Term)
        return in_words(figure.value, figure.type, self.version.currency)

    def said(self, side: Expression) -> str:
        """Write what an expression comes to in words."""
        kind = side.type
        if isinstance(side, Literal | Term):
            return repr(self.fixed(side))
        if isinstance(side, Fact) and number(kind):  # it comes with all its digits
            unit = f" {self.version.currency}" if kind.kind == "money" else ""
            return f"f'{{{self.writer.facts[side.name]}:f}}' + {unit!r}"
        code = self.writer.value(side, exact=number(kind))
        if kind.kind == "choice":
            return code
        return f"{self.types.setdefault(kind, f'in_words{len(self.types)}')}({code})"

    def kind(self) -> Iterator[str]:
        """Write all on which it depends where rules stand."""
        for rule in self.question.rules:
            for node in within(rule.when):
                if isinstance(node, Compare | OneOf):
                    yield self.writer.truth(node)
            for node in within(*(value for _, value in rule.outputs)):
                if isinstance(node, If):
                    yield self.writer.truth(node.condition)
                if isinstance(node, Choose):
                    yield self.writer.value(node.by, exact=False)

    def name_all(self) -> None:
        """Name all words that an explanation may show."""
        for rule in self.question.rules:
            for node in within(rule.when):
                if isinstance(node, Compare | OneOf):
                    self.words(node.left)
                    self.words(*against(node))
            for node in within(*(value for _, value in rule.outputs)):
                if isinstance(node, Source):
                    self.words(node)

    def source(self) -> str:
        """Return the source of the function that tells what a case shows."""
        kind = several(dict.fromkeys(self.kind()))
        self.name_all()
        body = [
            f"{several(self.writer.facts.values())} = facts",
            *self.writer.written(),
            f"return {kind}, {several(self.slots)}",
        ]
        return "\n".join(
            [
                *(f"{name} = {code}" for code, name in self.writer.constants.items()),
                "def shown(facts):",
                *indented(["try:", *indented(body), f"except {NO_VALUE}:", *LOOK]),
            ]
        )


def showing(version: PolicyVersion, question: Question) -> Showing:
    """Return what explanations of a question show."""
    facts = {fact.name: f"f{n}" for n, fact in enumerate(question.facts)}
    return Showing(version, question, Writer(facts, calendar=version.calendar is not None))
