"""Which files are made from visit.schema.json, and the text that each should have."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from edi.visit import record
from edi.visit.generate.record_types import record_types
from edi.visit.generate.xsd import xsd
from edi.visit.schema import schema_file


def generated() -> Mapping[Path, str]:
    """The text of each file."""
    return {Path(record.__file__): record_types(), schema_file("xsd"): xsd()}
