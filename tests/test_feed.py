"""The feed of changes and the sitemap: whole addresses, and days that no clock has given."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from judges import atom, links
from two_languages import two_languages
from two_versions import edit, two_versions

from refund_policy import load
from refund_policy.engine.cli import main
from refund_policy.engine.model import PolicyVersion
from refund_policy.render.build import files
from refund_policy.render.feed import updated
from refund_policy.render.site import site
from refund_policy.render.write import write

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def gym(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_versions(tmp_path_factory.mktemp("two"))


@pytest.fixture(scope="module")
def feed(gym: Path) -> bytes:
    return files(site(load(gym)))["public/changes.xml"]()


def texts(xml: bytes, path: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(xml).iterfind(path)]  # noqa: S314 - our own


# ---------------------------------------------------------------- the feed


def test_the_feed_is_what_the_standard_says(feed: bytes, tmp_path: Path) -> None:
    (tmp_path / "changes.xml").write_bytes(feed)
    assert atom(tmp_path / "changes.xml") == []


def test_each_version_is_an_entry_dated_to_its_first_day(feed: bytes) -> None:
    assert texts(feed, f"{ATOM}entry/{ATOM}title") == [
        "Membership fees 1.1.0",
        "Membership fees 1.0.0",
    ]
    assert texts(feed, f"{ATOM}entry/{ATOM}updated") == [
        "2026-07-01T00:00:00+00:00",
        "2026-01-01T00:00:00+00:00",
    ]
    assert texts(feed, f"{ATOM}updated") == ["2026-07-01T00:00:00+00:00"]


def test_an_entry_is_called_by_the_address_of_its_version(feed: bytes) -> None:
    assert texts(feed, f"{ATOM}entry/{ATOM}id") == [
        "https://gym.example/fees/versions/1.1.0.html",
        "https://gym.example/fees/versions/1.0.0.html",
    ]


def test_an_entry_holds_what_changes_as_html_with_whole_addresses(feed: bytes) -> None:
    newer, older = texts(feed, f"{ATOM}entry/{ATOM}content")
    assert '<ins data-version="1.1.0"><span data-term="trial_period">21 days</span></ins>' in newer
    assert "This is the first version." in older
    assert 'href="versions' not in newer


def version(folder: Path, in_force: str) -> PolicyVersion:
    gym = two_versions(folder, ("in_force: {from: 2026-07-01}", f"in_force: {in_force}"))
    (gym / "1.0.0/policy.yaml").unlink()
    return load(gym).version("1.1.0")


def test_a_day_begins_in_the_time_zone_of_the_policy(tmp_path: Path) -> None:
    found = version(tmp_path, "{from: 2026-07-01}\ntime_zone: Europe/Berlin")
    assert updated(found).isoformat() == "2026-07-01T00:00:00+02:00"


def test_what_holds_from_the_beginning_is_older_than_all_that_has_a_day(tmp_path: Path) -> None:
    found = version(tmp_path, "{from: beginning}")
    assert updated(found).isoformat() == "1970-01-01T00:00:00+00:00"


# ---------------------------------------------------------------- the sitemap


def test_the_sitemap_has_every_page_but_the_one_for_lost_readers(gym: Path) -> None:
    made = files(site(load(gym)))
    found = texts(made["public/sitemap.xml"](), f"{SITEMAP}url/{SITEMAP}loc")
    pages = {path for path in made if path.startswith("public/") and path.endswith(".html")}
    base = "https://gym.example/fees/"
    assert {address.removeprefix(base) or "index.html" for address in found} == {
        path.removeprefix("public/") for path in pages - {"public/404.html"}
    }


# ---------------------------------------------------------------- without an address


def test_without_an_address_what_needs_one_is_left_out_and_named(tmp_path: Path) -> None:
    gym = two_versions(tmp_path)
    for number in ("1.0.0", "1.1.0"):
        edit(gym / number / "pages.yaml", ("url: https://gym.example/fees/\n", ""))
    target = tmp_path / "site"
    found = CliRunner().invoke(main, ["site", "--policies", str(gym), "--output", str(target)])
    assert found.exit_code == 0, found.output
    assert "left out without `url` in `pages.yaml`: `changes.xml`, `sitemap.xml`" in found.stderr
    assert not list(target.rglob("*.xml"))


# ---------------------------------------------------------------- two languages


def test_each_language_has_a_feed_of_its_own(gym: Path, tmp_path: Path) -> None:
    made = files(two_languages(load(gym)))
    (tmp_path / "changes.xml").write_bytes(made["public/xx/changes.xml"]())
    assert atom(tmp_path / "changes.xml") == []
    root = ET.fromstring(made["public/xx/changes.xml"]())  # noqa: S314 - our own
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "xx"
    assert texts(made["public/xx/changes.xml"](), f"{ATOM}id") == [
        "https://gym.example/fees/xx/changes.xml"
    ]


def test_a_page_in_the_sitemap_names_itself_in_every_language(gym: Path) -> None:
    xml = files(two_languages(load(gym)))["public/sitemap.xml"]()
    found = {
        node.findtext(f"{SITEMAP}loc"): {
            link.get("hreflang"): link.get("href") for link in node.iterfind(f"{XHTML}link")
        }
        for node in ET.fromstring(xml)  # noqa: S314 - our own
    }
    both = {"en": "https://gym.example/fees/", "xx": "https://gym.example/fees/xx/"}
    assert found["https://gym.example/fees/"] == both
    assert found["https://gym.example/fees/xx/"] == both


def test_links_of_a_site_in_two_languages_lead_somewhere(gym: Path, tmp_path: Path) -> None:
    write(
        ((path, make()) for path, make in files(two_languages(load(gym))).items()), tmp_path / "s"
    )
    assert links(tmp_path / "s/public", "https://gym.example/fees/") == []
