"""A question as one plain Python function, for cases that have all facts.

The interpreter stays the meaning. The function decides what is simple to decide and answers None
for any other case: a wrong or unknown fact, a broken requirement, a gap, several deciding rules,
an expression without a value. The interpreter then says what it always said (see `ready`).

Money and decimals are compared as Decimal, as they come, and are Fractions where they are
calculated with; all else is as in `model`.

INVARIANT: all names in the source are made here (`f0` a fact, `m0` what has a name, `K0` a
constant), and what comes from the policy stands there as its `repr`: no policy brings in code.
INVARIANT: nothing that may have no value is ever passed over, since the interpreter doesn't.
"""

from decimal import Decimal

from .model import PolicyVersion, Question, Type
from .python_code import Writer, grouped
from .python_rules import INDENT, LOOK, indented, ruled
from .values import LARGEST

ABOUT = (
    "# Decides what is simple to decide; None leaves a case to the interpreter, which decides all.",
    "# `read` reads a fact in another form, `decision` takes the number of the rule that decides.",
)
NO_VALUE = "(KeyError, ValueError, ArithmeticError, PolicyError)"


def to_python(version: PolicyVersion, question: Question) -> str:
    """Return the source of a function that decides complete cases of a question."""
    facts = {fact.name: f"f{n}" for n, fact in enumerate(question.facts)}
    writer = Writer(facts, calendar=version.calendar is not None)
    body = [*taken(question, writer), *required(question, writer), *ruled(question, writer)]
    return "\n".join(
        [
            f"# {version.name!r} {version.version!r}: {question.name!r}",
            *ABOUT,
            *(f"{name} = {code}" for code, name in writer.constants.items()),
            "",
            "",
            "def decide(given):",
            *indented([f"if type(given) is not dict or len(given) != {len(facts)}:", *LOOK]),
            *indented(["try:", *indented(body), f"except {NO_VALUE}:", *LOOK]),
            "",
        ]
    )


# ---------------------------------------------------------------- the function


def taken(question: Question, writer: Writer) -> list[str]:
    """Write how facts are taken out of the case; one in another form than usual is read."""
    found = [f"{writer.facts[fact.name]} = given[{fact.name!r}]" for fact in question.facts]
    for fact in question.facts:
        name = writer.facts[fact.name]
        found.append(f"if {unusual(fact.type, name, writer)}:")
        found.append(f"{INDENT}{name} = read({fact.name!r}, {name})")
    return found


def unusual(kind: Type, name: str, writer: Writer) -> str:
    """Write the test that a fact isn't in the form in which it is worked with."""
    match kind.kind:
        case "yes_no":
            return f"type({name}) is not bool"
        case "choice":
            options = ", ".join(map(repr, kind.options))
            return f"type({name}) is not str or {name} not in {{{options}}}"
        case "date":
            return f"type({name}) is not date"
        case "whole_number":
            limit = f"10**{LARGEST}"
            return f"type({name}) is not int or not -{limit} < {name} < {limit}"
        case _:
            step = writer.constant(Decimal(1).scaleb(-kind.scale))
            low, high = (writer.constant(Decimal(n)) for n in (0, 10**LARGEST))
            form = f"type({name}) is not Decimal or not {name}.same_quantum({step})"
            return f"{form} or not {low} < {name} < {high}"


def required(question: Question, writer: Writer) -> list[str]:
    """Write that the case breaks no requirement."""
    for requirement in question.always:
        holds = writer.truth(requirement.condition)
        writer.write(f"if not {grouped(holds)}:", *LOOK)
    return writer.written()
