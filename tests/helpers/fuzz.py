"""Broken inputs for every reader, made from whole ones: `python tests/helpers/fuzz.py --seconds 600 [READER...]`.

A reader may refuse what it is given with a finding or a sentence (EdiError). Anything else that it raises, and an input that takes
much longer than others of its size, is a fault: the input is written to tests/data/fuzz/READER/, where it is a test from then on.
What reached new lines of edi/ joins the inputs that others are made from.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import io
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from acknowledgment import answered, faults_of
from attachment_maker import attachment_file, converted, film, settings, visit
from cda_maker import note
from disorder import GUIDES, bases, file_of
from film_maker import dicom, gray_tiff, saved
from folders import REPO
from ledger_runs import Practice, samples
from request_maker import film_of, request

from edi.attachments.cda.read import read_document
from edi.attachments.extract import extract
from edi.attachments.files import examine_files, sent_chunks
from edi.errors import EdiError
from edi.flows import check, validate
from edi.flows.job import Job
from edi.guide.overlay import read_overlay
from edi.ledger.check import check as check_ledger
from edi.ledger.queries import Filters, list_claims
from edi.ledger.transfer import export_ledger, import_ledger
from edi.report.claims import claim_json, claims_text
from edi.responses.request import read_requests
from edi.settings import load_settings
from edi.validate.trace import trace
from edi.validate.tree import Tree
from edi.visit.intake.columns import read_columns

FOUND = REPO / "tests" / "data" / "fuzz"
_PATIENCE = 3.0  # seconds of processor time for an input, and
_PATIENCE_EACH = 1 / 5_000  # for each octet of it
_TODAY = datetime.date(2026, 10, 15)
_MOST = 60_000  # octets: long inputs are slow to try and say no more


class Reader(NamedTuple):
    """What reads, whole inputs, and words of the format that are put into them."""

    read: Callable[[bytes, Path], object]
    whole: Callable[[], list[bytes]]
    words: tuple[bytes, ...]


def _x12(octets: bytes, _: Path) -> None:
    verdict = validate(io.BytesIO(octets), "x")
    for finding in verdict.findings:
        finding.as_json()
    for _part in Tree(io.BytesIO(octets), "x").parts():
        pass
    for _step in trace(io.BytesIO(octets), "x"):
        pass
    if faults := faults_of(answered(octets)[0]):
        raise AssertionError(f"The acknowledgment is not valid: {faults[0].rule}")


def _request(octets: bytes, _: Path) -> None:
    for _found in read_requests(io.BytesIO(octets), "x"):
        pass


def _extract(octets: bytes, folder: Path) -> None:
    extract(io.BytesIO(octets), "x", folder, lambda _: None)


def _visits(suffix: str) -> Callable[[bytes, Path], None]:
    def read(octets: bytes, folder: Path) -> None:
        file = folder / f"visits.{suffix}"
        file.write_bytes(octets)
        check(Job(inputs=(str(file),), as_of=_TODAY, jobs=1), lambda _: None)

    return read


def _image(octets: bytes, folder: Path) -> None:
    for suffix in ("png", "jpg", "tif", "dcm", "pdf"):
        file = folder / f"film.{suffix}"
        file.write_bytes(octets)
        for limit in (None, 2_000):
            (fact,) = examine_files(
                str(folder), [{"id": "a", "type": "radiograph", "file": file.name}], limit
            ).values()
            if not fact.problem:
                for _ in sent_chunks(file, fact.media_type, limit, set()):
                    pass


def _document(octets: bytes, _: Path) -> None:
    read_document(io.BytesIO(octets))


def _settings(octets: bytes, folder: Path) -> None:
    file = folder / "edi.toml"
    file.write_bytes(octets)
    load_settings(file, folder)


def _columns(octets: bytes, folder: Path) -> None:
    file = folder / "columns.toml"
    file.write_bytes(octets)
    read_columns(file)


def _export(octets: bytes, folder: Path) -> None:
    """Import, and then whatever shows or uses what the ledger holds."""
    key, _ = _exported()
    practice = Practice(folder, "sqlite:///edi.db")
    (folder / "edi.key").write_bytes(key)
    (folder / "edi.key").chmod(0o600)
    outside = folder / "precious"
    outside.mkdir()
    (outside / "file").write_text("stays")
    import_ledger(practice.settings, octets.splitlines(keepends=True))
    try:
        with practice.ledger() as ledger:
            check_ledger(ledger)
            with ledger.database.reading() as connection:
                claims = [*list_claims(connection, Filters(None, None, None, None))]
                for each in claims:
                    json.dumps(claim_json(each, _TODAY))
                for line in claims_text(claims, _TODAY, lambda text, _: text):
                    assert line.replace("\n", "").isprintable(), "an escape is printed"
        practice.convert(samples(2, seed=3))
    finally:
        assert (outside / "file").read_text() == "stays"


@cache
def _exported() -> tuple[bytes, bytes]:
    """The key of a ledger with a few claims, and its export."""
    with tempfile.TemporaryDirectory() as folder:
        practice = Practice(Path(folder, "practice"), "sqlite:///edi.db")
        practice.convert(samples(3))
        with practice.ledger() as ledger:
            export = b"".join(export_ledger(ledger.database))
        return (practice.folder / "edi.key").read_bytes(), export


def _overlay(octets: bytes, _: Path) -> None:
    read_overlay(octets.decode("utf-8", "replace"), "x.toml")


def _sets() -> list[bytes]:
    return [file_of(version, [*base.segments]) for version in GUIDES for base in bases(version)[:2]]


def _requests() -> list[bytes]:
    return [request(film_of("A-1"), film_of("B-2"), version=each) for each in ("006020X313", "005010X213")]


def _attachments() -> list[bytes]:
    files = []
    for version in ("005010X210", "006020X314"):
        with tempfile.TemporaryDirectory() as folder:
            out, _ = converted(Path(folder), [visit(attachments=[film()])], settings=settings(version))
            files.append(attachment_file(out).read_bytes())
    return files


def _examples(pattern: str) -> Callable[[], list[bytes]]:
    return lambda: [file.read_bytes() for file in sorted((REPO / "examples").glob(pattern))]


def _films() -> list[bytes]:
    return [
        *(saved(kind) for kind in ("PNG", "JPEG", "TIFF")),
        gray_tiff(8, 8),
        dicom(),
        b"%PDF-1.4\n1 0 obj\n%%EOF",
    ]


_X12_WORDS = (
    *(
        b"~ * : ^ ~~ ~* *~ ISA* GS* ST* SE* GE* IEA* BIN*5* BDS*B64*4* HL*1**20*1~ CLM*A*1~ LX*1~ SV3* OOI* NM1* \r\n \x00".split(
            b" "
        )
    ),
    b"~\n",
    b" ",
)
_XML_WORDS = tuple(b'< > </ /> <!-- --> <![CDATA[ ]]> <!DOCTYPE &lt; &#0; &x; <?xml ?> xmlns= "'.split(b" "))

READERS: Mapping[str, Reader] = {
    "x12": Reader(_x12, _sets, _X12_WORDS),
    "request": Reader(_request, _requests, _X12_WORDS),
    "extract": Reader(
        _extract, _attachments, (*_X12_WORDS, b"Content-Type: ", b"base64", b"--", b"\r\n\r\n")
    ),
    "json": Reader(
        _visits("json"),
        _examples("visits/*.json"),
        (b'"', b"{", b"}", b"[", b"]", b",", b":", b"null", b"1e999", b"\\u0000", b"\\ud800", b"-0", b"true"),
    ),
    "csv": Reader(
        _visits("csv"),
        _examples("formats/*.csv"),
        (b",", b";", b'"', b'""', b"\r", b"\n", b"\t", b"sep=;\n", b"\xff"),
    ),
    "xml": Reader(_visits("xml"), _examples("formats/*.xml"), _XML_WORDS),
    "image": Reader(
        _image,
        _films,
        (b"\xff\xd8", b"\xff\xd9", b"\xff\xda", b"IDAT", b"IEND", b"II*\x00", b"MM\x00*", b"\xff" * 4),
    ),
    "document": Reader(_document, lambda: [note(visit())], _XML_WORDS),
    "settings": Reader(
        _settings,
        _examples("edi.toml"),
        (b"[", b"]", b"=", b'"', b"\n", b"[payers.A]", b"9" * 20, b"{", b"}"),
    ),
    "columns": Reader(
        _columns,
        _examples("formats/*.toml"),
        (b"=", b'"', b".", b"\n", b"visitId", b"procedures.", b"{", b"}"),
    ),
    "export": Reader(
        _export,
        lambda: [_exported()[1]],
        (
            b'"',
            b"..",
            b"/",
            b"../precious",
            b"null",
            b"unfinished",
            b"1",
            b"-1",
            b"9" * 19,
            b"\n",
            b"{}",
            b"written",
            b"\\u001b[2J",
        ),
    ),
    "overlay": Reader(
        _overlay,
        _examples("overlays/*.toml"),
        (b"[", b"]", b"=", b'"', b"\n", b"[[rules]]", b"2400", b"{", b"}"),
    ),
}


def broken(chance: random.Random, whole: list[bytes], words: tuple[bytes, ...]) -> bytes:
    """One of the whole inputs, broken in one to six places."""
    octets = bytearray(chance.choice(whole))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        at = chance.randrange(len(octets) + 1)
        end = min(len(octets), at + chance.choice((1, 1, 2, 8, 60, 1000)))
        match chance.randrange(8):
            case 0:
                octets[at:at] = chance.choice(words)
            case 1:
                del octets[at:end]
            case 2:
                octets[at:end] = bytes(chance.randrange(256) for _ in range(min(8, end - at)))
            case 3:
                octets[at:at] = octets[at:end] * chance.choice((1, 2, 50))
            case 4:
                del octets[at:]
            case 5:
                other = chance.choice(whole)
                start = chance.randrange(len(other) + 1)
                octets[at:end] = other[start : start + chance.choice((4, 80, 2000))]
            case 6 if at < len(octets):
                octets[at] ^= 1 << chance.randrange(8)
            case _:
                octets[at : at + 1] = chance.choice(words)
    return bytes(octets[:_MOST])


def fault_of(reader: Reader, octets: bytes) -> str | None:
    """What is wrong with how the reader takes an input; None when nothing is."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.process_time()
        try:
            reader.read(octets, Path(folder))
        except EdiError:
            pass
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        took = time.process_time() - started
    return f"{took:.1f} s" if took > _PATIENCE + _PATIENCE_EACH * len(octets) else None


