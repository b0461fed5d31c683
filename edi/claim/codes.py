"""The record's words as X12 codes (contract: the visit record; meanings: reference 837d.md)."""

from __future__ import annotations

FREQUENCY = {"original": "1", "replacement": "7", "void": "8"}
RESPONSIBILITY = {
    "primary": "P",
    "secondary": "S",
    "tertiary": "T",
    "fourth": "A",
    "fifth": "B",
    "sixth": "C",
    "seventh": "D",
    "eighth": "E",
    "ninth": "F",
    "tenth": "G",
    "eleventh": "H",
    "unknown": "U",
}
RELATIONSHIP = {
    "self": "18",
    "spouse": "01",
    "child": "19",
    "employee": "20",
    "unknown": "21",
    "organDonor": "39",
    "cadaverDonor": "40",
    "lifePartner": "53",
    "other": "G8",
}
CAUSE = {"auto": "AA", "employment": "EM", "other": "OA"}
TAX_ID = {"EIN": "EI", "SSN": "SY"}
REPORT_TYPE = {
    "radiograph": "RB",
    "photograph": "OZ",
    "report": "DG",
    "radiologyReport": "RR",
    "periodontalChart": "P6",
    "referral": "B4",
    "explanationOfBenefits": "EB",
    "models": "DA",
    "narrative": "OZ",
    "other": "OZ",
}
ON_REQUEST = "AA"
ELECTRONIC = "EL"
FILE_TRANSFER = "FT"
