"""Each fault in a record's shape is one finding, at its place, in words that help and name no person."""

from __future__ import annotations

from typing import Any

import pytest
from schema_record import Change, changed, drop, full_record, put

from edi.visit.schema import explain, is_valid, usable_id


def at(*path: str | int, value: Any) -> Change:
    return lambda record: put(record, path, value)


def without(*paths: tuple[str | int, ...]) -> Change:
    def change(record: dict[str, Any]) -> None:
        for path in paths:
            drop(record, path)

    return change


def renamed(path: tuple[str | int, ...], name: str) -> Change:
    def change(record: dict[str, Any]) -> None:
        parent: Any = record
        for step in path[:-1]:
            parent = parent[step]
        parent[name] = parent.pop(path[-1])

    return change


def both(*changes: Change) -> Change:
    def change(record: dict[str, Any]) -> None:
        for one in changes:
            one(record)

    return change


ADDRESS = ("subscriber", "address")
CASES = [
    # a mistyped key is one finding, and not also a missing field
    (renamed(("visitId",), "visitID"), "SCH-UNKNOWN-KEY", "/visitID", '"visitId"'),
    (renamed(("subscriber",), "subscribr"), "SCH-UNKNOWN-KEY", "/subscribr", '"subscriber"'),
    (renamed(("patient", "birthDate"), "birth_date"), "SCH-UNKNOWN-KEY", "/patient/birth_date", '"birthDate"'),
    (renamed(("serviceDate",), "dateOfServise"), None, None, None),
    (renamed(("procedures", 0, "fee"), "fees"), "SCH-UNKNOWN-KEY", "/procedures/0/fees", '"fee"'),
    (
        both(
            without(("billingProvider", "firstName"), ("billingProvider", "middleName"), ("billingProvider", "suffix")),
            renamed(("billingProvider", "lastName"), "organisationName"),
        ),
        "SCH-UNKNOWN-KEY",
        "/billingProvider/organisationName",
        '"organizationName"',
    ),
    # a key at the wrong level
    (renamed(("billingProvider", "taxIdType"), "x"), None, None, None),
    (lambda record: record.update(npi=record["billingProvider"].pop("npi")), "SCH-UNKNOWN-KEY", "/npi", "billingProvider.npi"),
    (at("a/b~c", value=1), "SCH-UNKNOWN-KEY", "/a~1b~0c", "a/b~c"),
    (at("service_date", value="2026-09-14"), "SCH-UNKNOWN-KEY", "/service_date", "there already"),
    # missing, and empty where it may not be
    (without(("payer", "payerId")), "SCH-REQUIRED", "/payer/payerId", "payer.payerId is missing"),
    (at("visitId", value=None), "SCH-REQUIRED", "/visitId", "visitId is empty"),
    (at("patient", "lastName", value=""), "SCH-REQUIRED", "/patient/lastName", "is empty"),
    (at("patient", "gender", value=None), "SCH-REQUIRED", "/patient/gender", "F, M, U"),
    # conditions in words
    (without(("serviceDate",)), "SCH-REQUIRED", "/serviceDate", "Only a predetermination"),
    (both(without(("patient",), ("subscriber", "gender"))), "SCH-REQUIRED", "/subscriber/gender", "is the patient"),
    (
        without(("patient",), ("subscriber", "gender"), ("subscriber", "birthDate")),
        "SCH-REQUIRED",
        "/subscriber",
        "birthDate and gender",
    ),
    (without(("accident", "state")), "SCH-REQUIRED", "/accident/state", "auto accident"),
    (without((*ADDRESS, "state"), (*ADDRESS, "postalCode")), "SCH-REQUIRED", "/subscriber/address", "in the US"),
    (at(*ADDRESS, "postalCode", value="43206-1234"), "SCH-PATTERN", "/subscriber/address/postalCode", "without a hyphen"),
    (at(*ADDRESS, "state", value="Ohio"), None, "/subscriber/address/state", "two capital letters"),
    (both(at(*ADDRESS, "country", value="CA")), "SCH-PATTERN", "/subscriber/address/postalCode", "Canada"),
    (without(("billingProvider", "firstName")), "SCH-REQUIRED", "/billingProvider/firstName", "organizationName"),
    (
        without(("billingProvider", "firstName"), ("billingProvider", "lastName")),
        "SCH-REQUIRED",
        "/billingProvider",
        "organizationName",
    ),
    (at("billingProvider", "organizationName", value="A PC"), "SCH-EXCLUDED", "/billingProvider", "stay empty"),
    (at("billingProvider", "contact", value={"name": "Office"}), "SCH-REQUIRED", "/billingProvider/contact", "phone"),
    (at("attachments", 0, value={"id": "x", "type": "report"}), "SCH-REQUIRED", "/attachments/0", "transmission"),
    # no consequence of a wrong type or a wrong choice
    (both(at("patient", value="x"), without(("subscriber", "gender"))), "SCH-TYPE", "/patient", "not an object"),
    (
        both(at("claim", "purpose", value="predeterminaton"), without(("serviceDate",))),
        "SCH-ENUM",
        "/claim/purpose",
        "Write predetermination",
    ),
    (at("billingProvider", "contact", value={"name": "Office", "phone": 6145550142}), "SCH-TYPE", "/billingProvider/contact/phone", "a number, not text"),
    # types, choices, forms, sizes
    (at("procedures", value={}), "SCH-TYPE", "/procedures", "an object, not a list"),
    (at("procedures", 0, "fee", value=[1]), "SCH-TYPE", "/procedures/0/fee", "text or a number"),
    (at("procedures", 0, "quantity", value="2"), "SCH-TYPE", "/procedures/0/quantity", "text, not a whole number"),
    (at("claim", "releaseOfInformation", value="Y"), "SCH-TYPE", "/claim/releaseOfInformation", "true or false"),
    (at("narrative", value=True), "SCH-TYPE", "/narrative", "true or false, not text"),
    (at("patient", "gender", value="f"), "SCH-ENUM", "/patient/gender", "Write F"),
    (at("patient", "gender", value=1), "SCH-ENUM", "/patient/gender", "a number, not text"),
    (at("serviceDate", value="09/14/2026"), "SCH-PATTERN", "/serviceDate", "not written YYYY-MM-DD"),
    (at("serviceDate", value="2026-02-30"), "SCH-PATTERN", "/serviceDate", "no day of the calendar"),
    (at("serviceDate", value="2026-02-30"), "SCH-PATTERN", "/serviceDate", "Correct the day"),
    (at("otherInsurance", 0, "paidAmount", value="1e1"), "SCH-PATTERN", "/otherInsurance/0/paidAmount", "dollars and cents"),
    (at("serviceDate", value="2026-09-14\n"), None, "/serviceDate", "YYYY-MM-DD"),
    (at("visitId", value="a b"), "SCH-PATTERN", "/visitId", "A-Z a-z 0-9"),
    (at("patient", "lastName", value="  "), "SCH-PATTERN", "/patient/lastName", "nothing but blanks"),
    (at("procedures", 0, "surfaces", value="MM"), "SCH-PATTERN", "/procedures/0/surfaces", "different letters"),
    (at("narrative", value="x" * 5_000_000), "SCH-LENGTH", "/narrative", "5000000 characters; at most 10000"),
    (at("procedures", value=[]), "SCH-LENGTH", "/procedures", "at least 1"),
    (at("diagnoses", value=["K04.1"] * 5), "SCH-LENGTH", "/diagnoses", "at most 4"),
    (at("procedures", 0, "quantity", value=0), "SCH-RANGE", "/procedures/0/quantity", "below 1"),
    (at("procedures", 0, "diagnosisPointers", value=[0]), "SCH-RANGE", "/procedures/0/diagnosisPointers/0", "below 1"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "rule", "path", "words"), [case for case in CASES if case[3] is not None])
