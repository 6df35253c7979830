"""Another language: the same policy in other words, and what is wrong when they don't fit."""

import json
import re
import shutil
from pathlib import Path
from textwrap import indent

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from refund_policy.engine.cli import main
from refund_policy.engine.decide import decide
from refund_policy.engine.errors import SourceError
from refund_policy.engine.folder import load
from refund_policy.engine.model import PolicyVersion
from refund_policy.engine.source import plain, read
from refund_policy.engine.spoken import SENTENCES
from refund_policy.render.layout import Layout
from refund_policy.render.pairs import file_of, languages
from refund_policy.render.read_layout import layout, pages_node
from refund_policy.render.site import site
from refund_policy.render.texts import KINDS, texts
from refund_policy.render.translating import Renewed, laid_out, lines_of, tree
from refund_policy.render.translation import translated

TESTS = Path(__file__).parent
SCHEMA = json.loads((TESTS.parent / "schema/translation.schema.json").read_text("utf-8"))
LISTS = {"always", "glance", "examples"}


@pytest.fixture
def gym(tmp_path: Path) -> Path:
    """Return the file of a translation in which each text stands in quotation marks."""
    shutil.copytree(TESTS / "gym", tmp_path / "gym")
    version = newest(tmp_path)
    found = tree(
        (text, Renewed({"en": text.source, "de": f"„{text.source}“"}, {}))
        for text in texts(version, pages_node(version))
    )
    file = tmp_path / "gym/1.0.0/translation.de.yaml"
    file.write_text("\n".join(["language: de", *lines_of(found, 0)]) + "\n", "utf-8")
    return file


def newest(folder: Path) -> PolicyVersion:
    return load(str(folder)).versions[-1]


def german(file: Path) -> tuple[PolicyVersion, Layout]:
    version = newest(file.parent)
    root = pages_node(version)
    return translated(version, root, layout(version, root), "de")


def findings(file: Path) -> list[str]:
    """Return what is wrong with a translation, without the folder it is in."""
    with pytest.raises(SourceError) as error:
        german(file)
    return [str(found).replace(f"{file.parent}/", "") for found in error.value.findings]


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1, (text.count(old), old)
    file.write_text(text.replace(old, new), "utf-8")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in arguments])


# ---------------------------------------------------------------- the same in other words


def test_every_text_of_policy_and_pages_is_in_the_other_language(gym: Path) -> None:
    version, pages = german(gym)
    assert version.title == pages.title == "„Membership fees“"
    assert version.facts["joined_on"].label == "„the day you joined“"
    assert version.questions["refund"].rules[0].says.startswith("„After {trial_period}")
    assert version.questions["pause"].outcomes[0].label == "„you can pause“"
    assert {requirement.otherwise for requirement in version.questions["refund"].always} == {
        "„Nobody leaves before joining.“",
        "„A fee is never less than handling it.“",
    }
    assert [section.heading for section in pages.sections] == [
        "„Leaving within {trial_period}“",
        "„Pausing“",
    ]
    assert pages.notices[0].says == "„We answer later than usual.“"
    assert pages.language == "de"


def test_a_translation_decides_as_its_source_and_has_its_digest(gym: Path) -> None:
    source, (other, _) = newest(gym.parent), german(gym)
    case = {"joined_on": "2026-03-01", "left_on": "2026-03-04", "fee_paid": "20"}
    ours, theirs = (decide(it, it.questions["refund"], case) for it in (source, other))
    assert (ours.rule, ours.outputs) == (theirs.rule, theirs.outputs)
    assert ours.digest == theirs.digest
    assert theirs.reasons[0].startswith("„You can leave")


def test_the_site_has_each_page_in_each_language(gym: Path) -> None:
    made = site(load(str(gym.parent)))
    assert made.languages == ("en", "de")
    assert made.current("de").locale.name == "Deutsch"


def test_a_folder_s_translations_are_its_languages(gym: Path) -> None:
    shutil.copy(gym, gym.with_name("translation.fr.yaml"))
    assert languages(newest(gym.parent)) == ("de", "fr")


# ---------------------------------------------------------------- what doesn't fit


def test_a_text_that_changed_since_makes_its_translation_stale(gym: Path) -> None:
    replace(gym.with_name("policy.yaml"), "Nobody leaves before joining", "You can't leave first")
    assert findings(gym) == [
        (
            "translation.de.yaml:18:18: error[stale-translation] what is said of an invalid case "
            "has changed since it was translated: it was `Nobody leaves before joining.`, it is "
            "`You can't leave first.` (translate it anew; `refund translation de` lays it out)"
        )
    ]


def test_a_new_text_has_no_translation(gym: Path) -> None:
    replace(
        gym.with_name("pages.yaml"), "topics:", "topics:\n  news: {title: News, says: [ask_us]}"
    )
    assert findings(gym) == [
        (
            "translation.de.yaml:72:5: error[missing-translation] title of topic `news` isn't "
            "translated: `News` (write `title:` with source and translation under "
            "`pages: topics: news:`; `refund translation de` lays them out)"
        )
    ]


