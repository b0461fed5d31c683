"""Whatever a record says within the schema, rules and narrative end in findings and text, never a traceback; and a rule's `when`
saves calls of its check, but no finding."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_cases import CASES, TODAY, Case, base, change, facts_of, found_by_every_check, profile_of

from edi.finding import Finding
from edi.narrative import narrate
from edi.rules import RULES, Profile, apply_rules
from edi.sample import visits
from edi.visit import feature
from edi.visit.absent import drop_absent
from edi.visit.facts import EarlierVisit, Facts, FileFact
from edi.visit.schema import is_valid

_DATES = st.dates().map(str)
_CODES = st.sampled_from(
    [
        "D3351",
        "D3352",
        "D3353",
        "D3310",
        "D3355",
        "D3220",
        "D3331",
        "D0140",
        "d33",
        "D99999",
        "D2391",
        "D4341",
    ]
)
_TEETH = st.sampled_from(["8", "9", "8, 9", "1", "59", "E", "AS", "0", "tooth 9", "7-10", "99-1"])
_TEXT = st.text(min_size=1, max_size=60)


def _optional(node: dict[str, Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(node, optional=fields)


_PROCEDURE = _optional(
    {"code": _CODES, "fee": st.one_of(_TEXT, st.floats(), st.integers(), st.booleans(), st.just("215.00"))},
    toothNumber=_TEETH,
    quantity=st.integers(1, 999),
    diagnosisPointers=st.lists(st.integers(1, 99), max_size=4),
    serviceDate=_DATES,
    surfaces=st.sampled_from(["M", "DO", "I"]),
    oralCavity=st.sampled_from(["00", "10"]),
    description=_TEXT,
)
_VISIT = _optional({"serviceDate": _DATES, "code": _CODES}, rationale=_TEXT)
_CLINICAL = _optional(
    {},
    diagnosis=_TEXT,
    rationale=_TEXT,
    findings=st.lists(_TEXT, max_size=2),
    medicament=_optional({}, name=_TEXT, action=_TEXT),
    pulpTests=st.lists(
        st.fixed_dictionaries({"toothNumber": _TEETH, "method": _TEXT, "result": _TEXT}), max_size=2
    ),
    radiographs=st.lists(
        _optional({"date": _DATES}, toothNumber=_TEETH, finding=_TEXT, view=_TEXT, attachmentId=_TEXT),
        max_size=3,
    ),
)
_ADDRESS = _optional({"line1": _TEXT, "city": _TEXT}, state=st.sampled_from(["OH", "ZZ"]))
_CHANGES = _optional(
    {"/procedures": st.lists(_PROCEDURE, min_size=1, max_size=4)},
    **{
        "/serviceDate": st.one_of(_DATES, st.none()),
        "/patient": st.none(),
        "/patient/birthDate": _DATES,
        "/patient/lastName": _TEXT,
        "/subscriber/birthDate": st.none(),
        "/claim": _optional(
            {},
            purpose=st.sampled_from(["claim", "predetermination", "encounter"]),
            frequency=st.sampled_from(["original", "replacement", "void"]),
            payerClaimControlNumber=_TEXT,
        ),
        "/accident": st.fixed_dictionaries(
            {"cause": st.just("auto"), "date": _DATES}, optional={"state": st.sampled_from(["OH", "ZZ"])}
        ),
        "/subscriber/address": _ADDRESS,
        "/payToAddress": _ADDRESS,
        "/billingProvider/address/line1": st.sampled_from(["PO Box 7", "7 Main St"]),
        "/billingProvider/address/postalCode": st.sampled_from(["43215", "432151101"]),
        "/diagnoses": st.lists(
            st.one_of(_TEXT, st.sampled_from(["K04.1", "K04.02", "K04.0", "K02.9"])), max_size=4
        ),
        "/episode": _optional(
            {"toothNumber": _TEETH, "visits": st.lists(_VISIT, max_size=4)}, restartReason=_TEXT
        ),
        "/clinical": _CLINICAL,
        "/attachments": st.lists(
            _optional(
                {"id": _TEXT, "type": st.sampled_from(["radiograph", "report"])},
                file=_TEXT,
                controlNumber=_TEXT,
            ),
            max_size=12,
        ),
        "/billingProvider/npi": _TEXT,
        "/billingProvider/taxId": _TEXT,
        "/renderingProvider/taxonomyCode": _TEXT,
        "/narrative": _TEXT,
    },
)
_EARLIER = st.lists(st.builds(EarlierVisit, _DATES, _CODES, _TEETH, st.one_of(st.none(), _TEXT)), max_size=3)
_PROFILE = st.builds(
    Profile,
    renewals=st.one_of(st.none(), st.integers(0, 3)),
    prior_authorization=st.booleans(),
    diagnosis_required=st.booleans(),
    covered=st.sampled_from([None, ("D3351",), ("D3352", "D3353")]),
    min_age=st.one_of(st.none(), st.integers(0, 20)),
    max_age=st.one_of(st.none(), st.integers(0, 20)),
    teeth_excluded=st.sampled_from([(), ("9", "17")]),
    lifetime=st.dictionaries(_CODES, st.integers(1, 2), max_size=3),
    required_attachments=st.dictionaries(_CODES, st.just(("photograph", "radiograph")), max_size=3),
    required_documents=st.dictionaries(_CODES, st.just(("pulpTests", "medicament", "history")), max_size=3),
    attachment_days=st.one_of(st.none(), st.integers(0, 9)),
    paid_on_completion=st.booleans(),
    films_included=st.booleans(),
)


def _resolves(record: Any, path: str) -> bool:
    """True when all but the last two parts of a path are there: a missing field is named where it belongs."""
    at = record
    for part in path.split("/")[1:-2]:
        at = at[int(part)] if isinstance(at, list) else at.get(part, {})
    return isinstance(at, dict | list)


def _order(findings: list[Finding]) -> Iterator[int]:
    return (["error", "warning", "info"].index(finding.severity) for finding in findings)


@pytest.mark.slow
@settings(max_examples=300)
@given(
    changes=_CHANGES,
    earlier=_EARLIER,
    profile=_PROFILE,
    repeated=st.sets(st.integers(0, 3)),
    id_known=st.booleans(),
)
def test_any_record_is_judged_and_told(
    changes: dict[str, Any], earlier: list[EarlierVisit], profile: Profile, repeated: set[int], id_known: bool
) -> None:
    if changes.get("/patient", 0) is None:
        changes = {path: value for path, value in changes.items() if not path.startswith("/patient/")}
    record = base("renewal", changes)
    files = {each["id"]: FileFact("truncated", None, 1, None) for each in record.get("attachments", [])}
    facts = Facts(
        record,
        as_of=TODAY,
        earlier=earlier,
        files=files,
        repeated_lines=repeated,
        same_id_other_content=id_known,
        sent_otherwise=("fee",) if id_known else (),
    )
    findings = apply_rules(facts, profile)
    assert list(_order(findings)) == sorted(_order(findings))
    for finding in findings:
        assert finding.category == RULES[finding.rule].category
        assert finding.message.endswith(".")
        assert finding.path is not None
        assert _resolves(record, finding.path)
    assert len({(f.rule, f.path, f.message) for f in findings}) == len(findings)
    assert len(narrate(facts).notes) <= 5
    assert {(f.rule, f.path, f.message) for f in findings} == found_by_every_check(facts, profile)


def _same(facts: Facts, profile: Profile) -> bool:
    found = {(f.rule, f.path, f.message) for f in apply_rules(facts, profile)}
    return found == found_by_every_check(facts, profile)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_gives_the_same_when_every_check_is_called(case: Case) -> None:
    assert _same(facts_of(case.data), profile_of(case.data))


@pytest.mark.slow
@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), profile=_PROFILE)
def test_samples_give_the_same_when_every_check_is_called(seed: int, profile: Profile) -> None:
    for record, category in visits(12, seed, faulty=0.6):
        if category != "schema":
            assert _same(Facts(drop_absent(record), as_of=TODAY), profile)


@pytest.mark.slow
@settings(max_examples=300)
@given(cases=st.lists(st.sampled_from(CASES), min_size=2, max_size=4), profile=_PROFILE)
def test_several_faults_give_the_same_when_every_check_is_called(cases: list[Case], profile: Profile) -> None:
    record = base(cases[0].data["base"])
    for case in cases:
        changed = copy.deepcopy(record)
        with contextlib.suppress(IndexError, KeyError):  # what this case changes, another one took out
            change(changed, case.data.get("set", {}))
            record = changed if is_valid(changed) else record
    assert _same(Facts(record, as_of=TODAY, earlier=facts_of(cases[-1].data).past), profile)


def test_a_scope_says_all_that_it_asks_for() -> None:
    """A feature without words would leave a rule out and tell nobody."""
    spoken = feature.KINDS.keys() | feature.PARTS.keys() | feature.CODES.keys()
    for rule in RULES.values():
        bits = rule.scope.codes | rule.scope.needs | rule.scope.one_of | rule.scope.never
        assert not bits & ~sum(spoken), rule.id
        assert not rule.scope.one_of & ~sum(feature.KINDS), rule.id
        assert not rule.scope.never & ~sum(feature.KINDS), rule.id
        assert not rule.scope.codes & ~sum(feature.CODES), rule.id
