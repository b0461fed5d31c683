"""Cells and element texts to values, by the types of the schema. What does not fit its type stays text: the
schema check then says so, with its place."""

from __future__ import annotations

import re
from typing import Any

from edi.visit.intake.records import BLANKS
from edi.visit.shape import Shape

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def typed(text: str, shape: Shape) -> Any:
    """The value that a text stands for at a place; blanks around it are dropped."""
    text = text.strip(BLANKS)
    if shape.kind == "integer" and _WHOLE.fullmatch(text):
        return int(text)
    if shape.kind == "boolean":
        return _BOOLEANS.get(text.lower(), text)
    return text