def test_one_fault_is_one_finding(change: Change, rule: str | None, path: str, words: str) -> None:
    record = changed(change)
    assert not is_valid(record)
    findings = explain(record)
    assert [finding.path for finding in findings] == [path], findings
    assert rule is None or findings[0].rule == rule
    assert words in f"{findings[0].message} {findings[0].fix}"


def test_three_faults_are_three_findings_and_the_mistyped_key_comes_first() -> None:
    record = changed(
        both(
            at("procedures", 0, "quantity", value=0),
            without(("payer", "name")),
            renamed(("patient", "gender"), "gendr"),
        )
    )
    assert [finding.path for finding in explain(record)] == [
        "/patient/gendr",
        "/payer/name",
        "/procedures/0/quantity",
    ]


def test_a_fault_below_a_mistyped_key_is_told_at_the_key_as_it_stands() -> None:
    record = changed(both(at("patient", "gender", value="x"), renamed(("patient",), "patients")))
    assert [finding.path for finding in explain(record)] == ["/patients", "/patients/gender"]


@pytest.mark.parametrize("value", [None, 5, "x", [], [1], True])
def test_what_is_no_object_is_told_at_the_root(value: Any) -> None:
    (finding,) = explain(value)
    assert (finding.rule, finding.path) == ("SCH-TYPE" if value is not None else "SCH-REQUIRED", "")


