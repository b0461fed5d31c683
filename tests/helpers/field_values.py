"""Valid values of the record's fields that can be told apart."""

from __future__ import annotations

import datetime
from typing import Any

from edi.visit.fields import Field, visit_fields
from edi.visit.x12_targets import x12_targets

_SPECIAL = {
    "visitId": ("MARK-1", "MARK-2"),
    "purpose": ("claim", "encounter", "predetermination"),
    "placeOfService": ("11", "22"),
    "procedure.placeOfService": ("31", "32"),
    "state": ("OH", "TX"),
    "postalCode": ("43206", "75001"),
    "country": ("GB", "DE"),
    "phone": ("6145550142", "6145550199"),
    "extension": ("7", "8"),
    "fax": ("6145550143", "6145550198"),
    "surfaces": ("MODBL", "OMBLD"),
    "transmission": ("EL", "BM", "AA", "EM", "FT", "FX"),
    "line": (1, 1),
}
_NUMBERS = {field.path: number for number, field in enumerate(visit_fields().below())}


def values(field: Field, entry: int = 0) -> tuple[Any, ...]:
    """Valid values of a field: of an enumeration all of them, else two. Each field has its own, and so has the same field of another
    entry of a list."""
    key = field.path[-1]
    if field.item:
        count = min(field.schema["maxItems"], max(len(x12_targets()[field.path]), 1))
        return tuple([values(field.item, number)[which] for number in range(count)] for which in (0, 1))
    if special := _SPECIAL.get(field.name) or _SPECIAL.get(key):
        return special
    if field.kind == "boolean":
        return True, False
    if "enum" in field.schema:
        return tuple(value for value in field.schema["enum"] if value)
    if field.kind == "integer":
        return entry + 2, entry + 12
    numbers = [2 * _NUMBERS[field.path] + 1000 * entry + which for which in (0, 1)]
    if field.schema.get("format") == "date":
        return tuple(f"{datetime.date(1990, 1, 1) + datetime.timedelta(number)}" for number in numbers)
    if "number" in field.schema["type"]:
        return tuple(f"{number}.5" for number in numbers)
    return tuple(f"X{number}"[-field.schema["maxLength"] :] for number in numbers)
