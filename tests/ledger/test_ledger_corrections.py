"""Replacements and voids over several nights: which claim stands, what may be sent, and under which of the payer's numbers."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from ledger_runs import Practice
from rule_cases import base

from edi.flows.ledger_session import open_read_only
from edi.flows.prior_claims import visit_state
from edi.ledger.check import check
from edi.ledger.entry import Event, EventKind
from edi.ledger.queries import ClaimRow
from edi.visit.identity import visit_of

Record = dict[str, Any]
SENT = ["APX-DUP-SENT"]
NO_NUMBER = ["APX-SUB-CLAIM-NUMBER"]


@pytest.fixture
def practice(tmp_path: Path, ledger_url: str) -> Practice:
    return Practice(tmp_path, ledger_url)


def filling(fee: str = "100.00", **changes: Any) -> Record:
    return base("filling", {"/procedures/0/fee": fee, **changes}) | {"visitId": "F1"}  # type: ignore[no-any-return]


def replacement(fee: str, **changes: Any) -> Record:
    return filling(fee, **{"/claim/frequency": "replacement", **changes})


def void(fee: str = "100.00", **changes: Any) -> Record:
    return filling(fee, **{"/claim/frequency": "void", **changes})


def record_event(practice: Practice, claim: int, kind: EventKind, number: str | None = None) -> None:
    """A payer says something of a claim."""
    with practice.ledger() as ledger:
        ledger.record(claim, Event(kind, f"{claim}-{kind}.277"), payer_number=number)


def accepted(practice: Practice, record: Record, number: str | None = None) -> None:
    """A claim is made of the record, and its payer takes it in."""
    assert practice.convert([record]).accepted == 1, practice.rejected()
    with practice.ledger() as ledger:
        claim = ledger.find(record["visitId"])[0]
    record_event(practice, claim.id, "accepted", number)


def refused(practice: Practice, record: Record) -> list[str]:
    """The rules by which the record is rejected."""
    assert practice.convert([record]).rejected == 1
    (findings,) = practice.rejected().values()
    return [finding["rule"] for finding in findings if finding["severity"] == "error"]


def claims(practice: Practice, visit_id: str = "F1") -> list[ClaimRow]:
    """The claims of a visit in the order they were made, after the ledger was found sound."""
    with practice.ledger() as ledger:
        assert check(ledger) == ([], [], [], [])
        return ledger.find(visit_id)[::-1]


def state(practice: Practice, record: Record) -> str:
    """What `edi episode` says of the visit."""
    visit = visit_of(record)
    with open_read_only(practice.settings) as session:
        session.begin()
        return visit_state(session.recall({visit}, ()).claims[visit])


def corrected_numbers(practice: Practice) -> list[str]:
    """The numbers in REF*F8 of the last run's claims."""
    return [
        part[7:] for each in practice.payloads() for part in each["segments"] if part.startswith("REF*F8*")
    ]


class TestRefused:
    """A correction that the payer did not take in has corrected nothing."""

    def test_a_void_that_was_refused_takes_nothing_back_in_a_check(self, practice: Practice) -> None:
        accepted(practice, filling(), "P1")
        practice.convert([void()])
        record_event(practice, 2, "rejected")
        assert [(each.state, each.corrected_by) for each in claims(practice)] == [
            ("accepted", None),
            ("rejected", None),
        ]

    @pytest.mark.parametrize("correction", [void(), replacement("90.00")])
    def test_the_visit_is_not_billed_again(self, practice: Practice, correction: Record) -> None:
        accepted(practice, filling(), "P1")
        practice.convert([correction])
        record_event(practice, 2, "rejected")
        assert refused(practice, filling("80.00")) == SENT
        assert practice.convert([replacement("80.00")]).accepted == 1, practice.rejected()
        assert corrected_numbers(practice) == ["P1"]
        assert [each.corrected_by for each in claims(practice)] == [3, None, None]

    def test_of_a_whole_file(self, practice: Practice) -> None:
        accepted(practice, filling(), "P1")
        practice.convert([void()])
        with practice.ledger() as ledger:
            ledger.record_file("ZZ:TESTRECEIVER", "837", "000000002", Event("rejected", "x.999"))
        assert [each.state for each in claims(practice)] == ["accepted", "rejected"]
        assert refused(practice, filling() | {"visitId": "F2"}) == ["APX-DUP-SERVICE"]

    @pytest.mark.parametrize(
        ("correction", "after"), [(void(), "voided"), (replacement("90.00"), "accepted")]
    )
    def test_and_was_taken_in_after_all(self, practice: Practice, correction: Record, after: str) -> None:
        accepted(practice, filling(), "P1")
        practice.convert([correction])
        record_event(practice, 2, "rejected")
        record_event(practice, 2, "accepted")
        assert [(each.state, each.corrected_by) for each in claims(practice)] == [
            (after, 2),
            ("accepted", None),
        ]

    def test_after_another_one_was_sent(self, practice: Practice) -> None:
        accepted(practice, filling(), "P1")
        for fee in ("90.00", "80.00"):
            practice.convert([replacement(fee)])
        record_event(practice, 2, "rejected")
        assert [each.corrected_by for each in claims(practice)] == [3, None, None]
        record_event(practice, 3, "rejected")
        assert [each.corrected_by for each in claims(practice)] == [None, None, None]
        assert state(practice, filling()) == "accepted"


