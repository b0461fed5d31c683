"""Every rule is tripped and passed by data; the rest is what the judge promises."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from rule_cases import RULE_CASES, TODAY, all_cases, base, facts_of, judged

from edi.rules import RULES, Profile, Source, apply_rules
from edi.rules.registry import rule
from edi.visit.absent import drop_absent
from edi.visit.facts import EarlierVisit, Facts

_ALL = all_cases()


@pytest.mark.parametrize(
    ("side", "case"),
    [(side, case) for _, side, _, case in _ALL],
    ids=[f"{name}-{side}-{place}" for name, side, place, _ in _ALL],
)
def test_a_case_earns_exactly_its_findings(side: str, case: dict[str, Any]) -> None:
    found = [[finding.rule, finding.severity, finding.path] for finding in judged(case)]
    assert found == case["findings"]


def test_every_rule_has_a_case_on_both_sides_and_no_case_is_without_a_rule() -> None:
    assert {path.stem for path in RULE_CASES.glob("APX-*.json")} == set(RULES)
    for name in RULES:
        sides = {
            side: [case for n, s, _, case in _ALL if (n, s) == (name, side)] for side in ("trips", "passes")
        }
        assert all(any(found[0] == name for found in case["findings"]) for case in sides["trips"]), name
        assert not any(found[0] == name for case in sides["passes"] for found in case["findings"]), name
        assert sides["trips"], name
        assert sides["passes"], name


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


def test_findings_carry_the_fix_the_place_in_the_claim_and_the_visit() -> None:
    (finding,) = apply_rules(Facts(base("filling", {"/procedures/0/fee": "12.345"}), as_of=TODAY))
    assert (finding.loop, finding.segment, finding.element) == ("2400", "SV3", "SV302")
    assert finding.visit_id == "T-1"
    assert finding.category == "charge"
    assert "215.00" in finding.fix


@pytest.mark.parametrize(("name", "side", "place", "case"), _ALL)
def test_no_message_names_a_person(name: str, side: str, place: int, case: dict[str, Any]) -> None:
    facts = facts_of(case)
    visit: Any = facts.visit
    secrets = [visit["subscriber"]["memberId"] if len(visit["subscriber"]["memberId"]) > 2 else "M1"]
    for person in (visit["subscriber"], visit.get("patient", {})):
        secrets += [value for key, value in person.items() if key in ("lastName", "firstName", "birthDate")]
    for finding in judged(case):
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
