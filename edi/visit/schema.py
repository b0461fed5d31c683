"""The published schemas: their text, the fast check of a record, and the explanation of a refused one.

Nearly all records are good. `is_valid` runs a validator that is compiled from visit.schema.json once per process
(jsonschema-rs, some ten microseconds a record). Only a refused record is explained, which is slow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from edi.errors import SettingsError
from edi.finding import Finding

NAMES: Final = ("visit", "payload", "report", "finding", "reject", "guide", "xsd")

END_OF_TEXT: Final = r"(?![\s\S])"
"""Published patterns end in this: "$" means "before a last newline, too" to Python, but not to ECMA-262 and Rust."""

EDITORS_KEY: Final = "$schema"
"""The one key of a record that is no field: it tells editors where visit.schema.json is."""


@cache
def schema_text(name: str) -> str:
    """The text of a published schema, one of NAMES; "xsd" is visit.xsd, the others are JSON Schema 2020-12.

    Raises SettingsError for another name.
    """
    return schema_file(name).read_text(encoding="utf-8")


def schema_file(name: str) -> Path:
    """The file of a published schema. Raises SettingsError for a name that is not in NAMES."""
    if name not in NAMES:
        raise SettingsError(f"There is no schema of that name; there are {', '.join(NAMES)}.")
    package = Path(__file__).parents[1]
    # The wheel carries the folder inside the package; a checkout has it beside the package.
    folder = next(path for path in (package / "schemas", package.parent / "schemas") if path.is_dir())
    return folder / ("visit.xsd" if name == "xsd" else f"{name}.schema.json")


@cache
def visit_schema() -> Mapping[str, Any]:
    """visit.schema.json, parsed."""
    schema: Mapping[str, Any] = json.loads(schema_text("visit"))
    return schema


@cache
def visit_id_pattern() -> str:
    """The pattern of a whole visitId."""
    pattern: str = visit_schema()["properties"]["visitId"]["pattern"]
    return pattern.removeprefix("^").removesuffix(END_OF_TEXT)


@cache
def _compiled() -> Callable[[Any], bool]:
    import jsonschema_rs

    # The same language in Rust's dialect, where "$" needs no look-ahead and matches a good deal faster.
    schema = schema_text("visit").replace(json.dumps(END_OF_TEXT)[1:-1], "$")
    check: Callable[[Any], bool] = jsonschema_rs.validator_for(schema).is_valid
    return check


def is_valid(record: Any) -> bool:
    """True when the record keeps to visit.schema.json."""
    try:
        return _compiled()(record)
    except (
        ValueError
    ):  # no JSON text can hold this: a lone surrogate, a key that is not text, a foreign object
        return False


def explain(record: Any) -> list[Finding]:
    """What is wrong with the record by the schema, the most useful finding first. Empty when `is_valid`."""
    from edi.visit.explain import explain_record

    return explain_record(record)


def usable_id(record: Any) -> str | None:
    """The record's visitId when it has one in the form that the schema asks for."""
    found = record.get("visitId") if isinstance(record, dict) else None
    return found if isinstance(found, str) and re.fullmatch(visit_id_pattern(), found) else None
