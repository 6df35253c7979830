"""Sentences are short, and none of their words is a lawyer's."""

import shutil
from pathlib import Path
from statistics import fmean

import pytest

from refund_policy.engine.errors import Finding
from refund_policy.engine.folder import load
from refund_policy.render.check.readability import AVERAGE, LONGEST, hard_to_read, lengths
from refund_policy.render.site import site

TESTS = Path(__file__).parent
CALL_LOOP = site(load(str(TESTS.parent / "policies")))


def found(folder: Path, old: str, new: str) -> list[Finding]:
    """Return what is found when a sentence of a small policy reads otherwise."""
    shutil.copytree(TESTS / "gym", folder / "gym")
    file = folder / "gym/1.0.0/policy.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return list(hard_to_read(site(load(str(folder))).current("en")))


@pytest.mark.parametrize("language", CALL_LOOP.languages)
def test_the_refund_policy_is_plain(language: str) -> None:
    edition = CALL_LOOP.current(language)
    counts = lengths(edition)
    assert list(hard_to_read(edition)) == []
    assert fmean(counts) < AVERAGE
    assert max(counts) <= LONGEST


def test_a_small_policy_is_plain() -> None:
    assert list(hard_to_read(site(load(str(TESTS / "gym"))).current("en"))) == []


def test_a_long_sentence_is_found_with_its_length(tmp_path: Path) -> None:
    words = " ".join(["really"] * 20)
    (long,) = found(tmp_path, "You can pause while", f"You can {words} pause while")
    assert long.code == "long-sentence"
    assert long.severity == "warning"
    assert long.message.startswith(
        "`pause`: rule `injury`: a sentence of 27 words: `You can really"
    )
    assert str(long.where).endswith("policy.yaml:61:51")


def test_a_figure_counts_as_the_words_that_it_shows(tmp_path: Path) -> None:
    words = " ".join(["really"] * 19)
    (long,) = found(tmp_path, "After {trial_period} we", f"After {{trial_period}} we {words}")
    assert "a sentence of 27 words: `After 14 days we" in long.message


def test_several_sentences_are_counted_one_by_one(tmp_path: Path) -> None:
    words = " ".join(["really"] * 10)
    assert found(tmp_path, "Without an injury", f"{words}. {words}! Without an injury") == []


@pytest.mark.parametrize("word", ["shall", "Herein", "pro rata", "prior to"])
def test_a_lawyer_s_word_is_found(word: str, tmp_path: Path) -> None:
    (stiff,) = found(tmp_path, "You can pause while", f"You can {word} pause while")
    assert stiff.code == "stiff-word"
    assert stiff.message == f"`pause`: rule `injury`: `{word}` is a lawyer's word"


def test_a_part_of_a_word_is_no_lawyer_s_word(tmp_path: Path) -> None:
    assert found(tmp_path, "You can pause while", "You shallow pause while") == []


def test_sentences_that_are_long_on_average_are_found(tmp_path: Path) -> None:
    words = " ".join(["really"] * 11)
    text = (TESTS / "gym/1.0.0/policy.yaml").read_text("utf-8")
    assert text.count(" you are injured.") == 1
    several = f"You can pause while {words} you are injured. " * 30
    (average,) = found(tmp_path, "You can pause while you are injured.", several)
    assert average.code == "long-sentences"
    assert average.message.startswith("sentences in `en` have 15.9 words")
