"""The rules of a question as Python code: those that can apply are tried, and one decides.

A rule that overrides all that are left decides at once. Any other one waits in `rule` for those
that may apply as well, in which case several rules decide, and the interpreter has to look.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count

from .forks import FEW, Fork, Path, forked, rules_in
from .model import Measure, Named, Question, Rule
from .python_code import Writer, grouped, may_fail, several
from .walk import within

INDENT = "    "
LOOK = (INDENT + "return None",)

Waiting = dict[str, Rule]
NamedNodes = dict[tuple[str, str, bool], Measure | Named]
"""What is worked out once, by the writer's key for it."""


def indented(lines: Sequence[str]) -> list[str]:
    """Return lines one step further to the right."""
    return [INDENT + line for line in lines]


def ruled(question: Question, writer: Writer) -> list[str]:
    """Write the rules; where they are many, with forks between those that can apply."""
    number = {rule.name: n for n, rule in enumerate(question.rules)}
    fails = [rule for rule in question.rules if may_fail(rule.when)]
    whens = {rule.name: writer.worked_out(rule.when) for rule in fails}
    before = writer.written()
    trial, waiting = Trial(question, writer, number, whens), Waiting()
    trial.path(forked(question.rules), waiting, ())
    start = ["rule = None"] if waiting else []
    tried = writer.written()
    found = sorted(waiting.values(), key=lambda rule: number[rule.name])
    return [*before, *start, *tried, *trial.chosen(found)]


@dataclass(frozen=True, slots=True)
class Trial:
    """Writes how rules are tried; `whens` are the names of conditions worked out before all."""

    question: Question
    writer: Writer
    number: Mapping[str, int]
    whens: Mapping[str, str]
    named: dict[str, NamedNodes] = field(default_factory=dict)

    def path(self, steps: Path, waiting: Waiting, ahead: Sequence[Rule]) -> None:
        """Write rules and forks one after the other, and note which rules may wait then."""
        for at, step in enumerate(steps):
            left = chain(rules_in(steps[at + 1 :]), ahead)
            if isinstance(step, Fork):
                self.fork(step, waiting, [*left])
            else:
                self.rule(step, waiting, left)

    def rule(self, rule: Rule, waiting: Waiting, ahead: Iterable[Rule]) -> None:
        """Write that a rule is tried, after those that may wait and before those ahead."""
        self.writer.write(f"# {rule.name!r}")
        holds = self.whens.get(rule.name) or self.writer.truth(rule.when)
        beaten_by = [name for name, other in waiting.items() if rule.name in other.overrides]
        alone = len(beaten_by) == len(waiting)
        if beaten_by:
            numbers = ", ".join(str(self.number[name]) for name in beaten_by)
            guard = "rule is None" if alone else f"rule not in {{{numbers}}}"
            holds = guard if holds == "True" else f"{guard} and {grouped(holds)}"
        if alone and all(other.name in rule.overrides for other in ahead):
            self.writer.write(f"if {holds}:", *indented(self.result(rule)))
            return
        several_decide = [] if alone else ["if rule is not None:", *LOOK]
        then = [*several_decide, f"rule = {self.number[rule.name]}"]
        self.writer.write(f"if {holds}:", *indented(then))
        waiting[rule.name] = rule

    # ---------------------------------------------------------------- forks

    def fork(self, fork: Fork, waiting: Waiting, ahead: Sequence[Rule]) -> None:
        """Write both sides of a fork; what one side shares with others is worked out before."""
        self.share([[*rules_in(fork.below)], [*rules_in(fork.rest)], ahead])
        may_wait = dict(waiting)
        for line, steps in ((f"if {self.less(fork)}:", fork.below), ("else:", fork.rest)):
            inner, own = self.inside(), dict(may_wait)
            inner.path(steps, own, ahead)
            self.writer.write(line, *indented(inner.writer.lines))
            waiting |= own

    def inside(self) -> "Trial":
        """Return what writes a branch: nobody outside knows what is worked out there."""
        writer = replace(self.writer, lines=[], names=dict(self.writer.names))
        return replace(self, writer=writer)

    def less(self, fork: Fork) -> str:
        """Write the test of a fork."""
        fact = self.writer.facts[fork.fact]
        if fork.value is True:
            return f"not {fact}"
        return f"{fact} < {self.writer.constant(fork.value)}"

    def share(self, sides: Iterable[Sequence[Rule]]) -> None:
        """Work out what has a name and is used on more than one side."""
        used = [self.names_in(side) for side in sides]
        for key, node in {key: node for own in used for key, node in own.items()}.items():
            if sum(key in own for own in used) == 1:
                continue
            if isinstance(node, Named):
                self.writer.truth(node)
            else:
                self.writer.value(node, exact=key[2])

    def names_in(self, rules: Sequence[Rule]) -> NamedNodes:
        """Return what the conditions of rules work out under a name."""
        found: NamedNodes = {}
        for rule in rules:
            if rule.name not in self.named:
                self.named[rule.name] = self.names_of(rule)
            found |= self.named[rule.name]
        return found

    def names_of(self, rule: Rule) -> NamedNodes:
        """Return what the condition of a rule works out under a name, found by writing it."""
        nodes = {
            (type(node).__name__, node.name): node
            for node in within(rule.when)
            if isinstance(node, Measure | Named)
        }
        if not nodes or rule.name in self.whens:
            return {}
        draft = replace(self.writer, lines=[], names={}, numbers=count())
        draft.truth(rule.when)
        return {key: nodes[key[:2]] for key in draft.names}

    # ---------------------------------------------------------------- results

    def chosen(self, waiting: Sequence[Rule]) -> list[str]:
        """Return what the rule that waits gives; the waiting ones in the order of their numbers."""
        own = [rule for rule in waiting if rule.outputs]
        start = ["if rule is None:", *LOOK] if len(own) > FEW else []
        found = [*start, *self.halved(own)]
        if len(own) < len(waiting):
            found += ["if rule is not None:", INDENT + self.decision("rule", ())]
        return [*found, "return None"]

    def halved(self, rules: Sequence[Rule]) -> list[str]:
        """Return what rules with outputs give; of many, first in which half the one is."""
        if len(rules) <= FEW:
            return [line for rule in rules for line in self.if_chosen(rule)]
        middle = len(rules) // 2
        first, second = self.halved(rules[:middle]), self.halved(rules[middle:])
        test = f"if rule < {self.number[rules[middle].name]}:"
        return [test, *indented(first), "else:", *indented(second)]

    def if_chosen(self, rule: Rule) -> list[str]:
        """Return what a rule gives if it is the one that waits."""
        return [f"if rule == {self.number[rule.name]}:", *indented(self.result(rule))]

    def result(self, rule: Rule) -> list[str]:
        """Return what a rule gives; what only it needs is worked out there."""
        inner = self.inside().writer
        outputs = [
            f"{output.name!r}: {inner.output(value, output)}" for output, value in rule.outputs
        ]
        return [*inner.lines, self.decision(str(self.number[rule.name]), outputs)]

    def decision(self, rule: str, outputs: Sequence[str]) -> str:
        """Return what makes the decision of a rule."""
        facts = several(self.writer.facts.values()) if self.question.clock else "()"
        return f"return decision({rule}, {facts}, {{{', '.join(outputs)}}})"
