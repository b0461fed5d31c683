"""What the bytes of an attachment are said to be."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest
from film_maker import dicom, saved

from edi.attachments.files import examine_files
from edi.sample.film import film
from edi.visit.facts import FileFact

PNG = film("9", "2026-09-14", 1)
JPEG = saved("JPEG")
PDF = b"%PDF-1.7\n" + b"x" * 3000 + b"\n%%EOF\n"


def fact(folder: Path, name: str) -> FileFact:
    return examine_files(str(folder), [{"id": "a", "type": "radiograph", "file": name}])["a"]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("film.png", PNG, "image/png"),
        ("film.JPG", JPEG, "image/jpeg"),
        ("film.jpeg", JPEG, "image/jpeg"),
        ("film.tif", saved("TIFF"), "image/tiff"),
        ("report.pdf", PDF, "application/pdf"),
        ("letter.txt", "Brief über Zahn 9".encode(), "text/plain"),
        ("chart.xml", b'<?xml version="1.0"?><a/>', "application/xml"),
        ("film.dcm", dicom(), "application/dicom"),
    ],
)
def test_good_files(tmp_path: Path, name: str, content: bytes, media_type: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert fact(tmp_path, name) == FileFact(
        None, media_type, len(content), hashlib.sha256(content).hexdigest()
    )


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty.png", b"", "empty"),
        ("cut.png", PNG[:-5], "truncated"),
        ("cut.jpg", JPEG[:-2], "truncated"),
        ("cut.pdf", PDF[:-7], "truncated"),
        ("really.png", JPEG, "not-what-name-says"),
        ("noname", PNG, "not-what-name-says"),
        ("odd.png", bytes(range(256)) * 4, "unknown-type"),
    ],
)
def test_faulty_files(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert fact(tmp_path, name).problem == problem


def test_absent_and_unreadable(tmp_path: Path) -> None:
    assert fact(tmp_path, "absent.png").problem == "missing"
    assert fact(tmp_path, "a\x00b.png").problem == "unreadable"
    (tmp_path / "folder.png").mkdir()
    assert fact(tmp_path, "folder.png").problem == "unreadable"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    # Whoever does wait for it meets an empty file.
    writer = threading.Thread(target=lambda: pipe.open("wb").close(), daemon=True)
    writer.start()
    assert fact(tmp_path, "pipe.png").problem == "unreadable"
    os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))
    writer.join(5)


@pytest.mark.parametrize(
    "name", ["../secret.png", "/etc/hostname", "films/../../secret.png", "link.png", "linked/secret.png"]
)
def test_nothing_outside_the_records_folder_is_opened(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "visits"
    (folder / "films").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(PNG)
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "linked").symlink_to(tmp_path)
    assert fact(folder, name) == FileFact("outside", None, 0, None)


def test_a_file_larger_than_a_piece_is_digested_whole(tmp_path: Path) -> None:
    content = PDF[:9] + bytes([65]) * 300_000 + PDF[9:]
    (tmp_path / "big.pdf").write_bytes(content)
    found = fact(tmp_path, "big.pdf")
    assert (found.problem, found.size, found.sha256) == (
        None,
        len(content),
        hashlib.sha256(content).hexdigest(),
    )


def test_attachments_without_a_file_are_left_alone() -> None:
    assert examine_files(".", [{"id": "a", "type": "radiograph", "controlNumber": "NEA1"}]) == {}
