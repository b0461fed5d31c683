"""The rules applied to one visit."""

from __future__ import annotations

import re

from edi.finding import Finding
from edi.rules.profile import DEFAULT, Profile
from edi.rules.registry import Problem, Rule, rules_in_scope
from edi.visit.facts import Facts

_ORDER = {"error": 0, "warning": 1, "info": 2}
_NUMBER = re.compile(r"(\d+)")


def apply_rules(facts: Facts, profile: Profile = DEFAULT) -> list[Finding]:
    """The findings of a visit, errors first, then by place in the record; empty when nothing is wrong."""
    found: list[tuple[Rule, Problem]] = []
    for when, rules in rules_in_scope(facts.features | profile.features):
        if when is None or when(facts):
            for rule in rules:
                problems = rule.check(facts, profile)
                if problems:
                    found += [(rule, problem) for problem in problems]
    if not found:
        return []
    # Two lines of one tooth may find the same problem in one film.
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
