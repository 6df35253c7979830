"""`pages.yaml` beside a policy → its layout, with every name in it that nothing has."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC

from ..engine.days import parse_day
from ..engine.declarations import entries, texts, words
from ..engine.errors import Finding, LanguageError, SourceError, Where, nearest
from ..engine.folder import shown
from ..engine.model import Fact, PolicyVersion
from ..engine.sentences import placeholders
from ..engine.source import ListNode, MapNode, Node, Scalar, entry, read
from ..engine.suite import examples
from ..engine.validate import violations
from ..engine.values import listed
from .default_layout import default_layout
from .layout import Brand, Entry, Glance, Layout, Notice, Section, Shown, String, Topic
from .locale import locale
from .said import Said, said

PAGES_FILE = "pages.yaml"
SCHEMA = "pages.schema.json"
HOLDS_UNTIL = "holds_until"
"""What a string can name beside outputs and terms: the last day on which a decision holds."""


def pages_node(version: PolicyVersion) -> MapNode | None:
    """Return `pages.yaml` beside a version; None without one.

    Raises SourceError with every way in which it isn't what its schema says.
    """
    file = version.path.with_name(PAGES_FILE)
    if not file.is_file():
        return None
    root, found = read(file.read_bytes(), shown(file))
    findings = [*found, *(violations(root, SCHEMA) if root else ())]
    if findings or not isinstance(root, MapNode):
        raise SourceError(findings)
    return root


def layout(version: PolicyVersion, root: MapNode | None) -> Layout:
    """Return the layout that `pages.yaml` gives a version, or the default one without a file.

    Raises SourceError with every name in it that nothing has.
    """
    if root is None:
        return default_layout(version)
    reader = Reader(version, said(version))
    found = reader.layout(root)
    if reader.findings:
        raise SourceError(sorted(reader.findings, key=lambda finding: finding.where))
    return found


@dataclass
class Reader:
    """Reads a layout and notes names that nothing has; `anchors` are those of the policy page."""

    version: PolicyVersion
    known: Mapping[str, Said]
    anchors: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def layout(self, root: MapNode) -> Layout:
        """Return the whole layout."""
        policy = entry(root, "policy")
        how_to_ask = entry(root, "how_to_ask")
        brand = {
            key.text: words(entry(root, "brand"), key.text) for key, _ in entries(root, "brand")
        }
        sections = tuple(self.section(key, node) for key, node in entries(policy, "sections"))
        return Layout(
            language=self.language(root),
            url=words(root, "url"),
            schema_org=words(root, "schema_org"),
            brand=Brand(**brand),
            notices=tuple(self.notice(key, node) for key, node in entries(root, "notices")),
            title=words(policy, "title", self.version.title),
            summary=self.one(entry(policy, "summary")),
            opening=self.names(policy, "opening"),
            takeaways=self.names(policy, "takeaways"),
            glance=tuple(self.glance(node) for node in items(policy, "glance")),
            sections=sections or default_layout(self.version).sections,
            examples=tuple(self.shown(node) for node in items(policy, "examples")),
            closing=self.names(policy, "closing"),
            how_to_ask=self.topic(Scalar("", root.where, "how-to-ask"), how_to_ask)
            if how_to_ask
            else None,
            topics=tuple(self.topic(key, node) for key, node in entries(root, "topics")),
            glossary=tuple(self.entry(key, node) for key, node in entries(root, "glossary")),
            strings=tuple(self.string(key, node) for key, node in entries(root, "strings")),
            where=root.where,
        )

    # ------------------------------------------------------------ parts

    def language(self, root: MapNode) -> str:
        """Read the language of the words in the file, which pages have to know."""
        tag = words(root, "language", "en")
        try:
            locale(tag)
        except LanguageError as error:
            self.note("bad-value", (entry(root, "language") or root).where, str(error))
        return tag

    def section(self, key: Scalar, node: Node) -> Section:
        """Read a section."""
        self.anchor(key.text, key.where)
        says = {item: name for item in texts(node, "says") if (name := self.one(item))}
        for item, name in says.items():
            self.anchor(name, item.where)
        return Section(key.text, self.text(node, "heading"), tuple(says.values()))

    def anchor(self, name: str, where: Where) -> None:
        """Note a section or a clause that has the address of another one."""
        if name in self.anchors:
            message = f"another section or clause of the policy page is `{name}`"
            hint = "say a sentence in one section, and name no section like a note in it"
            self.note("name-taken", where, message, hint)
        self.anchors.add(name)

    def topic(self, key: Scalar, node: Node) -> Topic:
        """Read an article."""
        question = self.named(node, "question", self.version.questions)
        return Topic(key.text, self.text(node, "title"), self.names(node, "says"), question or None)

    def glance(self, node: Node) -> Glance:
        """Read a table."""
        heading, by, given = self.text(node, "heading"), None, {}
        name = self.named(node, "question", self.version.questions)
        if name:
            facts = {fact.name: fact for fact in self.version.questions[name].facts}
            dates = [fact.name for fact in facts.values() if fact.type.kind == "date"]
            given = dict(self.given(node, facts))
            by = self.named(node, "by", dates, "date") or None
        return Glance(heading, name, by, given, node.where)

    def given(
        self, node: Node, facts: Mapping[str, Fact]
    ) -> Iterator[tuple[str, frozenset[str | bool]]]:
        """Read the options of facts that all cases of a table share."""
        known = [name for name, fact in facts.items() if fact.type.kind in ("yes_no", "choice")]
        for key, value in entries(node, "given"):
            if self.check(key, known, "choice or yes_no fact"):
                yield key.text, self.options(facts[key.text], value)

    def options(self, fact: Fact, node: Node) -> frozenset[str | bool]:
        """Read the options that a fact is given."""
        found: set[str | bool] = set()
        for item in node.items if isinstance(node, ListNode) else (node,):
            if fact.type.kind == "yes_no" and isinstance(item, Scalar):
                if self.check(item, ("yes", "no", "true", "false"), "answer"):
                    found.add(item.text in ("yes", "true"))
            elif isinstance(item, Scalar) and self.check(item, fact.type.options, "option"):
                found.add(item.text)
        return frozenset(found)

    def shown(self, node: Node) -> Shown:
        """Read an example."""
        cases = [case.name for case in examples(self.version)]
        return Shown(self.named(node, "case", cases), self.text(node, "heading"))

    def notice(self, key: Scalar, node: Node) -> Notice:
        """Read a notice."""
        until = entry(node, "until")
        assert isinstance(until, Scalar), "INVARIANT: the schema wants a day"
        try:
            day = parse_day(until.text, UTC)
        except ValueError as error:
            self.note("bad-value", until.where, str(error))
            day = parse_day("9999-12-31", UTC)
        return Notice(key.text, self.text(node, "says"), day, until.where)

    def entry(self, key: Scalar, node: Node) -> Entry:
        """Read an entry of the glossary."""
        self.check(key, self.version.terms, "term")
        return Entry(key.text, self.label(node), self.text(node, "says"))

    def string(self, key: Scalar, node: Node) -> String:
        """Read a line for an app."""
        outcome = says = ""
        question = self.named(node, "question", self.version.questions)
        if question:
            outcomes = {item.name: item for item in self.version.questions[question].outcomes}
            outcome = self.named(node, "outcome", outcomes)
            if outcome:
                outputs = [item.name for item in outcomes[outcome].outputs]
                says = self.text(node, "says", (*outputs, HOLDS_UNTIL))
        return String(key.text, question, outcome, says, node.where)

    # ------------------------------------------------------------ names

    def one(self, node: Node | None) -> str:
        """Return the id of the sentence that a name means; "" where there is none."""
        if not isinstance(node, Scalar):
            return ""
        short: dict[str, list[str]] = {}
        for name in self.known:
            short.setdefault(name.rpartition(".")[2], []).append(name)
        meant = [node.text] if node.text in self.known else short.get(node.text, [])
        if len(meant) == 1:
            return meant[0]
        hint = (
            "name one of " + ", ".join(f"`{name}`" for name in meant)
            if meant
            else nearest(node.text, [*self.known, *short]) or "name a rule or note with `says`"
        )
        what = "several sentences are" if meant else "no sentence is"
        self.note("unknown-sentence", node.where, f"{what} called `{node.text}`", hint)
        return ""

    def names(self, node: Node | None, key: str) -> tuple[str, ...]:
        """Return the ids of the sentences in a list."""
        return tuple(filter(None, map(self.one, texts(node, key))))

    def named(self, node: Node, key: str, known: Collection[str], what: str = "") -> str:
        """Return the name under a key; "" and a finding where nothing has it."""
        found = entry(node, key)
        return (
            found.text
            if isinstance(found, Scalar) and self.check(found, known, what or key)
            else ""
        )

    def check(self, name: Scalar, known: Collection[str], what: str) -> bool:
        """Return whether a name is known, or note that it isn't."""
        if name.text in known:
            return True
        hint = nearest(name.text, [*known]) or f"known: {listed(tuple(known))}"
        self.note("unknown-name", name.where, f"there is no {what} `{name.text}`", hint)
        return False

    def text(self, node: Node, key: str, more: Collection[str] = ()) -> str:
        """Return words for customers, whose placeholders name terms."""
        found = entry(node, key)
        assert isinstance(found, Scalar), "INVARIANT: the schema wants words"
        known = [*self.version.terms, *more]
        for name in placeholders(found.text):
            if name not in known:
                hint = nearest(name, known) or f"known: {listed(tuple(known))}"
                message = f"`{{{name}}}` names no {'term or output' if more else 'term'}"
                self.note("unknown-placeholder", found.where, message, hint)
        return found.text

    def label(self, node: Node) -> str:
        """Return what a figure is called: the figure itself stands beside its label."""
        found = entry(node, "label")
        assert isinstance(found, Scalar), "INVARIANT: the schema wants words"
        for name in placeholders(found.text):
            message = f"`{{{name}}}` can't stand in a label"
            self.note(
                "bad-value", found.where, message, "leave it out: the figure stands beside it"
            )
        return found.text

    def note(self, code: str, where: Where, message: str, hint: str = "") -> None:
        """Note a finding."""
        self.findings.append(Finding(code=code, where=where, message=message, hint=hint))


def items(node: Node | None, key: str) -> tuple[Node, ...]:
    """Return the items of the list under a key."""
    found = entry(node, key)
    return found.items if isinstance(found, ListNode) else ()
