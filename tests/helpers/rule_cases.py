"""The cases of the rules: base records, changes to them, and the findings that they must give.

A file of tests/data/rules belongs to the rule of its name and holds its cases: `trips`, in which the rule finds something,
and `passes`, in which it does not. A case has

base       the name of a record in bases.json
set        JSON Pointer -> value: what is changed in that record; null takes the place out, the length of a list appends
findings   all findings that the record must give, in order: "RULE /path", after a severity where it is not the rule's own
fix        the fix of its first finding; null: that of the rule, for nothing is guessed
message    the message of its first finding
about      what the case shows, where that is not plain
as_of, profile, earlier, files, same_id_other_content, sent_otherwise, repeated_lines
           what else is known of the visit (see `edi.visit.facts` and `edi.rules.profile`)
"""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any, NamedTuple

from folders import RULE_CASES

from edi.finding import Finding
from edi.rules import RULES, Profile, apply_rules
from edi.visit import feature
from edi.visit.facts import EarlierVisit, Facts, FileFact

TODAY = "2026-09-30"


class Case(NamedTuple):
    """One case: its rule, whether the rule `trips` or `passes`, its place in the list, and what the file says of it."""

    rule: str
    side: str
    place: int
    data: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.rule}-{self.side}-{self.place}"


def _change(record: dict[str, Any], path: str, value: Any) -> None:
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


def change(record: dict[str, Any], changes: dict[str, Any]) -> None:
    """Change a record in place: JSON Pointer -> value, as in a case's `set`."""
    for path, value in changes.items():
        _change(record, path, copy.deepcopy(value))


@cache
def _bases() -> dict[str, Any]:
    bases: dict[str, Any] = json.loads((RULE_CASES / "bases.json").read_text(encoding="utf-8"))
    return bases


def base(name: str, changes: dict[str, Any] | None = None) -> Any:
    """A clean synthetic record, by its name in bases.json, with changes (JSON Pointer -> value)."""
    entry = _bases()[name]
    record = copy.deepcopy(entry["record"]) if "record" in entry else base(entry["from"], entry["set"])
    change(record, changes or {})
    return record


BASES = tuple(_bases())


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


def profile_of(case: dict[str, Any]) -> Profile:
    """The profile that a case describes."""
    return Profile(**case.get("profile", {}))


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def findings_of(case: dict[str, Any]) -> list[Finding]:
    """The findings of a case."""
    return apply_rules(facts_of(case), profile_of(case))


def told(findings: list[Finding]) -> list[str]:
    """Findings as a case has them."""
    return [
        f"{'' if each.severity == RULES[each.rule].severity else each.severity + ' '}{each.rule} {each.path}"
        for each in findings
    ]


def found_by_every_check(facts: Facts, profile: Profile) -> set[tuple[str, str, str]]:
    """Rule, path and message of all that is found when no call of a check is saved: not by a rule's `when`, and not for a
    payer without limits of its own."""
    features = facts.features | feature.LIMITS
    return {
        (rule.id, problem.path, problem.message)
        for rule in RULES.values()
        if rule.scope.holds(features)
        for problem in rule.check(facts, profile) or ()
    }


def of_course(date: str, code: str, **changes: Any) -> Any:
    """A visit of the course of tooth 9, of a date of its own and without an episode or a film."""
    name = {"D3351": "first", "D3352": "renewal", "D3353": "closing"}[code]
    record: Any = base(
        name, {"/episode": None, "/attachments": None, "/clinical/radiographs/0/attachmentId": None}
    )
    record["clinical"]["radiographs"][0]["date"] = date
    record["clinical"]["rationale"] = f"Barrier looked at on {date}"
    return record | {"serviceDate": date} | changes


CASES = [
    Case(file.stem, side, place, data)
    for file in sorted(RULE_CASES.glob("APX-*.json"))
    for side, cases in json.loads(file.read_text(encoding="utf-8")).items()
    for place, data in enumerate(cases)
]
