"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from edi.errors import OutputError
from edi.x12.output import Staging, whole_file

NONE: frozenset[str] = frozenset()


def test_files_appear_together_when_published(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    with Staging(target) as staging:
        staging.open("a").write(b"1")
        staging.open("b").write(b"2")
        assert [path for path in target.iterdir() if not path.name.startswith(".")] == []
        staging.publish(replace=NONE)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == {"a": b"1", "b": b"2"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in target.iterdir()} == {0o600}


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with Staging(tmp_path) as staging:
            staging.open("a").write(b"1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_conflict_moves_nothing(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"other")
    with Staging(tmp_path) as staging:
        staging.open("a").write(b"1")
        staging.open("b").write(b"2")
        with pytest.raises(OutputError, match="never overwritten"):
            staging.publish(replace=NONE)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"b": b"other"}


def test_what_may_be_replaced_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with Staging(tmp_path) as staging:
        staging.open("a").write(b"new")
        staging.publish(replace=frozenset({"a"}))
    assert (tmp_path / "a").read_bytes() == b"new"


def test_a_target_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="cannot be written"), Staging(tmp_path / "out"):
        pass


def test_a_full_disk_is_told_with_the_folder(tmp_path: Path) -> None:
    def fill() -> None:
        with Staging(tmp_path) as staging:
            staging.open("a")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputError, match=f"{tmp_path} cannot be written: No space"):
        fill()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["folder", "pipe"])
def test_what_is_no_file_is_not_taken_away(tmp_path: Path, what: str) -> None:
    """A device as well: a rename would put a file in its place."""
    there = tmp_path / "b"
    there.mkdir() if what == "folder" else os.mkfifo(there)
    with Staging(tmp_path) as staging:
        staging.open("a").write(b"1")
        staging.open("b").write(b"2")
        with pytest.raises(OutputError, match="b is no file that can be replaced"):
            staging.publish(replace=frozenset({"b"}))
    assert list(tmp_path.iterdir()) == [there]
    assert not there.is_file()


def test_one_file_goes_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    link = tmp_path / "link"
    link.symlink_to("far/file")
    for content in (b"1", b"2"):
        with whole_file(link) as stream:
            stream.write(content)
        assert link.is_symlink()
        assert (tmp_path / "far" / "file").read_bytes() == content
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["file"]
