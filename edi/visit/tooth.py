"""Teeth as a record writes them: loosely written designations, lists and ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edi.guide.teeth import KINDS
from edi.visit.record import Procedure

THIRD_MOLARS = frozenset(("1", "16", "17", "32"))

_SEPARATORS = re.compile(r"[\s,;/&+]+|\band\b", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,2})-(\d{1,2})")


def treated_teeth(line: Procedure) -> Iterator[tuple[str, str, str]]:
    """Each tooth of a procedure, its surfaces ("" for none), and where in the procedure it stands."""
    if "toothNumber" in line:
        yield line["toothNumber"], line.get("surfaces", ""), ""
    for place, tooth in enumerate(line.get("teeth", ())):
        yield tooth["toothNumber"], tooth.get("surfaces", ""), f"/teeth/{place}"


def names_tooth(line: Procedure) -> bool:
    """Whether a procedure names the tooth, or the teeth, that it is on."""
    return "toothNumber" in line or bool(line.get("teeth"))


def is_on(line: Procedure, tooth: str) -> bool:
    """Whether a procedure names a tooth."""
    return line.get("toothNumber") == tooth or any(
        each["toothNumber"] == tooth for each in line.get("teeth", ())
    )


def only_tooth(line: Procedure) -> str | None:
    """The tooth of a procedure on one tooth."""
    teeth = line.get("teeth", ())
    return teeth[0]["toothNumber"] if len(teeth) == 1 else line.get("toothNumber")


def plain_tooth(text: str) -> str | None:
    """The designation that a loosely written one means ("#09" -> "9", "as" -> "AS"), or None."""
    bare = text.strip().lstrip("#").strip().upper().lstrip("0")
    return bare if bare in KINDS else None


def teeth_named(text: str) -> tuple[str, ...]:
    """The teeth that a film's or a test's tooth field names: "9", "8, 9", "7-10", "8 and 9"."""
    if text in KINDS:
        return (text,)
    teeth: list[str] = []
    for part in _SEPARATORS.split(text):
        if span := _RANGE.fullmatch(part):
            teeth += (str(n) for n in range(int(span[1]), int(span[2]) + 1) if str(n) in KINDS)
        elif tooth := plain_tooth(part):
            teeth.append(tooth)
    return tuple(teeth)
