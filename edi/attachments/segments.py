"""The segments of a 275, written through their guide; the differences of the two guides are here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

from edi.guide.registry import guide as guide_named
from edi.guide.shape import Guide
from edi.x12.template import template

X210 = "005010X210"
X314 = "006020X314"

Writer = Callable[..., str]


class Segments(NamedTuple):
    """A writer for each segment; its arguments are those of its template below.

    `payload` takes the length, and "" for the octets, which follow what it writes. With `filtered` these are the
    MIME entity in base64, else the entity itself."""

    guide: Guide
    header: Writer
    beginning: Writer
    payer: Writer
    submitter: Writer
    provider: Writer
    specialty: Writer
    address: Writer
    patient: Writer
    claim: Writer
    service: Writer
    attachment: Writer
    trace: Writer
    asked: Writer
    line: Writer
    submitted: Writer
    form: Writer
    kind: Writer
    payload: Writer
    trailer: Writer
    filtered: bool


@cache
def segments_of(version: str) -> Segments:
    """The segments by the guide X210 or X314. Raises ValueError for another version."""
    guide = guide_named(version)
    if guide is None or version not in (X210, X314):
        raise ValueError(f"{version} is no guide of attachments.")
    write = partial(template, guide)
    kind: Writer
    payload: Writer
    if filtered := version == X314:
        claim = write("1000D", "REF:X1", "REF02")
        kind = partial(write("2110B", "OOI", "OOI03"), "ATTACHMENT")
        payload = partial(write("2110B", "BDS", "BDS01", "BDS02", "BDS03"), "B64")
    else:
        claim = write("1000D", "REF:EJ", "REF02")
        kind = write("2110B", "EFI")
        payload = write("2110B", "BIN", "BIN01", "BIN02")
    return Segments(
        guide,
        write("ST", "ST", "ST02", "ST03"),
        write("ST", "BGN", "BGN01", "BGN02", "BGN03", "BGN04"),
        write("1000A", "NM1:PR", "NM103", "NM108", "NM109"),
        write("1000B", "NM1:41", "NM102", "NM103", "NM109"),
        write("1000C", "NM1:1P", "NM102", "NM103", "NM104", "NM105", "NM107", "NM108", "NM109"),
        write("1000C", "PRV", "PRV01", "PRV03"),
        write("1100C", "NX1"),
        write("1000D", "NM1:QC", "NM103", "NM104", "NM105", "NM107", "NM109"),
        claim,
        write("1000D", "DTP:472", "DTP02", "DTP03"),
        write("2000A", "LX", "LX01"),
        write("2000A", "TRN", "TRN01", "TRN02"),
        write("2000A", "STC", "STC01", "STC10", "STC11"),
        write("2000A", "REF:6R", "REF02"),
        write("2100B", "DTP:368", "DTP02", "DTP03"),
        write("2100B", "CAT", "CAT02"),
        kind,
        payload,
        write("ST", "SE", "SE01", "SE02"),
        filtered,
    )
