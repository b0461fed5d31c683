"""Meanings of payers' questions, and the attachments that answer them.

LOINC document codes stand in `edi.attachments.cda.DOCUMENTS`. Payers also ask by claim status codes (code source 508), of
which only those are here that ask for what a dental visit can have. Source: apexification.md, and HL7's CDex mapping for
the codes that ask for documents without saying which (attachments.md S3).
"""

from __future__ import annotations

from typing import NamedTuple

from edi.attachments.cda import DOCUMENTS, NOTE
from edi.attachments.transaction import Question

_LOINC = "LOI"


class Meaning(NamedTuple):
    """The question in words, and the kinds that answer it: attachment types of the visit record, or "note" for the
    clinical record of the visit. No kinds where the question does not say, or is not known here."""

    words: str
    kinds: tuple[str, ...]


_ANY = "Documents, the code does not say which"
_STATUS = {
    "227": Meaning(_ANY, ()),
    "233": Meaning(_ANY, ()),
    "252": Meaning(_ANY, ()),
    "287": Meaning(_ANY, ()),
    "314": Meaning("Dental records of the service", (NOTE, "report", "other")),
    "318": Meaning("Radiographs before the treatment", ("radiograph",)),
    "319": Meaning("Radiographs after the treatment", ("radiograph",)),
    "320": Meaning("Dental models", ("models",)),
    "324": Meaning("A recent radiograph of the area and a narrative", ("radiograph", NOTE, "narrative")),
    "327": Meaning("A chart", ("periodontalChart", NOTE)),
}
_CATEGORIES = {
    "R5": "asked again: the first answer was not enough",
    "R13": "asked again: what came could not be read",
    "R14": "asked again: what came was not what was asked for",
}


def meaning_of(question: Question) -> Meaning:
    """What is asked for; of an unknown code the words say only that."""
    if question.list == _LOINC:
        found = DOCUMENTS.get(question.code)
        meaning = Meaning(found.meaning, found.kinds) if found else None
    else:
        meaning = _STATUS.get(question.code)
    words, kinds = meaning or Meaning("A code that is not known here", ())
    again = _CATEGORIES.get(question.category)
    return Meaning(f"{words} ({again})" if again else words, kinds)
