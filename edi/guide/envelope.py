"""The envelope around transaction sets: ISA, TA1, GS, GE, IEA. (ST and SE belong to each guide.)

GS01 and GS08 have no codes here: they must agree with the guide of what is inside.
"""

from __future__ import annotations

from edi.guide.notation import R, use

_ID_KINDS = "01 14 20 27 28 29 30 33 ZZ"

ISA = use(
    "ISA 10 R 1 Interchange header",
    R("ISA01 Authorization qualifier", "00 03"),
    R("ISA02 Authorization information"),
    R("ISA03 Security qualifier", "00 01"),
    R("ISA04 Security information"),
    R("ISA05 Sender id kind", _ID_KINDS),
    R("ISA06 Sender id"),
    R("ISA07 Receiver id kind", _ID_KINDS),
    R("ISA08 Receiver id"),
    R("ISA09 Interchange date", form="YYMMDD"),
    R("ISA10 Interchange time", form="HHMM"),
    R("ISA11 Repetition separator", form="SEPARATOR"),
    R("ISA12 Interchange version", "00501 00602"),
    R("ISA13 Interchange control number", note="The same as IEA02."),
    R("ISA14 Acknowledgment requested", "0 1"),
    R("ISA15 Usage", "P T"),
    R("ISA16 Component separator", form="SEPARATOR"),
)

TA1 = use(
    "TA1 20 S >1 Interchange acknowledgment",
    R("TA101 Acknowledged control number"),
    R("TA102 Acknowledged date", form="YYMMDD"),
    R("TA103 Acknowledged time", form="HHMM"),
    R("TA104 Acknowledgment", "A E R"),
    R("TA105 Interchange note", " ".join(f"{number:03}" for number in range(32))),
)

GS = use(
    "GS 30 S >1 Functional group header",
    R("GS01 Functional identifier", note="Tells the kind of transaction in the group."),
    R("GS02 Application sender"),
    R("GS03 Application receiver"),
    R("GS04 Group date", form="DATE"),
    R("GS05 Group time", form="TM"),
    R("GS06 Group control number", note="The same as GE02."),
    R("GS07 Responsible agency", "X"),
    R("GS08 Guide version", note="The same as ST03."),
)

GE = use(
    "GE 40 R 1 Functional group trailer",
    R("GE01 Number of transaction sets"),
    R("GE02 Group control number", note="The same as GS06."),
)

IEA = use(
    "IEA 50 R 1 Interchange trailer",
    R("IEA01 Number of functional groups"),
    R("IEA02 Interchange control number", note="The same as ISA13."),
)

ENVELOPE = {each.segment.id: each for each in (ISA, TA1, GS, GE, IEA)}
