"""The cases of every rule, and what a rule and the registry promise."""

from __future__ import annotations

import importlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from rule_cases import BASES, CASES, TODAY, Case, base, facts_of, findings_of, told

from edi.rules import RULES, Profile, Source, apply_rules
from edi.rules.registry import rule
from edi.visit.absent import drop_absent
from edi.visit.facts import EarlierVisit, Facts
from edi.visit.schema import is_valid


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_gives_exactly_its_findings(case: Case) -> None:
    findings = findings_of(case.data)
    found = told(findings)
    assert found == case.data.get("findings", [])
    if "message" in case.data:
        assert findings[0].message == case.data["message"]
    if "fix" in case.data:
        assert findings[0].fix == (case.data["fix"] or RULES[case.rule].fix)
    assert any(f" {case.rule} " in f" {each}" for each in found) == (case.side == "trips")


def test_every_rule_has_a_case_on_both_sides() -> None:
    assert {(case.rule, case.side) for case in CASES} == {
        (name, side) for name in RULES for side in ("trips", "passes")
    }


@pytest.mark.parametrize("name", BASES)
def test_a_base_record_is_valid_and_clean(name: str) -> None:
    record = base(name)
    assert is_valid(record)
    assert apply_rules(Facts(record, as_of=TODAY)) == []


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_says_everything(name: str) -> None:
    each = RULES[name]
    assert each.id == name
    assert name.startswith("APX-")
    assert len(each.title) <= 60
    for text in (each.checks, each.why, each.fix):
        assert text.endswith("."), text
        assert text[0].isupper(), text
        assert len(text) > 25, text
    assert each.source.text
    assert each.source.date[:2] == "20"
    assert each.denials or each.severity == "info"
    assert str(each.scope)


def test_an_id_tells_the_category() -> None:
    categories = defaultdict(set)
    for each in RULES.values():
        categories[each.id.split("-")[1]].add(each.category)
    assert all(len(each) == 1 for each in categories.values())
    assert len(set().union(*categories.values())) == len(categories)


def test_findings_carry_the_fix_the_place_in_the_claim_and_the_visit() -> None:
    (finding,) = apply_rules(Facts(base("filling", {"/procedures/0/fee": "12.345"}), as_of=TODAY))
    assert (finding.loop, finding.segment, finding.element) == ("2400", "SV3", "SV302")
    assert finding.visit_id == "T-1"
    assert finding.category == "charge"
    assert "215.00" in finding.fix


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_message_names_a_person(case: Case) -> None:
    visit: Any = facts_of(case.data).visit
    secrets = [visit["subscriber"]["memberId"] if len(visit["subscriber"]["memberId"]) > 2 else "M1"]
    for person in (visit["subscriber"], visit.get("patient", {})):
        secrets += [value for key, value in person.items() if key in ("lastName", "firstName", "birthDate")]
    for finding in findings_of(case.data):
        words = finding.message + " " + finding.fix
        assert not [secret for secret in secrets if len(secret) > 2 and secret in words]


def test_three_faults_are_three_findings_errors_first_then_by_place() -> None:
    record = base(
        "renewal",
        {
            "/clinical/history": None,
            "/procedures/0/fee": "x",
            "/billingProvider/taxId": "1",
            "/diagnoses": ["K08.89"],
        },
    )
    found = [(f.severity, f.path) for f in apply_rules(Facts(record, as_of=TODAY))]
    assert found == [
        ("error", "/billingProvider/taxId"),
        ("error", "/procedures/0/fee"),
        ("warning", "/clinical/history"),
        ("info", "/diagnoses/0"),
    ]


_SINGLE_FACTS = frozenset(
    ("charge", "code", "diagnosis", "documentation", "format", "frequency", "provider", "subscriber")
)
"""Categories whose rules look at facts of their own. The others leave out what follows from another finding."""


