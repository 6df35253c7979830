"""A site into a folder: whole or not at all, and never over what others put there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from refund_policy.engine.errors import TargetError
from refund_policy.render.write import write

FILES = [("public/index.html", b"one"), ("public/a/b.html", b"two")]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "site.json"
    }


def test_a_folder_holds_what_was_written(tmp_path: Path) -> None:
    write(FILES, tmp_path / "site")
    assert tree(tmp_path / "site") == dict(FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_build_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    write(FILES, tmp_path / "site")
    write(FILES[:1], tmp_path / "site")
    assert tree(tmp_path / "site") == dict(FILES[:1])


def test_an_empty_folder_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    write(FILES, tmp_path / "site")
    assert tree(tmp_path / "site") == dict(FILES)


def test_a_folder_with_a_file_of_somebody_else_stays(tmp_path: Path) -> None:
    write(FILES, tmp_path / "site")
    (tmp_path / "site/public/CNAME").write_text("help.example")
    with pytest.raises(TargetError, match="holds `public/CNAME`, which no build made: move it"):
        write(FILES, tmp_path / "site")
    assert "public/CNAME" in tree(tmp_path / "site")


def test_a_folder_without_a_build_stays(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years")
    (tmp_path / "more.txt").write_text("of work")
    with pytest.raises(TargetError, match=r"holds `more.txt` and 1 more, which no build made"):
        write(FILES, tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years"


def test_an_edited_page_stays(tmp_path: Path) -> None:
    write(FILES, tmp_path / "site")
    (tmp_path / "site/public/index.html").write_text("mine")
    with pytest.raises(TargetError, match=r"`.*index.html` was changed since it was built"):
        write(FILES, tmp_path / "site")
    assert (tmp_path / "site/public/index.html").read_text() == "mine"


def test_a_file_and_a_link_are_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        with pytest.raises(TargetError, match=f"`.*{name}` is no folder: name another one"):
            write(FILES, tmp_path / name)


def test_a_link_inside_the_folder_is_somebody_else_s(tmp_path: Path) -> None:
    write(FILES, tmp_path / "site")
    (tmp_path / "site/elsewhere").symlink_to(tmp_path)
    with pytest.raises(TargetError, match="holds `elsewhere`"):
        write(FILES, tmp_path / "site")


def test_a_build_that_breaks_off_leaves_everything_as_it_was(tmp_path: Path) -> None:
    write(FILES, tmp_path / "site")

    def broken() -> Iterator[tuple[str, bytes]]:
        yield "public/index.html", b"new"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write(broken(), tmp_path / "site")
    assert tree(tmp_path / "site") == dict(FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder that nobody can write")
def test_a_folder_that_cannot_be_written_is_an_error() -> None:
    with pytest.raises(TargetError, match="`/proc` can't be written"):
        write(FILES, Path("/proc/site"))


def test_a_folder_below_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(TargetError, match="can't be written"):
        write(FILES, tmp_path / "file/site")
