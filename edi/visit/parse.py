"""One record's JSON text to a record, or to the one finding that says why there is none.

The common case is orjson alone. What orjson lets pass and a claim must not (a key given twice) costs one look at
the text written anew; naming the fault is left to slow paths that only bad text meets.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

import orjson

from edi.finding import Finding
from edi.visit.absent import drop_absent
from edi.visit.charset import is_plain_json
from edi.visit.schema import EDITORS_KEY, visit_id_pattern
from edi.visit.suggestion import printable
from edi.visit.whole_numbers import make_whole

_MOST_NESTED = 250
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"


class Parsed(NamedTuple):
    """A record and no finding, or the finding that says why there is none. With `exact` the text says just this record:
    nothing was taken out or made a whole number. `plain` is then what `edi.visit.charset.is_plain` says of it."""

    record: Any
    finding: Finding | None
    exact: bool = False
    plain: bool = False


def parse(data: bytes) -> tuple[Any, Finding | None]:
    """The record in `data`, with absent fields taken out (`edi.visit.absent`), and None; or None and the finding.

    Text that is not JSON earns a finding of category `format`, a value that is no object or a key given twice
    one of category `schema`. The record's shape is not judged here (`edi.visit.schema`).
    """
    return parse_closely(data)[:2]


def parse_closely(data: bytes) -> Parsed:
    """As `parse`, with what it takes to read the text once more at less cost (`reread`)."""
    try:
        record = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return _rescue(data, error)
    if type(record) is not dict:
        finding = _finding(
            "SCH-TYPE",
            "schema",
            f"The record is {_kind(record)}, not an object.",
            "Write one visit as an object: {...}.",
            data,
        )
        return Parsed(None, finding)
    try:
        compact = orjson.dumps(record)
    except orjson.JSONEncodeError:
        return Parsed(None, _too_deep(data))
    if compact != data and _may_repeat_key(data, compact):
        twice = _repeated_key(data)
        if twice is not None:
            return Parsed(None, _given_twice(twice, data))
    exact = not make_whole(record)
    if EDITORS_KEY in record:
        del record[EDITORS_KEY]
        exact = False
    # rfind is a plain loop and beats the adaptive search behind "in" on text of this size.
    if compact.rfind(b':""') >= 0 or compact.rfind(b":null") >= 0:
        record = drop_absent(record)
        exact = False
    return Parsed(record, None, exact, exact and is_plain_json(compact))


def reread(data: bytes, *, exact: bool = False) -> Any:
    """The record in a text that `parse` has accepted before: the same, without looking for faults again. `exact` is what
    `parse_closely` said of it."""
    if exact:
        return orjson.loads(data)
    record = orjson.loads(data.removeprefix(_BOM))
    make_whole(record)
    record.pop(EDITORS_KEY, None)
    if data.rfind(b'""') >= 0 or data.rfind(b"null") >= 0:
        record = drop_absent(record)
    return record


def _may_repeat_key(data: bytes, compact: bytes) -> bool:
    """True unless it is certain that no key was lost: each key has one colon, and text keeps its colons."""
    return data.count(b":") != compact.count(b":") or (b"\\" in data and b"\\u003" in data)


def _repeated_key(data: bytes) -> str | None:
    """The first key that an object in the text has twice."""
    found: list[str] = []

    def watch(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        out = dict(pairs)
        if len(out) < len(pairs):
            seen: set[str] = set()
            found.extend(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return out

    json.loads(data, object_pairs_hook=watch)
    return found[0] if found else None


def _rescue(data: bytes, error: orjson.JSONDecodeError) -> Parsed:
    """Text that orjson refused: a byte order mark is forgiven, the rest explained."""
    if data.startswith(_BOM) and data != _BOM:
        return parse_closely(data[len(_BOM) :])._replace(exact=False, plain=False)
    return Parsed(None, _why(data, error))


def _why(data: bytes, error: orjson.JSONDecodeError) -> Finding:
    for rule, message, fix, is_it in _CAUSES:
        if is_it(data):
            return _finding(rule, "format", message, fix, data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as bad:
        return _finding(
            "FMT-UTF8",
            "format",
            f"Byte {bad.start + 1} of the record is not UTF-8.",
            "Save the text as UTF-8.",
            data,
        )
    if "recursion" in str(error).lower() or _depth(data) > _MOST_NESTED:
        return _too_deep(data)
    return _syntax(data, error)


def _syntax(data: bytes, error: orjson.JSONDecodeError) -> Finding:
    """What json says about the text, which is more than orjson says; without the text itself."""
    try:
        json.loads(data, parse_constant=_refuse)
    except json.JSONDecodeError as better:
        if better.pos >= len(better.doc.rstrip()) or better.msg.startswith("Unterminated string"):
            return _finding(
                "FMT-TRUNCATED",
                "format",
                "The JSON text ends before the record does.",
                "Write the whole record; look whether the file was cut off.",
                data,
            )
        extra = better.msg.startswith("Extra data")
        control = better.msg.startswith("Invalid control")
        what = better.msg[0].lower() + better.msg[1:].removesuffix(" at")
        return _finding(
            "FMT-CONTROL" if control else "FMT-JSON",
            "format",
            f"The text is not JSON: {'something follows the record' if extra else what} ({_where(better)}).",
            _CONTROL_FIX if control else "Correct the JSON there.",
            data,
        )
    except (ValueError, RecursionError) as other:
        what = str(other)
    else:
        what = "half of a character stands alone" if "surrogate" in error.msg else error.msg
    message = f"The text is not JSON: {what} ({_where(error)})."
    return _finding("FMT-JSON", "format", message, "Correct the JSON there.", data)


def _where(error: json.JSONDecodeError) -> str:
    return f"line {error.lineno}, column {error.colno} of the record"


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _depth(data: bytes) -> int:
    """How deep the text nests, without regard to brackets inside strings."""
    deepest = depth = 0
    for byte in data:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


_CONTROL_FIX = "Take the control character out, or write it as an escape such as \\n."
_CAUSES = (
    ("FMT-EMPTY", "There is no text where a record should be.", "Write a record, or take the empty entry out.",
     lambda data: not data.strip() or data == _BOM),
    ("FMT-UTF16", "The text is UTF-16.", "Save it as UTF-8.", lambda data: data[:2] in _UTF16),
    ("FMT-CONTROL", "The text holds a NUL character.", _CONTROL_FIX, lambda data: b"\0" in data),
)  # fmt: skip


def _too_deep(data: bytes) -> Finding:
    return _finding(
        "FMT-DEPTH",
        "format",
        f"The JSON nests deeper than {_MOST_NESTED} levels.",
        "Write the record as the schema shows it.",
        data,
    )


def _given_twice(key: str, data: bytes) -> Finding:
    name = printable(key)
    return _finding(
        "SCH-DUPLICATE-KEY",
        "schema",
        f'The key "{name}" is given twice in one object, and which one counts is unclear.',
        f'Take one "{name}" out.',
        data,
    )


def _kind(value: Any) -> str:
    names = {list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "null")


def _finding(rule: str, category: Any, message: str, fix: str, data: bytes) -> Finding:
    known = re.findall(f'"visitId"\\s*:\\s*"({visit_id_pattern()})"'.encode(), data)
    visit_id = known[0].decode() if len(known) == 1 else None
    return Finding(
        rule=rule, category=category, severity="error", message=message, fix=fix, visit_id=visit_id, path=""
    )
