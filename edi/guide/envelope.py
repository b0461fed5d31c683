"""The envelope around transaction sets: ISA, TA1, GS, GE, IEA. (ST and SE belong to each guide.)

GS01 and GS08 have no codes here: they must agree with the guide of what is inside."""

from __future__ import annotations

from edi.guide.notation import use
from edi.guide.shape import R

_ID_KINDS = "01 14 20 27 28 29 30 33 ZZ"

ISA = use(
    "ISA",
    10,
    "R",
    1,
    "Interchange header",
    R("Authorization qualifier", "00 03"),
    R("Authorization information"),
    R("Security qualifier", "00 01"),
    R("Security information"),
    R("Sender id kind", _ID_KINDS),
    R("Sender id"),
    R("Receiver id kind", _ID_KINDS),
    R("Receiver id"),
    R("Interchange date", form="YYMMDD"),
    R("Interchange time", form="HHMM"),
    R("Repetition separator", form="SEPARATOR"),
    R("Interchange version", "00501 00602"),
    R("Interchange control number", note="The same as IEA02."),
    R("Acknowledgment requested", "0 1"),
    R("Usage", "P T"),
    R("Component separator", form="SEPARATOR"),
)

TA1 = use(
    "TA1",
    20,
    "S",
    0,
    "Interchange acknowledgment",
    R("Acknowledged control number"),
    R("Acknowledged date", form="YYMMDD"),
    R("Acknowledged time", form="HHMM"),
    R("Acknowledgment", "A E R"),
    R("Interchange note", " ".join(f"{number:03}" for number in range(32))),
)

GS = use(
    "GS",
    30,
    "S",
    0,
    "Functional group header",
    R("Functional identifier", note="Tells the kind of transaction in the group."),
    R("Application sender"),
    R("Application receiver"),
    R("Group date", form="DATE"),
    R("Group time", form="TM"),
    R("Group control number", note="The same as GE02."),
    R("Responsible agency", "X"),
    R("Guide version", note="The same as ST03."),
)

GE = use(
    "GE",
    40,
    "R",
    1,
    "Functional group trailer",
    R("Number of transaction sets"),
    R("Group control number", note="The same as GS06."),
)

IEA = use(
    "IEA",
    50,
    "R",
    1,
    "Interchange trailer",
    R("Number of functional groups"),
    R("Interchange control number", note="The same as ISA13."),
)

ENVELOPE = {each.segment.id: each for each in (ISA, TA1, GS, GE, IEA)}
