"""The envelope, written: the segments that open and close interchanges and functional groups."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from edi.guide.envelope import ENVELOPE
from edi.guide.shape import Guide
from edi.settings import Receiver, Settings
from edi.x12.delimiters import DEFAULT
from edi.x12.template import use_template

END = DEFAULT.terminator + DEFAULT.line_break

_isa = use_template(ENVELOPE["ISA"], "", tuple(f"ISA{place:02}" for place in range(1, 17)))
_gs = use_template(ENVELOPE["GS"], "", ("GS01", "GS02", "GS03", "GS04", "GS05", "GS06", "GS08"))
_ge = use_template(ENVELOPE["GE"], "", ("GE01", "GE02"))
_iea = use_template(ENVELOPE["IEA"], "", ("IEA01", "IEA02"))


class Stamp(NamedTuple):
    """When an interchange was made, as X12 writes it: CCYYMMDD and HHMM."""

    date: str
    time: str

    @classmethod
    def at(cls, moment: datetime.datetime) -> Stamp:
        """The stamp of a moment."""
        return cls(f"{moment:%Y%m%d}", f"{moment:%H%M}")


class Party(NamedTuple):
    """A sender or receiver: the qualifier of its id (ISA05, ISA07), the id, and its application code in GS ("": the id);
    id and code have at most 15 characters."""

    qualifier: str
    id: str
    application: str = ""


def parties(settings: Settings, receiver: Receiver) -> tuple[Party, Party]:
    """The sender and the receiver of an interchange to a receiver."""
    wanted = receiver.envelope
    return (
        Party(
            wanted.sender_qualifier,
            wanted.sender or settings.submitter_to(receiver).id,
            wanted.group_sender,
        ),
        Party(receiver.qualifier, wanted.receiver or receiver.id, wanted.group_receiver),
    )


def opening(guide: Guide, sender: Party, receiver: Party, usage: str, number: int, stamp: Stamp) -> str:
    """ISA and GS, each with its terminator. `number` becomes ISA13 and GS06; `usage` is T or P."""
    isa = interchange_opening(guide, sender, receiver, usage, number, stamp)
    codes = sender.application or sender.id, receiver.application or receiver.id
    return isa + group_opening(guide, *codes, number, stamp)


def closing(sets: int, number: int) -> str:
    """GE and IEA, each with its terminator; `sets` counts the group's transaction sets."""
    return group_closing(sets, number) + interchange_closing(1, number)


def interchange_opening(
    guide: Guide, sender: Party, receiver: Party, usage: str, number: int, stamp: Stamp
) -> str:
    """ISA with its terminator, for groups of a guide."""
    isa = _isa(
        "00",
        " " * 10,
        "00",
        " " * 10,
        sender.qualifier,
        f"{sender.id:15}",
        receiver.qualifier,
        f"{receiver.id:15}",
        stamp.date[2:],
        stamp.time,
        DEFAULT.repetition,
        guide.interchange,
        isa13(number),
        "0",
        usage,
        DEFAULT.component,
    )
    return isa + END


def group_opening(guide: Guide, sender: str, receiver: str, number: int, stamp: Stamp) -> str:
    """GS with its terminator; `sender` and `receiver` have 2 to 15 characters."""
    return (
        _gs(guide.functional_id, sender, receiver, stamp.date, stamp.time, str(number), guide.version) + END
    )


def group_closing(sets: int, number: int) -> str:
    """GE with its terminator."""
    return _ge(str(sets), str(number)) + END


def interchange_closing(groups: int, number: int) -> str:
    """IEA with its terminator."""
    return _iea(str(groups), isa13(number)) + END


def isa13(number: int) -> str:
    """An interchange control number at its fixed length."""
    return f"{number:09}"
