"""The case data of the rules: base records, changes to them, and the findings that they must earn."""

from __future__ import annotations

import copy
import json
from typing import Any

from folders import RULE_CASES

from edi.finding import Finding
from edi.rules import Profile, apply_rules
from edi.visit.facts import EarlierVisit, Facts, FileFact

TODAY = "2026-09-30"


def _change(record: dict[str, Any], path: str, value: Any) -> None:
    """Set the place of a JSON Pointer, append there, or take it out when the value is null."""
    *parents, last = path.lstrip("/").split("/")
    at: Any = record
    for part in parents:
        at = at[int(part)] if isinstance(at, list) else at.setdefault(part, {})
    if isinstance(at, list):
        place = int(last)
        if value is None:
            del at[place]
        elif place == len(at):
            at.append(value)
        else:
            at[place] = value
    elif value is None:
        at.pop(last, None)
    else:
        at[last] = value


def base(name: str, changes: dict[str, Any] | None = None) -> Any:
    """A clean synthetic record, by its name in bases.json, with changes (JSON Pointer -> value)."""
    entry = json.loads((RULE_CASES / "bases.json").read_text(encoding="utf-8"))[name]
    record = copy.deepcopy(entry["record"]) if "record" in entry else base(entry["from"], entry["set"])
    for path, value in (changes or {}).items():
        _change(record, path, copy.deepcopy(value))
    return record


def facts_of(case: dict[str, Any]) -> Facts:
    """The facts that a case describes."""
    files = case.get("files")
    return Facts(
        base(case["base"], case.get("set")),
        as_of=case.get("as_of", TODAY),
        earlier=[EarlierVisit(*visit) for visit in case.get("earlier", [])],
        files={name: FileFact(*fact[:3], None, *map(_value, fact[3:])) for name, fact in files.items()}
        if files
        else None,
        same_id_other_content=case.get("same_id_other_content", False),
        sent_otherwise=case.get("sent_otherwise", ()),
        repeated_lines=case.get("repeated_lines", ()),
    )


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def of_course(date: str, code: str, **changes: Any) -> Any:
    """A visit of the course of tooth 9, of a date of its own and without an episode or a film."""
    name = {"D3351": "first", "D3352": "renewal", "D3353": "closing"}[code]
    record: Any = base(
        name, {"/episode": None, "/attachments": None, "/clinical/radiographs/0/attachmentId": None}
    )
    record["clinical"]["radiographs"][0]["date"] = date
    record["clinical"]["rationale"] = f"Barrier looked at on {date}"
    return record | {"serviceDate": date} | changes


def judged(case: dict[str, Any]) -> list[Finding]:
    """The findings of a case."""
    return apply_rules(facts_of(case), Profile(**case.get("profile", {})))


def all_cases() -> list[tuple[str, str, int, dict[str, Any]]]:
    """Rule, side ("trips", "passes"), place and case of every data file."""
    return [
        (file.stem, side, place, case)
        for file in sorted(RULE_CASES.glob("APX-*.json"))
        for side, cases in json.loads(file.read_text(encoding="utf-8")).items()
        for place, case in enumerate(cases)
    ]
