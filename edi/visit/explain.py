"""Why a record was refused, as findings of category `schema`: one for each fault, none for a consequence.

jsonschema finds the faults in a copy of the record whose mistyped keys are put right (`edi.visit.unknown_keys`); what
is wrong only because something else is wrong is dropped; the rest is said in plain words (`edi.visit.schema_messages`).
A message names fields, types and lengths, never a value: a value may be a person's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from edi.finding import Finding, pointer
from edi.visit.fault import Condition, Fault
from edi.visit.fields import resolve, visit_fields
from edi.visit.schema import is_valid, usable_id, visit_schema
from edi.visit.schema_messages import fault_finding, unknown_key_finding
from edi.visit.unknown_keys import KeyCorrections, Path

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_MOST_FINDINGS = 100
_RANKS = ("SCH-UNKNOWN-KEY", "SCH-REQUIRED", "SCH-TYPE", "SCH-ENUM", "SCH-PATTERN", "SCH-EXCLUDED")
_RULES = {
    "type": "SCH-TYPE",
    "enum": "SCH-ENUM",
    "pattern": "SCH-PATTERN",
    "minLength": "SCH-LENGTH",
    "maxLength": "SCH-LENGTH",
    "minItems": "SCH-LENGTH",
    "maxItems": "SCH-LENGTH",
    "minimum": "SCH-RANGE",
    "maximum": "SCH-RANGE",
}


def explain_record(record: Any) -> list[Finding]:
    """See `edi.visit.schema.explain`."""
    corrections = KeyCorrections()
    copy = corrections.copy(record, visit_fields())
    faults = _one_each(_without_consequences(list(_faults(copy)), corrections))
    visit_id = usable_id(copy)
    findings = [unknown_key_finding(unknown, visit_id) for unknown in corrections.unknown[:_MOST_FINDINGS]]
    findings += [
        fault_finding(fault, corrections.original(fault.path), visit_id) for fault in faults[:_MOST_FINDINGS]
    ]
    if not findings and not is_valid(record):
        findings.append(_not_json(visit_id))
    findings.sort(key=_usefulness)
    return findings[:_MOST_FINDINGS]


def _usefulness(finding: Finding) -> tuple[int, int]:
    rank = _RANKS.index(finding.rule) if finding.rule in _RANKS else len(_RANKS)
    return (rank, (finding.path or "").count("/"))


def _not_json(visit_id: str | None) -> Finding:
    return Finding(
        rule="SCH-VALUE",
        category="schema",
        severity="error",
        message="The record holds a value that JSON text cannot hold.",
        fix="Use only text, finite numbers, true, false, null, lists and objects with text keys.",
        visit_id=visit_id,
        path=pointer(),
    )


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    every = Draft202012Validator.VALIDATORS["items"]

    def items(validator: Any, schema: Any, entries: Any, around: Any) -> Any:
        # Of a list that is too long, what lies beyond its limit is not worth the time.
        within = entries[: around.get("maxItems")] if isinstance(entries, list) else entries
        return every(validator, schema, within, around)

    limited = extend(Draft202012Validator, {"items": items})  # type: ignore[no-untyped-call]
    return cast("Draft202012Validator", limited(visit_schema()))


def _faults(record: Any) -> Iterator[Fault]:
    for error in _validator().iter_errors(record):
        path = tuple(error.absolute_path)
        condition = _condition(error, path)
        if error.validator == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    yield Fault((*path, name), "SCH-REQUIRED", error, condition)
        elif error.validator == "anyOf":
            yield Fault(path, "SCH-REQUIRED", error, condition)
        else:
            yield Fault(path, _rule(error), error, condition)


def _rule(error: ValidationError) -> str:
    if error.validator == "enum" and error.validator_value == [None, ""]:
        return "SCH-EXCLUDED"
    if error.instance is None or error.instance == "":
        return "SCH-REQUIRED"
    if error.validator == "maxLength" and error.validator_value == 0:
        return "SCH-TYPE"
    return _RULES[str(error.validator)]


def _condition(error: Any, path: Path) -> Condition | None:
    """The if/then/else or anyOf that the error comes from, with the object it judges and the names it reads."""
    if error.validator == "anyOf":
        names = frozenset(name for branch in error.validator_value for name in branch["properties"])
        return Condition(path, names, error.schema.get("description", ""))
    steps = list(error.absolute_schema_path)
    branches = [place for place, step in enumerate(steps) if step in ("then", "else")]
    if not branches:
        return None
    node: Any = visit_schema()
    for step in steps[: branches[-1]]:
        below = node[step]
        node = resolve(below) if isinstance(below, dict) else below
    deeper = sum(1 for step in steps[branches[-1] + 1 :: 2] if step == "properties")
    names = frozenset(node["if"].get("properties", ()))
    return Condition(path[: len(path) - deeper], names, node[steps[branches[-1]]].get("description", ""))


def _without_consequences(faults: list[Fault], corrections: KeyCorrections) -> Iterator[Fault]:
    """Leaves out what a condition asks for when a field that the condition reads is itself at fault."""
    wrong = {fault.path for fault in faults if fault.condition is None}
    wrong |= {path for path in wrong for path in _above(path)}
    moved = {name for unknown in corrections.unknown for name in unknown.elsewhere}
    for fault in faults:
        condition = fault.condition
        if condition is not None and any((*condition.path, name) in wrong for name in condition.reads):
            continue
        if fault.path in corrections.renamed:
            continue
        if fault.rule == "SCH-REQUIRED" and ".".join(map(str, fault.path)) in moved:
            continue
        yield fault


def _above(path: Path) -> Iterator[Path]:
    return (path[:depth] for depth in range(1, len(path)))


def _one_each(faults: Iterator[Fault]) -> list[Fault]:
    """One fault for each place, and one for all that a condition misses in one object."""
    places: dict[Path, Fault] = {}
    for fault in faults:
        known = places.get(fault.path)
        # A condition knows more than the field's own pattern: keep its sentence.
        if known is None or (known.condition is None and fault.condition is not None):
            places[fault.path] = fault
    groups: dict[object, Fault] = {}
    for path, fault in places.items():
        grouped = fault.rule in ("SCH-REQUIRED", "SCH-EXCLUDED") and fault.condition is not None
        key = (path[:-1], fault.rule, fault.condition) if grouped else path
        groups[key] = groups[key].also(path) if key in groups else fault
    return list(groups.values())
