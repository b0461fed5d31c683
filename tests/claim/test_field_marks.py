"""Each field of the record stands in the claim at the elements that visit.schema.json names, and nowhere else.

A value of a field is replaced by another, and the claims that are written before and after are compared element by element.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from claim_elements import Place, claim_elements, place_of
from field_marks import marked_records, slots, text_of
from field_values import values

from edi.visit.fields import Field, visit_fields
from edi.visit.schema import is_valid
from edi.visit.x12_targets import x12_targets

FIELDS = [field for field in visit_fields().below() if field.path in x12_targets()]


@cache
def bases() -> list[tuple[dict[str, Any], Counter[tuple[Place, str]]]]:
    """The marked records, and the elements of their claims."""
    return [(record, Counter(claim_elements(record))) for record in marked_records()]


def replaced(record: Any, field: Field) -> Iterator[tuple[Any, list[str]]]:
    """The record with each other value of a field, and the texts that the claim has for them. In a list of objects each gets
    its own."""
    found = list(slots(record, field.path))
    if not found or (field.kind == "text" and found[0][0][found[0][1]] not in values(field)):
        return
    for number in range(1, len(values(field))):
        changed = copy.deepcopy(record)
        texts = []
        for entry, (around, key) in enumerate(slots(changed, field.path)):
            around[key] = values(field, entry)[number]
            several = field.item is not None or key == "surfaces"
            texts += [
                text_of(field.item or field, each) for each in (around[key] if several else [around[key]])
            ]
        if field.path == ("visitId",):
            texts.append(f"{texts[0]}-1")  # the number of the claim's first line
        yield changed, texts


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: ".".join(field.path))
def test_a_field_stands_at_its_elements_and_nowhere_else(field: Field) -> None:
    places = [place_of(target) for target in x12_targets()[field.path]]
    reached: set[Place] = set()
    for record, before in bases():
        for changed, texts in replaced(record, field):
            assert is_valid(changed)
            new = Counter(claim_elements(changed)) - before
            assert {place for place, _ in new} <= set(places)
            assert {text for _, text in new} <= set(texts)
            reached |= {place for place, _ in new}
        if reached == set(places):
            break
    assert reached == set(places)


def test_the_marked_records_are_valid() -> None:
    for record, _ in bases():
        assert is_valid(record)


LISTS = [field for field in visit_fields().below() if field.kind == "list" and field.optional]


@pytest.mark.parametrize("field", LISTS, ids=lambda field: ".".join(field.path))
def test_an_empty_list_is_as_good_as_none(field: Field) -> None:
    for record, _ in bases():
        empty, absent = copy.deepcopy(record), copy.deepcopy(record)
        for around, key in slots(empty, field.path):
            around[key] = []
        for around, key in list(slots(absent, field.path)):
            del around[key]
        assert list(claim_elements(empty)) == list(claim_elements(absent))
