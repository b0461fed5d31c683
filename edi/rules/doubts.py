"""Which single values of a visit are out of the ordinary, found in one look: a rule on such values is called only where
it may find something.

A doubt is a bit of `edi.visit.feature`. It may be a false alarm, for the rule itself looks again; it may never be left out
where a rule would find something (`tests/rules/test_rules_any_record.py`). Values that many visits share are judged once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from edi.rules.attachment import IMAGES
from edi.rules.charge import is_amount
from edi.rules.code import RIVALS, is_code
from edi.rules.diagnosis import kind_of
from edi.rules.format import PARTIES, STATES
from edi.rules.provider import (
    ROLES,
    is_long_postal_code,
    names_box,
    npi_is_right,
    tax_id_is_right,
    taxonomy_is_right,
)
from edi.rules.tooth import ADULT, ERUPTION
from edi.visit import feature as has
from edi.visit.facts import Facts
from edi.visit.tooth import KINDS, THIRD_MOLARS

_ROLES = tuple(key for key, *_ in ROLES)
_STATES = STATES | {None}


def doubts(facts: Facts) -> int:
    """The doubts about a visit, as bits."""
    found = _lines(facts) | _diagnoses(tuple(facts.diagnoses)) | _parties(facts.visit)
    if not facts.plain:
        found |= has.ODD_CHARACTER
    if facts.same_id_other_content or facts.sent_otherwise:
        found |= has.ODD_ID
    if len(facts.teeth) != len(facts.lines):
        found |= has.ODD_TOOTH
    for tooth in facts.teeth:
        found |= _tooth(tooth, facts.age)
    if _is_odd_proof(facts):
        found |= has.ODD_PROOF
    if "accident" in facts.visit:
        found |= _accident(facts.visit["accident"], facts)
    if facts.features & has.LONG_EPISODE and facts.episode:
        before = ""
        for visit in facts.episode["visits"]:
            if visit["serviceDate"] <= before:
                found |= has.ODD_EPISODE
            before = visit["serviceDate"]
    if facts.attachments or "radiographs" in facts.clinical:
        named = {film.get("attachmentId") for film in facts.clinical.get("radiographs", ())} - {None}
        if named != {each["id"] for each in facts.attachments if each["type"] in IMAGES}:
            found |= has.ODD_IMAGE
    return found


def _lines(facts: Facts) -> int:
    found = 0
    for line in facts.procedures:
        tooth = line.get("toothNumber")
        found |= _procedure(line["code"], line["fee"], tooth)
        if tooth is None and "surfaces" in line:
            found |= has.ODD_LINE
        if line.get("quantity", 1) != 1:
            found |= has.ODD_LINE
        for pointer in line.get("diagnosisPointers", ()):
            if not 0 < pointer <= len(facts.diagnoses):
                found |= has.ODD_LINE
    return found


@lru_cache(maxsize=8192, typed=True)  # 0 and False, 1 and 1.0 are no amounts of one form
def _procedure(code: str, fee: str | int | float, tooth: str | None) -> int:
    found = has.RIVAL_CODE if code in RIVALS else 0
    # Zero is an amount, but none of the usual.
    if is_code(code) and (tooth is None or tooth in KINDS) and is_amount(fee) and float(fee) > 0:
        return found
    return found | has.ODD_LINE


@lru_cache(maxsize=4096)
def _diagnoses(codes: tuple[str, ...]) -> int:
    found = 0
    for code in codes:
        kind = kind_of(code)
        if kind in ("injury", "unlisted"):
            found |= has.OTHER_DIAGNOSIS
        elif kind != "fits":
            found |= has.ODD_DIAGNOSIS
    return found


@lru_cache(maxsize=4096)
def _tooth(tooth: str, age: int | None) -> int:
    usual = KINDS[tooth] == "permanent" and tooth not in THIRD_MOLARS
    return 0 if usual and (age is None or ERUPTION[tooth] <= age <= ADULT) else has.ODD_TOOTH


def _is_odd_proof(facts: Facts) -> bool:
    films = facts.clinical.get("radiographs", ())
    tests = facts.clinical.get("pulpTests", ())
    if len(facts.teeth) != 1 or len(films) != len(facts.films) or len(tests) != len(facts.tests):
        return True
    last = "" if facts.features & has.LINE_DATES else facts.day or ""
    return any(film["date"] > last for film in films)


def _accident(accident: Any, facts: Facts) -> int:
    found = has.ODD_STATE if "state" in accident else 0
    if facts.features & has.LINE_DATES or accident["date"] > (facts.service_date or ""):
        found |= has.ODD_ACCIDENT
    return found


def _parties(visit: Any) -> int:
    found = 0
    for key in _ROLES:
        provider = visit.get(key)
        if provider and not _numbers_are_right(
            provider.get("npi"), provider.get("taxonomyCode"), provider.get("taxId")
        ):
            found = has.ODD_NUMBER
    for key in PARTIES:
        party = visit.get(key)
        if party and "address" in party and party["address"].get("state") not in _STATES:
            found |= has.ODD_STATE
    if "payToAddress" in visit and visit["payToAddress"].get("state") not in _STATES:
        found |= has.ODD_STATE
    street = visit["billingProvider"]["address"]
    if not _is_street(street["line1"], street.get("line2", ""), street.get("postalCode", "")):
        found |= has.ODD_STREET
    if "otherInsurance" in visit:
        found |= has.ODD_STATE
    return found


@lru_cache(maxsize=4096)
def _is_street(line1: str, line2: str, postal_code: str) -> bool:
    return is_long_postal_code(postal_code) and not names_box(line1) and not names_box(line2)


@lru_cache(maxsize=8192)
def _numbers_are_right(npi: str | None, taxonomy: str | None, tax_id: str | None) -> bool:
    return (
        (npi is None or npi_is_right(npi))
        and (taxonomy is None or taxonomy_is_right(taxonomy))
        and (tax_id is None or tax_id_is_right(tax_id))
    )