def _alone() -> dict[str, Case]:
    """By rule its first case that trips it by a change of the renewal alone."""
    first: dict[str, Case] = {}
    for case in CASES:
        alone = case.data.keys() <= {"about", "base", "set", "findings"} and case.data["base"] == "renewal"
        if alone and case.side == "trips" and RULES[case.rule].category in _SINGLE_FACTS:
            first.setdefault(case.rule, case)
    return first


def _touched(case: Case) -> set[str]:
    """The places that a case changes or has a finding at."""
    return {*case.data["set"], *(each.split()[-1] for each in case.data["findings"])}


def _are_apart(one: Case, other: Case) -> bool:
    return not any(
        f"{a}/".startswith(f"{b}/") or f"{b}/".startswith(f"{a}/")
        for a in _touched(one)
        for b in _touched(other)
    )


@pytest.mark.parametrize("name", sorted(_alone()))
def test_two_faults_are_two_findings(name: str) -> None:
    one = _alone()[name]
    others = [other for other in _alone().values() if _are_apart(one, other)]
    assert len(others) > 10
    for other in others:
        record = base("renewal", one.data["set"] | other.data["set"])
        found = told(apply_rules(Facts(record, as_of=TODAY)))
        assert sorted(found) == sorted(one.data["findings"] + other.data["findings"]), other


def test_places_are_ordered_by_number() -> None:
    lines = [{"code": "X", "fee": "1"}] * 11
    paths = [f.path for f in apply_rules(Facts(base("filling", {"/procedures": lines}), as_of=TODAY))]
    assert paths == [f"/procedures/{n}/code" for n in range(11)]


def test_the_message_names_the_fact() -> None:
    record = base("renewal", {"/clinical/radiographs/0/date": "2026-06-30"})
    (finding,) = apply_rules(Facts(record, as_of=TODAY, earlier=[EarlierVisit("2026-08-02", "D3352", "9")]))
    assert finding.message == (
        "Radiograph of tooth 9 is dated 2026-06-30, before the last visit (2026-08-02); "
        "D3352 needs one that shows progress since then."
    )


def test_a_character_is_named_and_its_plain_spelling_suggested() -> None:
    (finding,) = apply_rules(Facts(base("filling", {"/patient/lastName": "Núñez"}), as_of=TODAY))
    assert "lastName has U+00FA (ú), U+00F1 (ñ)" in finding.message
    assert '"u" for U+00FA (ú)' in finding.fix


def test_a_payer_can_change_a_severity() -> None:
    record = base("first", {"/clinical/pulpTests": None})
    strict = Profile(severities={"APX-DOC-PULPTEST": "error"})
    assert [f.severity for f in apply_rules(Facts(record, as_of=TODAY), strict)] == ["error"]


def test_a_second_rule_of_one_id_fails() -> None:
    def again() -> None:
        rule(
            "APX-CHG-FORM",
            "charge",
            "error",
            title="T",
            checks="C",
            why="W",
            fix="F",
            source=Source("S", "2026"),
        )(lambda facts, profile: None)

    with pytest.raises(ValueError, match="two rules are called APX-CHG-FORM"):
        again()


def test_judging_is_pure() -> None:
    record = base("renewal", {"/procedures/0/quantity": 2})
    before = json.dumps(record)
    facts = Facts(record, as_of=TODAY)
    assert apply_rules(facts) == apply_rules(facts)
    assert json.dumps(record) == before


def test_importing_twice_registers_once() -> None:
    assert importlib.import_module("edi.rules").RULES is RULES


def test_the_contract_visit_raises_nothing(shared: Path) -> None:
    record = drop_absent(json.loads((shared / "contract" / "visit.json").read_text(encoding="utf-8")))
    assert apply_rules(Facts(record, as_of="2026-09-20")) == []


@pytest.mark.parametrize(
    ("npi", "words"), [("1.23457E+09", "ten digits, without"), ("1234567890", "registry")]
)
def test_an_npi_out_of_form_is_not_looked_up(npi: str, words: str) -> None:
    (finding,) = apply_rules(Facts(base("filling", {"/billingProvider/npi": npi}), as_of=TODAY))
    assert words in finding.fix
