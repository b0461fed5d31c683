"""Findings about the shape of a record, in plain words and without any value of the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from edi.finding import Finding, pointer
from edi.visit.fault import Fault
from edi.visit.fields import Field, visit_fields
from edi.visit.suggestion import nearest_name, printable
from edi.visit.unknown_keys import Path, UnknownKey

_KINDS = {
    "object": "an object",
    "list": "a list",
    "text": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}
_MOST_PLACES = 3


def unknown_key_finding(unknown: UnknownKey, visit_id: str | None) -> Finding:
    """The finding for a key that the schema does not know."""
    where = _label(unknown.parent)
    key = printable(unknown.key)
    message = f'{where} has an unknown key "{key}".'
    if unknown.meant is not None and not unknown.present:
        message = f'{where} has an unknown key "{key}"; the nearest known key is "{unknown.meant}".'
        fix = f'Rename "{key}" to "{unknown.meant}".'
    elif unknown.elsewhere:
        places = " or ".join(unknown.elsewhere[:_MOST_PLACES])
        message = f'{where} has an unknown key "{key}"; it is known as {places}.'
        fix = f'Move "{key}" to {places}, or take it out.'
    elif unknown.meant is not None:
        message = f'{where} has an unknown key "{key}" beside "{unknown.meant}".'
        fix = f'Take "{key}" out; "{unknown.meant}" is there already.'
    else:
        fix = f'Take "{key}" out. Known keys here: {", ".join(_at(unknown.parent).members)}.'
    return _finding("SCH-UNKNOWN-KEY", message, fix, (*unknown.parent, unknown.key), visit_id)


def fault_finding(fault: Fault, path: Path, visit_id: str | None) -> Finding:
    """The finding for a fault; `path` is its place in the record as it was given."""
    message, fix = _WORDS[fault.rule](fault)
    if fault.condition is not None and fault.condition.words:
        message = f"{message} {fault.condition.words}"
    return _finding(fault.rule, message, fix, path, visit_id)


def _finding(rule: str, message: str, fix: str, path: Path, visit_id: str | None) -> Finding:
    return Finding(
        rule=rule,
        category="schema",
        severity="error",
        message=message,
        fix=fix,
        visit_id=visit_id,
        path=pointer(*path),
    )


def _missing(fault: Fault) -> tuple[str, str]:
    label = _label(fault.path)
    if fault.names:
        return f"{label} lacks {_and(fault.names)}.", f"Add {_and(fault.names)} to {label}."
    if fault.error.validator == "anyOf":
        assert fault.condition is not None
        return f"{label} is not complete.", f"Add {_or(sorted(fault.condition.reads))} to {label}."
    if fault.instance == "" or (fault.instance is None and fault.error.validator != "required"):
        return f"{label} is empty.", f"Give {label}: {_expected(_at(fault.path))}."
    return f"{label} is missing.", f"Add {label}: {_expected(_at(fault.path))}."


def _excluded(fault: Fault) -> tuple[str, str]:
    names = [_label((*fault.path, name)) for name in fault.names] or [_label(fault.path)]
    return f"{_and(names)} may not be given here.", f"Take {_and(names)} out."


def _type(fault: Fault) -> tuple[str, str]:
    label = _label(fault.path)
    field = _at(fault.path)
    fix = f"Write {label[0].lower() + label[1:]} as {_expected(field)}."
    return f"{label} is {_found(fault.instance)}, not {_kind(field)}.", fix


def _enum(fault: Fault) -> tuple[str, str]:
    label = _label(fault.path)
    allowed = [value for value in fault.error.validator_value if value]
    if not isinstance(fault.instance, str):
        return (
            f"{label} is {_found(fault.instance)}, not text.",
            f"Write one of {', '.join(allowed)} as text.",
        )
    meant = nearest_name(fault.instance, allowed)
    fix = f"Write {meant}, if that is meant." if meant else f"Write one of {', '.join(allowed)}."
    return f"{label} is none of {', '.join(allowed)}.", fix


def _pattern(fault: Fault) -> tuple[str, str]:
    label = _label(fault.path)
    field = _at(fault.path)
    if not fault.instance.strip(" \t\r\n"):
        return f"{label} holds nothing but blanks.", f"Give {label}: {_expected(field)}."
    if _is_date(field.schema):
        plain = len(fault.instance) == 10 and fault.instance[4] == fault.instance[7] == "-"
        if plain:
            return f"{label} is no day of the calendar from 1900 to 2099.", f"Correct the day in {label}."
        return f"{label} is not written YYYY-MM-DD.", f"Write {label} as YYYY-MM-DD."
    if fault.instance != fault.instance.strip():
        return f"{label} has blanks around it.", f"Write {label} without blanks before and after it."
    return f"{label} is not in the form that is expected.", f"Write {label} as {_expected(field)}."


def _length(fault: Fault) -> tuple[str, str]:
    label = _label(fault.path)
    limit = fault.error.validator_value
    unit = "entries" if isinstance(fault.instance, list) else "characters"
    has = f"{label} has {len(fault.instance)} {unit}"
    if str(fault.error.validator).startswith("max"):
        return f"{has}; at most {limit} are possible.", f"Shorten {label} to {limit} {unit}."
    return f"{has}; at least {limit} are needed.", f"Give {label}: {_expected(_at(fault.path))}."


def _range(fault: Fault) -> tuple[str, str]:
    label = _label(fault.path)
    side = "below" if fault.error.validator == "minimum" else "above"
    limit = fault.error.validator_value
    return f"{label} is {side} {limit}.", f"Write {label} as {_expected(_at(fault.path))}."


_WORDS = {
    "SCH-REQUIRED": _missing,
    "SCH-EXCLUDED": _excluded,
    "SCH-TYPE": _type,
    "SCH-ENUM": _enum,
    "SCH-PATTERN": _pattern,
    "SCH-LENGTH": _length,
    "SCH-RANGE": _range,
}


def _label(path: Path) -> str:
    """A place as a person reads it: procedures.0.fee, the same as a CSV header."""
    return ".".join(printable(str(step)) for step in path) or "The record"


def _at(path: Path) -> Field:
    field = visit_fields()
    for step in path:
        below = field.item if isinstance(step, int) else field.members.get(step)
        assert below is not None, "faults lie where the schema knows the way"
        field = below
    return field


def _found(value: Any) -> str:
    for kind, words in _FOUND:
        if isinstance(value, kind):
            return words
    return "null" if value is None else "a value that JSON does not have"


_FOUND: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (str, "text"),
    (list, "a list"),
    (dict, "an object"),
)


def _kind(field: Field) -> str:
    return "text or a number" if "number" in field.schema.get("type", ()) else _KINDS[field.kind]


def _is_date(schema: Mapping[str, Any]) -> bool:
    return schema.get("format") == "date"


def _is_amount(field: Field) -> bool:
    return field.definition in ("amount", "optionalAmount")


def _expected(field: Field) -> str:
    """What the schema wants of a field, with the meaning of the field from its description."""
    schema = field.schema
    if "enum" in schema:
        return f"one of {', '.join(value for value in schema['enum'] if value)}"
    if _is_date(schema):
        return "a date, YYYY-MM-DD"
    if _is_amount(field):
        return "dollars and cents with a point and no other sign, like 215.00 or -20.50"
    meaning = _meaning(schema["description"])
    if schema.get("pattern", "").startswith("^"):
        return meaning
    words = _kind(field)
    if field.kind == "boolean":
        return words
    if field.kind == "object" and field.required:
        return f"{words} with {_and([name for name in field.members if name in field.required])}"
    if field.kind == "integer":
        words += f" from {schema['minimum']} to {schema['maximum']}"
    if words == _KINDS["text"]:
        words += f" of at most {schema['maxLength']} characters"
    return f"{words} ({meaning})"


def _meaning(description: str) -> str:
    """A description within a sentence."""
    starts_word = description[1:2].islower() or description[1:2] == " "
    text = description[0].lower() + description[1:] if starts_word else description
    return text.rstrip(".")


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _or(names: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