class TestStanding:
    def test_a_void_of_a_replacement_takes_the_visit_back(self, practice: Practice) -> None:
        accepted(practice, filling(), "P1")
        accepted(practice, replacement("90.00"))
        accepted(practice, void("90.00"))
        assert state(practice, filling()) == "voided"
        assert refused(practice, void("80.00")) == NO_NUMBER
        assert practice.convert([filling("70.00")]).accepted == 1, practice.rejected()

    def test_one_replaced_under_another_visit_id_is_not_billed_again(self, practice: Practice) -> None:
        accepted(practice, filling(), "P1")
        other = replacement("90.00", **{"/claim/payerClaimControlNumber": "P1"}) | {"visitId": "F9"}
        accepted(practice, other)
        assert SENT[0] in refused(practice, filling("80.00"))

    def test_a_void_under_another_visit_id_takes_back_what_stands_under_its_number(
        self, practice: Practice
    ) -> None:
        accepted(practice, filling(), "P1")
        accepted(practice, replacement("90.00"))
        accepted(practice, void("90.00", **{"/claim/payerClaimControlNumber": "P1"}) | {"visitId": "F9"})
        assert [each.state for each in claims(practice)] == ["accepted", "voided"]
        assert state(practice, filling()) == "voided"
        assert practice.convert([filling() | {"visitId": "F2"}]).accepted == 1, practice.rejected()

    def test_a_claim_that_was_voided_and_then_replaced_by_its_number(self, practice: Practice) -> None:
        accepted(practice, filling(), "P1")
        accepted(practice, void())
        accepted(
            practice, replacement("90.00", **{"/claim/payerClaimControlNumber": "P1"}) | {"visitId": "F9"}
        )
        assert [(each.state, each.corrected_by) for each in claims(practice)] == [
            ("accepted", 3),
            ("accepted", None),
        ]
        record_event(practice, 3, "rejected")
        assert [(each.state, each.corrected_by) for each in claims(practice)] == [
            ("voided", 2),
            ("accepted", None),
        ]

    @pytest.mark.parametrize("ended", ["voided", "rejected"])
    def test_the_number_of_a_claim_that_stands_no_more_is_not_used(
        self, practice: Practice, ended: str
    ) -> None:
        accepted(practice, filling(), "P1")
        if ended == "voided":
            accepted(practice, void())
        else:
            record_event(practice, 1, "rejected")
        accepted(practice, filling("90.00"))
        assert refused(practice, replacement("80.00")) == NO_NUMBER
        with practice.ledger() as ledger:
            record_event(practice, ledger.find("F1")[0].id, "accepted", "P2")
        assert practice.convert([replacement("80.00")]).accepted == 1, practice.rejected()
        assert corrected_numbers(practice) == ["P2"]

    def test_nor_that_of_another_payer(self, practice: Practice) -> None:
        accepted(practice, filling(), "P1")
        assert refused(practice, replacement("90.00", **{"/payer/payerId": "OTHER"})) == NO_NUMBER

    def test_a_replacement_without_a_number_goes_by_that_of_the_first(self, practice: Practice) -> None:
        accepted(practice, filling(), "P1")
        accepted(practice, replacement("90.00"))
        accepted(practice, void("90.00"))
        assert corrected_numbers(practice) == ["P1"]


