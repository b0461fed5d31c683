"""What visit.schema.json says of the claim: elements, codes, defaults, and what a field that is not sent is for."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from edi.guide.claim_837d import GUIDE
from edi.guide.standard import ELEMENTS
from edi.visit import fields, schema
from edi.visit.fields import Field, visit_fields
from edi.visit.x12_targets import Target, x12_targets
from edi.x12.address import parse_address

WRITTEN_ANEW = (
    "claim.purpose",
    "narrative",
    "address.state",
    "procedure.surfaces",
    "treatedTooth.surfaces",
    "procedure.fee",
)
"""Fields that the claim has in another form, or cut."""

VALUES = [field for field in visit_fields().below() if not (field.item or field).members]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A copy of the schema to break; x12_targets reads it instead."""
    caches = (visit_fields, x12_targets)
    text = json.loads(schema.schema_text("visit"))
    for each in (schema, fields):
        monkeypatch.setattr(each, "visit_schema", lambda: text)
    for cached in caches:
        cached.cache_clear()
    yield text
    for cached in caches:
        cached.cache_clear()


def test_an_address_is_found_in_the_loops_of_its_object() -> None:
    targets = x12_targets()
    assert targets["subscriber", "groupNumber"] == (Target("2000B", "SBR SBR03"),)
    assert targets["subscriber", "memberId"] == (Target("2010BA", "NM1 NM108=MI NM109"),)
    assert targets["otherInsurance", "subscriber", "memberId"][0].loop == "2330A"
    assert targets["otherInsurance", "subscriber", "birthDate"] == ()
    assert targets["visitId",] == (Target("2300", "CLM CLM01"), Target("2400", "REF:6R REF02"))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("REF:ZZ REF02", "no element for claim.predeterminationId"),
        ("REF:G3 REF09", "REF:G3 has no REF09"),
        ("REF:G3 REF03", "REF:G3 has no REF03"),
        ("REF REF02", "several REF"),
        ("DTP:472 DTP02=D9 DTP03", "DTP02 of DTP:472 in loop 2300 cannot be D9"),
    ],
)
def test_an_address_that_the_guide_does_not_have_is_refused(broken: Any, address: str, words: str) -> None:
    broken["properties"]["claim"]["properties"]["predeterminationId"]["x-x12"] = address
    with pytest.raises(ValueError, match=words):
        x12_targets()


def test_an_address_that_two_loops_have_is_refused(broken: Any) -> None:
    broken["properties"]["patient"]["x-x12"] = ["2000C", "2010BA", "2010CA"]
    with pytest.raises(ValueError, match="stands in 2010BA and 2010CA"):
        x12_targets()


@pytest.mark.parametrize("field", VALUES, ids=lambda field: ".".join(field.path))
def test_a_field_is_sent_or_says_what_it_is_for(field: Field) -> None:
    stated = "x-x12" in field.schema
    around = [visit_fields()]
    for key in field.path:
        below = around[-1].members[key]
        around.append(below.item or below)
    used = any("x-use" in each.schema for each in (*around, field))
    assert stated != used


@pytest.mark.parametrize("field", VALUES, ids=lambda field: ".".join(field.path))
def test_codes_and_lengths_suit_the_element(field: Field) -> None:
    schema = (field.item or field).schema
    words = (
        ["true", "false"] if field.kind == "boolean" else [word for word in schema.get("enum", ()) if word]
    )
    codes = schema.get("x-codes", {word: word for word in words})
    assert set(words) <= set(codes)
    for target in x12_targets()[field.path]:
        element = parse_address(GUIDE, *target).element
        if field.name not in WRITTEN_ANEW:
            assert not element.codes or {codes[word] for word in words} <= set(element.codes)
            if not words and field.kind == "text":
                assert schema["maxLength"] <= (element.high or ELEMENTS[element.number].high)


def test_a_default_is_a_value_of_its_field() -> None:
    whole = copy.deepcopy(dict(schema.visit_schema()))
    for field in visit_fields().below():
        if "default" in field.schema:
            one = {"$schema": whole["$schema"], "$defs": whole["$defs"], **field.schema}
            assert Draft202012Validator(one).is_valid(field.schema["default"]), field.name