class _Lines:
    """The lines of edi/ that have been reached."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, int]] = set()

    def reached_more(self, job: Callable[[], Any]) -> tuple[bool, Any]:
        """Whether a job reaches lines that none before it did, and what it gives."""
        before = len(self._seen)
        sys.settrace(self._trace)
        try:
            result = job()
        finally:
            sys.settrace(None)
        return len(self._seen) > before, result

    def _trace(self, frame: FrameType, event: str, _: Any) -> Any:
        if not _is_ours(frame.f_code.co_filename):
            return None
        if event == "line":
            self._seen.add((frame.f_code.co_filename, frame.f_lineno))
        return self._trace


@cache
def _is_ours(file: str) -> bool:
    return file.startswith(str(REPO / "edi"))


def fuzz(
    name: str, seed: int, *, count: int = sys.maxsize, seconds: float = sys.maxsize, guided: bool = False
) -> tuple[int, list[tuple[bytes, str]]]:
    """Try so many broken inputs on a reader, or for so long: how many were tried, and those that broke it. `guided` keeps what
    reaches new lines, which makes each try slower."""
    reader, chance, lines = READERS[name], random.Random(seed), _Lines()
    whole = [each[:_MOST] for each in reader.whole()]
    faults: list[tuple[bytes, str]] = []
    tried, end = 0, time.monotonic() + seconds
    while tried < count and time.monotonic() < end:
        octets = broken(chance, whole, reader.words)
        tried += 1
        if guided:
            fresh, fault = lines.reached_more(lambda octets=octets: fault_of(reader, octets))  # type: ignore[misc]
            if fresh and not fault:
                whole.append(octets)
        else:
            fault = fault_of(reader, octets)
        if fault:
            faults.append((octets, fault))
    return tried, faults


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    parser.add_argument("--seconds", type=float, default=60, help="for each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--guided", action="store_true", help="keep what reaches new lines")
    options = parser.parse_args()
    for name in options.readers or READERS:
        tried, faults = fuzz(name, options.seed, seconds=options.seconds, guided=options.guided)
        print(f"{name}: {tried} inputs, {len(faults)} faults")
        for octets, fault in faults:
            file = FOUND / name / hashlib.sha256(octets).hexdigest()[:12]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(octets)
            print(f"  {file}: {fault[:200]}")


if __name__ == "__main__":
    main()