def test_an_empty_object_lacks_what_every_record_has() -> None:
    paths = {finding.path for finding in explain({})}
    assert paths == {"/visitId", "/serviceDate", "/billingProvider", "/payer", "/subscriber", "/procedures"}


def test_no_message_repeats_a_value() -> None:
    record = full_record()
    secret = "Zzyzx"
    record["patient"].update(lastName=secret * 20, gender=secret, birthDate=secret, address=secret)
    record["subscriber"].update(memberId=[secret], lastName={"x": secret}, claimFilingIndicator=secret)
    findings = explain(record)
    assert len(findings) == 7
    assert not any(secret in finding.message or secret in finding.fix for finding in findings)


def test_thousands_of_faults_stay_readable() -> None:
    record = changed(lambda record: record.update({f"k{number}": 1 for number in range(20_000)}))
    record["x" * 1_000_000] = 1
    findings = explain(record)
    assert 0 < len(findings) <= 100
    assert all(len(finding.message) < 500 for finding in findings)


def test_of_a_list_that_is_too_long_the_entries_within_the_limit_are_explained() -> None:
    record = full_record()
    line = record["procedures"][0]
    record["procedures"] = [dict(line) for _ in range(60)]
    record["procedures"][49]["fee"] = record["procedures"][50]["fee"] = []
    told = {(finding.rule, finding.path) for finding in explain(record)}
    assert told == {("SCH-LENGTH", "/procedures"), ("SCH-TYPE", "/procedures/49/fee")}


def test_visit_id_is_told_when_it_can_be_used() -> None:
    assert explain(changed(at("payer", value=1)))[0].visit_id == "V-2026.1_a"
    assert explain(changed(at("visitId", value="a b")))[0].visit_id is None
    assert usable_id({"visitId": "V1\n"}) is None
    assert usable_id({"visitId": 1}) is None
    assert usable_id([]) is None


DENTAL = [
    (("procedures", 0, "code"), "X99"), (("procedures", 0, "toothNumber"), "99"), (("procedures", 0, "fee"), "-1.234"),
    (("billingProvider", "npi"), "123"), (("billingProvider", "taxId"), "1"), (("billingProvider", "taxonomyCode"), "x"),
    (("diagnoses",), ["nonsense"]), (("procedures", 0, "diagnosisPointers"), [9]), (("procedures", 0, "quantity"), 5),
    (("attachments", 0, "file"), "../../etc/passwd"), (("claim", "payerClaimControlNumber"), None), (("episode",), None),
    (("clinical",), None), (("claim", "purpose"), "predetermination"), (("diagnoses",), []),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), DENTAL)
def test_dental_rules_are_left_to_the_rules(path: tuple[str | int, ...], value: Any) -> None:
    assert is_valid(changed(at(*path, value=value)))


@pytest.mark.parametrize(
    "extra", [{"transmission": "AA"}, {"transmission": "FX"}, {"controlNumber": "NEA123"}]
)
def test_an_attachment_that_somebody_else_holds_needs_no_file(extra: dict[str, str]) -> None:
    assert is_valid(changed(at("attachments", 0, value={"id": "x", "type": "radiograph", **extra})))
