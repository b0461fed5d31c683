"""Judge a visit: run the rules that its features call for, and make findings of what they say."""

from __future__ import annotations

import re

from edi.finding import Finding
from edi.rules.doubts import doubts
from edi.rules.profile import DEFAULT, Profile
from edi.rules.registry import Problem, Rule, plan
from edi.visit.facts import Facts

_ORDER = {"error": 0, "warning": 1, "info": 2}
_NUMBER = re.compile(r"(\d+)")


def apply_rules(facts: Facts, profile: Profile = DEFAULT) -> list[Finding]:
    """What is wrong with a visit, errors first, then by place in the record; empty when nothing is."""
    found: list[tuple[Rule, Problem]] = []
    for check, rule in plan(facts.features | profile.features | doubts(facts)):
        problems = check(facts, profile)
        if problems:
            found += [(rule, problem) for problem in problems]
    if not found:
        return []
    # Two lines of one tooth may say the same of one film.
    findings = list(dict.fromkeys(_finding(facts, profile, rule, problem) for rule, problem in found))
    findings.sort(key=_place)
    return findings


def _finding(facts: Facts, profile: Profile, rule: Rule, problem: Problem) -> Finding:
    loop, element = problem.element or rule.element or (None, None)
    segment = element and element.partition("-")[0]
    if segment and len(segment) > 3:
        segment = segment[:-2]
    else:
        element = None
    return Finding(
        rule=rule.id,
        category=rule.category,
        severity=profile.severities.get(rule.id) or problem.severity or rule.severity,
        message=problem.message,
        fix=problem.fix or rule.fix,
        visit_id=facts.visit["visitId"],
        path=problem.path,
        loop=loop,
        segment=segment,
        element=element,
    )


def _place(finding: Finding) -> tuple[int, list[str | int], str]:
    parts: list[str | int] = list(_NUMBER.split(finding.path or ""))
    parts[1::2] = [int(part) for part in parts[1::2]]
    return (_ORDER[finding.severity], parts, finding.rule)