def test_an_empty_translation_is_none(gym: Path) -> None:
    replace(gym, "de: „whether you are injured“", 'de: " "')
    (found,) = findings(gym)
    assert "error[missing-translation] label of fact `injured` isn't translated" in found


def test_a_translation_of_nothing_is_idle(gym: Path) -> None:
    text = gym.with_name("pages.yaml").read_text("utf-8")
    gym.with_name("pages.yaml").write_text(text.partition("glossary:")[0], "utf-8")
    assert [found.partition(" (")[0] for found in findings(gym)] == [
        (
            "translation.de.yaml:76:14: error[idle-translation] the policy has no text "
            "`pages: glossary: trial_period: label` any more"
        ),
        (
            "translation.de.yaml:78:9: error[idle-translation] the policy has no text "
            "`pages: glossary: trial_period: says` any more"
        ),
    ]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (
            "„After two weeks",
            (
                "lost-placeholder] `refund`: rule `no_refund`: only the source has "
                "`{trial_period}` (both must show the same figures)"
            ),
        ),
        (
            "„{desk}, after {trial_period}",
            (
                "lost-placeholder] `refund`: rule `no_refund`: only the translation has `{desk}` "
                "(both must show the same figures)"
            ),
        ),
        (
            "„After {trial_period:datif}",
            "unknown-form] `datif` is no form of a figure in `de`: did you mean `dative`?",
        ),
        (
            "„After 14 {trial_period}",
            (
                "digit-in-sentence] `14` stands in a sentence as digits "
                "(make it a term and write its name in braces)"
            ),
        ),
    ],
)
def test_a_translation_shows_the_figures_of_its_source(gym: Path, new: str, said: str) -> None:
    replace(gym, "„After {trial_period}", new)
    assert findings(gym) == [f"translation.de.yaml:35:17: error[{said}"]


def test_a_form_that_the_policy_s_own_language_lacks_is_found_at_its_place(gym: Path) -> None:
    replace(gym.with_name("policy.yaml"), "within {trial_period},", "within {trial_period:dative},")
    with pytest.raises(SourceError, match=r"policy\.yaml:51:15: .*unknown-form"):
        site(load(str(gym.parent)))


