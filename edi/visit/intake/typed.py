"""Cells and element texts to values, by the types of the schema. What does not fit its type stays text: the
schema check then says so, with its place."""

from __future__ import annotations

import re
from typing import Any

from edi.visit.fields import Field
from edi.visit.intake.records import BLANKS

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def typed(text: str, field: Field) -> Any:
    """The value that a text stands for at a place; blanks around it are dropped."""
    text = text.strip(BLANKS)
    if field.kind == "integer" and _WHOLE.fullmatch(text):
        return int(text)
    if field.kind == "boolean":
        return _BOOLEANS.get(text.lower(), text)
    return text
