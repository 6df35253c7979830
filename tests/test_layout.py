"""What `pages.yaml` says, and what it can get wrong: each mistake at its place."""

from pathlib import Path

import pytest

from refund_policy.engine.errors import SourceError
from refund_policy.engine.folder import load
from refund_policy.render.layout import Layout
from refund_policy.render.read_layout import layout, pages_node

GYM = Path(__file__).parent / "gym"


def read(folder: Path) -> Layout:
    version = load(folder).versions[-1]
    return layout(version, pages_node(version))


def test_a_layout_names_sentences_by_rule_or_note() -> None:
    found = read(GYM)
    assert found.summary == "refund.trial"
    assert found.opening == ("ask_us",)
    assert [section.says for section in found.sections] == [
        ("refund.trial", "refund.no_refund"),
        ("pause.injury", "pause.no_pause"),
    ]


def test_without_a_file_each_question_is_a_section_with_its_best_outcome_first(
    tmp_path: Path,
) -> None:
    for name in ("policy.yaml", "cases.yaml"):
        (tmp_path / name).write_bytes((GYM / "1.0.0" / name).read_bytes())
    found = read(tmp_path)
    assert [(section.heading, section.says) for section in found.sections] == [
        ("Do I get my fee back?", ("refund.trial", "refund.no_refund")),
        ("Can I pause?", ("pause.injury", "pause.no_pause")),
    ]
    assert found.opening == ("ask_us",)
    assert [entry.label for entry in found.glossary] == ["trial period", "handling", "desk"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "language: fr",
            "1:11: error[bad-value] there is no language `fr`: languages: `de`, `en`",
        ),
        (
            "policy: {summary: trail}",
            "1:19: error[unknown-sentence] no sentence is called `trail` (did you mean `trial`?)",
        ),
        (
            "policy: {opening: [refund.injury]}",
            (
                "1:20: error[unknown-sentence] no sentence is called `refund.injury` "
                "(did you mean `refund.trial`?)"
            ),
        ),
        (
            "topics: {pause: {title: Pausing, says: [injury], question: paws}}",
            "1:60: error[unknown-name] there is no question `paws` (did you mean `pause`?)",
        ),
        (
            "policy: {glance: [{heading: X, question: refund, by: fee_paid}]}",
            "1:54: error[unknown-name] there is no date `fee_paid` (known: `joined_on`, `left_on`)",
        ),
        (
            "policy: {glance: [{heading: X, question: pause, given: {injured: maybe}}]}",
            (
                "1:66: error[unknown-name] there is no answer `maybe` "
                "(known: `yes`, `no`, `true`, `false`)"
            ),
        ),
        (
            "policy: {examples: [{case: The day, heading: X}]}",
            (
                "1:28: error[unknown-name] there is no case `The day` "
                "(did you mean `The day after`?)"
            ),
        ),
        (
            "policy: {sections: {one: {heading: 'In {trial_perod}', says: [trial]}}}",
            (
                "1:36: error[unknown-placeholder] `{trial_perod}` names no term "
                "(did you mean `trial_period`?)"
            ),
        ),
        (
            "notices: {late: {says: Late., until: 2026-02-30}}",
            "1:38: error[bad-value] `2026-02-30` is no day of the calendar",
        ),
        (
            "strings: {s: {question: refund, outcome: kept, says: 'You get {amount}.'}}",
            (
                "1:54: error[unknown-placeholder] `{amount}` names no term or output "
                "(known: `trial_period`, `handling`, `desk`, `holds_until`)"
            ),
        ),
        (
            "glossary: {trial_perio: {label: Trial, says: X}}",
            "1:12: error[unknown-name] there is no term `trial_perio` (did you mean `trial_period`",
        ),
        (
            "policy: {glance: [{heading: X, question: paus, by: left_on, given: {injured: no}}]}",
            "1:42: error[unknown-name] there is no question `paus` (did you mean `pause`?)",
        ),
        (
            "policy: {glance: [{heading: X, question: refund, given: {fee_paid: 9}}]}",
            "1:58: error[unknown-name] there is no choice or yes_no fact `fee_paid` (known: )",
        ),
        (
            "policy: {glance: [{heading: X, question: pause, given: {injured: []}}]}",
            "1:66: error[bad-value] this is empty",
        ),
        (
            "glossary: {trial_period: {label: 'Trial of {trial_period}', says: X}}",
            "1:34: error[bad-value] `{trial_period}` can't stand in a label (leave it out",
        ),
        ("language: fr", "1:11: error[bad-value] there is no language `fr`: languages:"),
        (
            "brand: {accent: purple}",
            "1:17: error[bad-value] `purple` doesn't fit here (`#` and six hexadecimal digits",
        ),
        ("polcy: {}", "1:1: error[unknown-key] unknown key `polcy` (did you mean `policy`?)"),
        ("url: http://gym.example/", "1:6: error[bad-value]"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, message: str, tmp_path: Path) -> None:
    for name in ("policy.yaml", "cases.yaml"):
        (tmp_path / name).write_bytes((GYM / "1.0.0" / name).read_bytes())
    (tmp_path / "pages.yaml").write_text(text)
    with pytest.raises(SourceError) as raised:
        read(tmp_path)
    assert f"pages.yaml:{message}" in str(raised.value)


def test_a_short_name_that_two_sentences_have_is_no_name(tmp_path: Path) -> None:
    policy = (GYM / "1.0.0/policy.yaml").read_text("utf-8").replace("no_pause:", "no_refund:")
    (tmp_path / "policy.yaml").write_text(policy)
    (tmp_path / "pages.yaml").write_text("policy: {takeaways: [no_refund]}")
    with pytest.raises(SourceError) as raised:
        read(tmp_path)
    assert "several sentences are called `no_refund` (name one of `refund.no_refund`, " in str(
        raised.value
    )


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_bytes((GYM / "1.0.0/policy.yaml").read_bytes())
    (tmp_path / "pages.yaml").write_text("policy:\n  summary: one\n  closing: [two, three]\n")
    with pytest.raises(SourceError) as raised:
        read(tmp_path)
    assert [finding.where.line for finding in raised.value.findings] == [2, 3, 3]