def test_all_that_is_wrong_comes_at_once(gym: Path) -> None:
    replace(gym, "de: „the day you joined“", 'de: ""')
    replace(gym, "en: the day you left", "en: the day of leaving")
    replace(gym, "„After {trial_period}", "„After {trial_period} or 3")
    codes = [found.split("[")[1].split("]")[0] for found in findings(gym)]
    assert codes == ["missing-translation", "stale-translation", "digit-in-sentence"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("language: de", "language: fr", "bad-value] the file's name says `de` (write `de`)"),
        ("de: „the day you joined“", "fr: le jour", "missing-key] this text needs `de`"),
        ("joined_on:", "joined:", "idle-translation] the policy has no text"),
        ("label: {en: the day you", "lable: {en: the day you", "unknown-key] unknown key `lable`"),
        ("{en: Membership fees, de: „Membership fees“}", "Gebühren", "wrong-type] a mapping"),
    ],
)
def test_a_file_of_another_shape_is_refused(gym: Path, old: str, new: str, said: str) -> None:
    gym.write_text(gym.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert any(said in found for found in findings(gym)), findings(gym)


def test_a_translation_to_the_policy_s_own_language_is_refused(gym: Path) -> None:
    pages = gym.with_name("pages.yaml")
    pages.write_text("language: de\n" + pages.read_text("utf-8"), "utf-8")
    assert "the policy itself is in `de`: there is nothing to translate" in findings(gym)[0]


def test_a_language_that_pages_don_t_know_is_refused(gym: Path) -> None:
    text = gym.read_text("utf-8").replace("language: de", "language: fr").replace("de:", "fr:")
    gym.rename(gym.with_name("translation.fr.yaml")).write_text(text, "utf-8")
    with pytest.raises(SourceError, match=r"translation\.fr\.yaml:1:11: .* no language `fr`"):
        site(load(str(gym.parent)))


# ---------------------------------------------------------------- the file laid out anew


def anew(file: Path) -> tuple[str, int]:
    version = newest(file.parent)
    return laid_out(version, pages_node(version), "en", "de")


def test_a_new_translation_has_every_text_and_no_translation(gym: Path) -> None:
    every = gym.read_text("utf-8").count("en:")
    gym.unlink()
    text, left = anew(gym)
    assert text.count('de: ""') == left == every
    gym.write_text(text, "utf-8")
    assert all("missing-translation" in found for found in findings(gym))


def test_what_is_translated_stays_as_it_is(gym: Path) -> None:
    gym.write_text("# Ours.\n" + gym.read_text("utf-8"), "utf-8")
    assert anew(gym) == (gym.read_text("utf-8"), 0)


def test_a_changed_text_is_left_to_be_translated_beside_what_it_was(gym: Path) -> None:
    replace(gym.with_name("policy.yaml"), "Are you injured?", "Did you get injured?")
    expected = """\
      ask:
        en: Did you get injured?
        de: ""
        was:
          en: Are you injured?
          de: „Are you injured?“
"""
    for _ in range(2):  # laid out twice, nothing is lost
        text, left = anew(gym)
        assert expected in text
        assert left == 1
        gym.write_text(text, "utf-8")
    replace(
        gym,
        'en: Did you get injured?\n        de: ""',
        "en: Did you get injured?\n        de: Verletzt?",
    )
    text, left = anew(gym)
    assert "      ask: {en: Did you get injured?, de: Verletzt?}\n" in text
    assert left == 0


def test_a_text_that_only_moved_keeps_its_translation(gym: Path) -> None:
    replace(gym.with_name("policy.yaml"), "  injury: {when", "  hurt: {when")
    pages = gym.with_name("pages.yaml")
    pages.write_text(pages.read_text("utf-8").replace("injury", "hurt"), "utf-8")
    text, left = anew(gym)
    assert left == 0
    assert "        hurt:\n          says:\n            en: You can pause while you are in" in text


def test_the_command_prints_the_file_or_puts_it_in_its_place(gym: Path) -> None:
    gym.write_text(gym.read_text("utf-8").replace("de: „Pausing“", 'de: ""'), "utf-8")
    printed = run("translation", "--policies", gym.parent)
    assert printed.stderr == "translation.de.yaml: 2 to translate\n"
    assert printed.stdout == gym.read_text("utf-8")
    gym.unlink()
    assert run("translation", "de", "--write", "--policies", gym.parent).exit_code == 0
    assert gym.read_text("utf-8").startswith("# yaml-language-server: $schema=../../../schema/tr")
    assert file_of(newest(gym.parent), "de") == gym


def test_the_command_wants_to_know_which_language(gym: Path) -> None:
    gym.unlink()
    found = run("translation", "--policies", gym.parent)
    assert found.exit_code == 2
    assert "name a language: there are 0 translations" in found.stderr
    assert (
        "there is no language `dd`: languages: `de`, `en`"
        in run("translation", "dd", "--policies", gym.parent).stderr
    )


@given(
    said=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), min_size=1)
)
def test_any_text_is_laid_out_so_that_it_is_read_as_itself(said: str) -> None:
    text = next(found for found in texts(GYM, None))
    lines = lines_of(tree([(text, Renewed({"en": said, "de": f"{said} {said}"}, {"en": said}))]), 0)
    node, wrong = read("\n".join(lines), "")
    assert wrong == ()
    assert node
    assert plain(node) == {
        "policy": {"title": {"en": said, "de": f"{said} {said}", "was": {"en": said}}}
    }


GYM = newest(TESTS / "gym")


# ---------------------------------------------------------------- the schema


def of_kind(key: tuple[str, ...]) -> object:
    """Return a translation with one text of a kind."""
    found: object = {"en": "a", "de": "b"}
    for above, name in zip((("", *key)[:-1][::-1]), key[::-1], strict=True):
        found = [found] if above in LISTS and name == "*" else {name.replace("*", "x"): found}
    return {"language": "de", "policy": {}, **found} if isinstance(found, dict) else found


@pytest.mark.parametrize("key", KINDS, ids=" ".join)
def test_the_schema_knows_every_text(key: tuple[str, ...]) -> None:
    assert list(Draft202012Validator(SCHEMA).iter_errors(of_kind(key))) == []


def test_how_a_policy_is_read_is_no_text_for_customers() -> None:
    assert {("policy", *key) for key in SENTENCES} - KINDS.keys() == {
        ("policy", "notes", "*", "interpretation")
    }
    wrong = of_kind(("policy", "notes", "*", "interpretation"))
    assert list(Draft202012Validator(SCHEMA).iter_errors(wrong))


# ---------------------------------------------------------------- the page for translators


def test_the_page_for_translators_shows_what_happens() -> None:
    page = (TESTS.parent / "docs/translating.md").read_text("utf-8")
    said = (TESTS / "bad_pages/stale-translation.txt").read_text("utf-8")
    assert said.removeprefix("stale-translation/") in page
    version = newest(TESTS / "bad_pages/stale-translation")
    laid, left = laid_out(version, pages_node(version), "en", "de")
    (block,) = re.findall(r"^```yaml\n(ask:.*?)```", page, re.MULTILINE | re.DOTALL)
    assert indent(block, " " * 6) in laid
    assert left == 1


def test_a_new_version_starts_with_the_translations_of_the_newest(gym: Path) -> None:
    assert run("new-version", "1.1.0", "--policies", gym.parent.parent.parent).exit_code == 0
    draft = newest(gym.parent.parent)
    assert draft.version == "1.1.0"
    assert languages(draft) == ("de",)
