"""What is at hand of a record's attachments: those whose files are where they were, and still what the claim announced."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from edi.attachments.cda import NOTE
from edi.attachments.files import examine_files
from edi.flows.kept_line import Payload, SourceRecord
from edi.visit.facts import FileFact
from edi.visit.record import Attachment, Visit


class AtHand(NamedTuple):
    """Ids of attachments ("note": the clinical record), and of those that the record has and whose files are `gone`."""

    ids: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


class FoundFile(NamedTuple):
    """The file of an attachment, the limit to which it is reduced (None: it is sent as it is), and whether it is what the claim
    announced."""

    fact: FileFact
    size_limit: int | None
    as_announced: bool


def attachments_at_hand(visit: Visit, kinds: Iterable[str], gone: Collection[str]) -> AtHand:
    """A record's attachments with a file of one of these kinds, and "note" where the record has a clinical part."""
    wanted = frozenset(kinds)
    named = [
        each["id"] for each in visit.get("attachments", ()) if each.get("file") and each["type"] in wanted
    ]
    ids = [each for each in named if each not in gone]
    if NOTE in wanted and visit.get("clinical"):
        ids.append(NOTE)
    return AtHand(tuple(ids), tuple(each for each in named if each in gone))


def moved_files(source: SourceRecord) -> frozenset[str]:
    """Ids of the attachments whose files are not there any more. No file is opened: there may be very many."""
    entries = source.visit.get("attachments", ())
    return frozenset(
        each["id"] for each in entries if each.get("file") and not _is_there(source.base, each["file"])
    )


def gone_files(source: SourceRecord, payload: Payload, size_limit: int) -> frozenset[str]:
    """Ids of the attachments whose files are not there any more, or are others than the claim announced. `size_limit` is what the payer
    takes."""
    there = [each for each in source.visit.get("attachments", ()) if each.get("file")]
    moved = moved_files(source)
    changed = (
        each["id"]
        for each in there
        if each["id"] not in moved and not found_file(source.base, each, payload, size_limit).as_announced
    )
    return moved.union(changed)


def found_file(base: str, entry: Attachment, payload: Payload, size_limit: int) -> FoundFile:
    """The file of a record's attachment as it is now. An image that was reduced for the claim is reduced again."""
    announced = next(
        (each.get("sha256") for each in payload["attachments"] if each["id"] == entry["id"]), None
    )
    fact = examine_files(base, [entry])[entry["id"]]
    if announced is None or fact.sha256 in (None, announced):
        return FoundFile(fact, None, as_announced=True)
    reduced = examine_files(base, [entry], size_limit)[entry["id"]]
    if reduced.sha256 == announced:
        return FoundFile(reduced, size_limit, as_announced=True)
    return FoundFile(fact, None, as_announced=False)


def _is_there(base: str, name: str) -> bool:
    try:
        Path(base, name).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True  # whoever opens it says what is wrong with it
    return True