class TestInOneRun:
    def test_a_replacement_that_is_there_twice_is_sent_once(self, practice: Practice) -> None:
        new = replacement("90.00", **{"/claim/payerClaimControlNumber": "P1"})
        report = practice.convert([filling(), new, new])
        assert (report.accepted, report.unchanged) == (2, 1)
        assert [each.corrected_by for each in claims(practice)] == [2, None]

    def test_two_corrections_pass_over_one_that_was_refused(self, practice: Practice) -> None:
        accepted(practice, filling(), "P1")
        practice.convert([replacement("90.00")])
        record_event(practice, 2, "rejected")
        both = [filling(), void()]
        assert practice.convert(both).accepted == 1, practice.rejected()
        assert [(each.state, each.corrected_by) for each in claims(practice)] == [
            ("voided", 3),
            ("rejected", None),
            ("written", None),
        ]


def test_what_a_file_comes_to_takes_its_claims_along(practice: Practice) -> None:
    """A claim of which something was told alone goes on with its file."""
    practice.convert([filling()])
    record_event(practice, 1, "acknowledged")
    with practice.ledger() as ledger:
        ledger.record_file("ZZ:TESTRECEIVER", "837", "000000001", Event("accepted", "x.277"))
    assert [each.state for each in claims(practice)] == ["accepted"]


def test_late_news_of_a_claim_are_no_state_of_its_own(practice: Practice) -> None:
    practice.convert([filling()])
    with practice.ledger() as ledger:
        ledger.record_file("ZZ:TESTRECEIVER", "837", "000000001", Event("rejected", "x.999"))
    record_event(practice, 1, "acknowledged")
    assert [each.state for each in claims(practice)] == ["rejected"]


def test_a_name_that_was_given_again_is_no_changed_file(practice: Practice) -> None:
    """The file was sent and taken away, then the clearinghouse gave the receiver another id: its numbers begin anew."""
    practice.convert([filling()])
    (practice.out / "TEST-000000001.837").unlink()
    settings = practice.folder / "edi.toml"
    settings.write_text(settings.read_text().replace("TESTRECEIVER", "NEWRECEIVER"))
    practice.convert([filling(**{"/procedures/0/toothNumber": "4"}) | {"visitId": "F2"}])
    assert [path.name for path in practice.out.glob("*.837")] == ["TEST-000000001.837"]
    claims(practice)


@pytest.mark.parametrize("seed", range(4))
def test_any_course_of_corrections_holds_together(practice: Practice, seed: int) -> None:
    """Whatever is sent, and whatever the payer says of it: the ledger is what its events make it, each record is one claim in
    one file, and the same file again changes nothing."""
    chance = random.Random(seed)
    made = 0
    for _ in range(8):
        some = [filling, replacement, void]
        records: list[Record] = []
        for _ in range(chance.randint(1, 3)):
            number = chance.choice([{}, {"/claim/payerClaimControlNumber": f"P{chance.randint(1, 3)}"}])
            record = chance.choice(some)(chance.choice(["100.00", "90.00"]), **number)
            records.append(record | {"visitId": chance.choice(["F1", "F1", "F9"])})
        report = practice.convert(records)
        again = practice.convert([*records, *records])
        assert again.accepted <= report.rejected
        made += report.accepted + again.accepted
        found = [*claims(practice), *claims(practice, "F9")]
        assert len(found) == len({each.id for each in found}) == made == len(practice.claims())
        by = {each.id: each for each in found}
        for each in found:
            correction = by.get(each.corrected_by or 0)
            assert correction is None or correction.state != "rejected" or each.state == "rejected"
        for claim in chance.sample(sorted(by), min(len(by), 2)):
            record_event(
                practice,
                claim,
                chance.choice(["accepted", "rejected", "paid", "acknowledged"]),
                f"P{chance.randint(1, 3)}",
            )
        if chance.random() < 0.3 and made:
            number = sorted(practice.out.glob("*.837"))[-1].stem[-9:]
            with practice.ledger() as ledger:
                ledger.record_file("ZZ:TESTRECEIVER", "837", number, Event("rejected", f"{number}.999"))
