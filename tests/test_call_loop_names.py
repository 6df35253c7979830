"""The refund policy keeps the names that services build on, and speaks to customers."""

from call_loop import FACTS, OUTCOMES, PICKED_BY, RULES, VERSION


def test_facts_have_the_names_types_and_options_that_services_know() -> None:
    found = {
        name: {fact.name: (fact.type.kind, fact.type.options) for fact in question.facts}
        for name, question in VERSION.questions.items()
    }
    assert found == FACTS


def test_outcomes_have_the_names_and_outputs_that_services_know() -> None:
    found = {
        name: {
            outcome.name: {output.name: output.type.kind for output in outcome.outputs}
            for outcome in question.outcomes
        }
        for name, question in VERSION.questions.items()
    }
    assert found == OUTCOMES


def test_rules_have_the_names_outcomes_and_overrides_of_the_policy() -> None:
    found = {
        name: {rule.name: (rule.outcome.name, set(rule.overrides)) for rule in question.rules}
        for name, question in VERSION.questions.items()
    }
    assert found == RULES


def test_questions_pick_the_version_and_run_by_the_dates_of_the_policy() -> None:
    found = {
        name: (
            question.version_by and question.version_by.name,
            question.clock and question.clock.name,
        )
        for name, question in VERSION.questions.items()
    }
    assert found == PICKED_BY


def test_the_first_question_is_about_refunds() -> None:
    assert list(VERSION.questions) == ["refund", "cancellation", "credits"]


# ---------------------------------------------------------------- words for customers


def sentences() -> list[str]:
    """Return each sentence of the rules and notes, terms in place of their names."""
    said = [rule.says for question in VERSION.questions.values() for rule in question.rules]
    said += [note.says or note.interpretation for note in VERSION.notes]
    texts = [" ".join(text.split()) for text in said]
    for name, term in VERSION.terms.items():
        texts = [text.replace(f"{{{name}}}", term.text.replace(".", "")) for text in texts]
    return [
        part.strip(" .?") for text in texts for part in text.replace("?", ".").split(".") if part
    ]


def test_every_rule_speaks_to_the_customer() -> None:
    silent = [
        rule.name
        for question in VERSION.questions.values()
        for rule in question.rules
        if not rule.says
    ]
    assert silent == []


def test_a_sentence_has_at_most_twenty_five_words() -> None:
    assert [sentence for sentence in sentences() if len(sentence.split()) > 25] == []
