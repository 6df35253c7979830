"""The policy as data: what the files say, and that the trace leads both ways."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from call_loop import POLICY, VERSION
from jsonschema import Draft202012Validator
from judges import json_ld
from two_languages import two_languages
from two_versions import edit, two_versions

from refund_policy import Policy, load
from refund_policy.engine.to_json_schema import to_json_schema
from refund_policy.render.build import files
from refund_policy.render.site import site

ROOT = Path(__file__).parent.parent
CORPUS = sorted(path.name for path in (ROOT / "tests/policies").iterdir())
SHOP = """\
language: 1
policy: shop
version: 1.0.0
title: Shop
in_force: draft
facts: {adult: {type: yes_no}}
notes: {grown_up: {says: Adults may., about: [by_age]}}
questions:
"""
QUESTION = """\
  {0}:
    asks: {0}?
    outcomes: {{may: {{}}, may_not: {{}}}}
    tables:
      by_age:
        columns: [adult]
        rows:
          {0}_adult: {{when: [yes], outcome: may}}
          {0}_child: {{when: [no], outcome: may_not}}
"""


def policy_of(name: str) -> Policy:
    return POLICY if name == "refund" else load(ROOT / "tests/policies" / name)


@cache
def data(name: str, path: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(files(site(policy_of(name)))[f"public/data/{path}"]())


def errors(file: str, found: object) -> list[str]:
    schema = json.loads((ROOT / "schema" / file).read_text("utf-8"))
    return [error.message for error in Draft202012Validator(schema).iter_errors(found)]


# ---------------------------------------------------------------- the policy


def test_the_policy_is_there_as_its_file_says_it() -> None:
    found = data("refund", "policy.json")
    assert found["content"] == VERSION.content
    assert (found["policy"], found["version"], found["digest"]) == (
        "refund",
        "1.0.0",
        VERSION.digest,
    )


def test_each_question_has_the_schema_of_its_cases() -> None:
    for name, question in VERSION.questions.items():
        assert data("refund", f"{name}.case.schema.json") == to_json_schema(VERSION, question)


@pytest.mark.parametrize("name", ["refund", *CORPUS])
def test_versions_and_trace_are_what_their_schemas_say(name: str) -> None:
    assert errors("versions.schema.json", data(name, "versions.json")) == []
    assert errors("trace.schema.json", data(name, "trace.json")) == []


def test_versions_say_when_they_start_and_for_which_cases() -> None:
    newer, older = data("vimeo", "versions.json")["versions"]
    assert [newer["standing"], older["standing"]] == ["in force", "former"]
    assert newer["starts"] == [
        {"from": "2024-07-08", "when": "new_account"},
        {"from": "2024-08-15", "when": {"not": "new_account"}},
    ]
    assert older["pages"] == {"en": "versions/1.0.0.html"}
    assert data("refund", "versions.json")["versions"][0]["starts"] == [
        {"from": None, "when": None}
    ]


# ---------------------------------------------------------------- the trace


def test_a_sentence_is_traced_to_rules_figures_and_places() -> None:
    found = data("refund", "trace.json")["sentences"]["takeaway_report"]
    assert found["rules"] == ["refund.late_report", "refund.special_circumstances_review"]
    assert found["terms"] == ["report_window"]
    assert "{report_window}" in found["languages"]["en"]["source"]
    assert "7 days" in found["languages"]["en"]["text"]
    assert "index.html" in found["pages"]


def test_files_are_named_from_the_folder_of_the_policy() -> None:
    found = data("refund", "trace.json")
    file, _, line = found["terms"]["guarantee_period"]["where"].partition(":")
    assert file == "1.0.0/policy.yaml"
    text = (ROOT / "policies/refund" / file).read_text("utf-8").splitlines()
    assert "guarantee_period" in text[int(line) - 1]


@pytest.mark.parametrize("name", ["refund", "vimeo", "mozilla"])
def test_the_trace_leads_both_ways(name: str) -> None:
    found = data(name, "trace.json")
    sentences, rules, terms, pages = (
        found[part] for part in ("sentences", "rules", "terms", "pages")
    )
    assert pairs(sentences, "rules") == turned(pairs(rules, "sentences"))
    assert pairs(sentences, "terms") == turned(pairs(terms, "sentences"))
    for part, things in (("sentences", sentences), ("terms", terms)):
        places = {
            (thing, place.partition("#")[0])
            for thing, about in things.items()
            for place in about["pages"]
        }
        assert places == turned(pairs(pages, part))


def pairs(things: dict[str, Any], part: str) -> set[tuple[str, str]]:
    return {(name, other) for name, about in things.items() for other in about[part]}


def turned(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(other, one) for one, other in found}


def test_every_anchor_of_the_trace_is_on_its_page() -> None:
    made = files(site(POLICY))
    for about in data("refund", "trace.json")["sentences"].values():
        for place in about["pages"]:
            path, _, anchor = place.partition("#")
            assert not anchor or f'id="{anchor}"' in made[f"public/{path}"]().decode()


def test_a_note_about_a_table_is_about_its_rows(tmp_path: Path) -> None:
    folder = tmp_path / "vimeo/2.0.0"
    folder.mkdir(parents=True)
    text = (ROOT / "tests/policies/vimeo/2.0.0/policy.yaml").read_text("utf-8")
    (folder / "policy.yaml").write_text(text, "utf-8")
    edit(
        folder / "policy.yaml",
        ("notes:\n", "notes:\n  plans: {says: Only plans are refunded., about: [other_charges]}\n"),
    )
    found = json.loads(files(site(load(tmp_path)))["public/data/trace.json"]())
    assert found["sentences"]["plans"]["rules"] == [
        "refund.after_trial",
        "refund.renewal",
        "refund.migration",
        "refund.other_fee",
    ]


def test_a_note_is_about_the_tables_of_its_name_in_every_question(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(
        SHOP + QUESTION.format("drink") + QUESTION.format("drive"), "utf-8"
    )
    found = json.loads(files(site(load(tmp_path)))["public/data/trace.json"]())
    rules = found["sentences"]["grown_up"]["rules"]
    assert rules == [
        "drink.drink_adult",
        "drink.drink_child",
        "drive.drive_adult",
        "drive.drive_child",
    ]


def test_each_language_has_its_words_and_its_pages(tmp_path: Path) -> None:
    made = files(two_languages(load(two_versions(tmp_path))))
    found = json.loads(made["public/data/trace.json"]())
    assert errors("trace.schema.json", found) == []
    pause = found["sentences"]["pause.injury"]
    assert [*pause["languages"]] == ["en", "xx"]
    assert {"topics/pause.html", "xx/topics/pause.html"} <= {*pause["pages"]}
    assert found["pages"]["xx/index.html"]["language"] == "xx"


def test_a_sentence_of_another_version_is_not_traced(tmp_path: Path) -> None:
    found = json.loads(files(site(load(two_versions(tmp_path))))["public/data/trace.json"]())
    assert found["version"] == "1.1.0"
    assert found["pages"]["versions/1.0.0.html"]["sentences"] == []
    assert "refund.trial" in found["pages"]["changes.html"]["sentences"]


# ---------------------------------------------------------------- for search engines


def test_search_engines_get_what_is_true_and_no_more() -> None:
    made = files(site(POLICY))
    for path in ("public/index.html", "public/de/index.html"):
        assert json_ld(made[path]().decode()) == []


def test_only_the_policy_page_has_data_for_search_engines() -> None:
    made = files(site(POLICY))
    with_data = [path for path in made if b"application/ld+json" in made[path]()]
    assert with_data == ["public/index.html", "public/de/index.html"]


def test_a_policy_that_names_no_type_has_none(tmp_path: Path) -> None:
    made = files(site(load(two_versions(tmp_path))))
    assert b"application/ld+json" not in made["public/index.html"]()


def test_words_can_t_end_the_block_of_data(tmp_path: Path) -> None:
    gym = two_versions(tmp_path, ("You can leave within", "</script>& you can leave within"))
    edit(
        gym / "1.1.0/pages.yaml",
        ("brand:", "schema_org: MerchantReturnPolicy\nbrand:"),
    )
    page = files(site(load(gym)))["public/index.html"]().decode()
    assert json_ld(page) == []
    assert "\\u003c/script\\u003e\\u0026 you can leave within 21 days" in page
