"""Synthetic visits: the same for the same seed, whole courses, figures that add up."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.sample import ANCHOR, visits
from edi.sample.courses import WINDOW
from edi.sample.faults import CATEGORIES

Record = dict[str, Any]


def good(count: int, seed: int) -> list[Record]:
    return [record for record, _ in visits(count, seed)]


@pytest.fixture(scope="module")
def many() -> list[Record]:
    return good(4000, 11)


def everything(value: Any) -> Any:
    """Every string and number in a record."""
    if isinstance(value, dict):
        for item in value.values():
            yield from everything(item)
    elif isinstance(value, list):
        for item in value:
            yield from everything(item)
    else:
        yield value


def test_seed_1_is_the_same_on_every_python() -> None:
    text = json.dumps(list(visits(300, 1, faulty=0.2)), sort_keys=True)
    assert (
        hashlib.sha256(text.encode()).hexdigest()
        == "2440b4eeb03795afffa35073158dc22e95514bc7b410577f6a2d43ee15d9b8f2"
    )


@given(seed=st.integers(0, 2**70), fewer=st.integers(0, 30), more=st.integers(0, 30))
@settings(max_examples=50)
def test_fewer_visits_are_the_start_of_more(seed: int, fewer: int, more: int) -> None:
    assert list(visits(fewer, seed)) == list(islice(visits(fewer + more, seed), fewer))


def test_another_seed_gives_other_visits() -> None:
    assert good(20, 1) != good(20, 2)


def test_faults_leave_the_other_records_alone() -> None:
    plain = good(500, 5)
    mixed = list(visits(500, 5, faulty=0.3))
    assert [record["visitId"] for record in plain] == [record["visitId"] for record, _ in mixed]
    for record, (other, category) in zip(plain, mixed, strict=True):
        assert (record == other) == (category is None)


def test_share_of_faults_and_every_category() -> None:
    found = Counter(category for _, category in visits(3000, 8, faulty=0.25))
    assert 650 < 3000 - found[None] < 850
    assert {*found} == {None, *CATEGORIES}
    assert all(category for _, category in visits(200, 8, faulty=1.0))


def test_records_share_nothing() -> None:
    seen: dict[int, str] = {}
    kept = good(300, 2)
    for record in kept:
        stack: list[Any] = [record]
        while stack:
            value = stack.pop()
            if isinstance(value, dict | list):
                assert seen.setdefault(id(value), record["visitId"]) == record["visitId"]
                stack.extend(value.values() if isinstance(value, dict) else value)


def test_dates_lie_in_the_window(many: list[Record]) -> None:
    first = date.fromordinal(ANCHOR.toordinal() - WINDOW).isoformat()
    for record in many:
        if day := record.get("serviceDate"):
            assert first < day <= ANCHOR.isoformat()
        latest = (
            max(
                value
                for value in everything(record.get("clinical", {}))
                if isinstance(value, str) and value[:4] == "2026"
            )
            if "clinical" in record
            else ""
        )
        assert latest <= ANCHOR.isoformat()


def test_as_of_moves_the_dates() -> None:
    moved = visits(100, 3, as_of=date(2027, 3, 1))
    assert max(record.get("serviceDate", "") for record, _ in moved) > ANCHOR.isoformat()


def test_ids_are_unique(many: list[Record]) -> None:
    ids = [record["visitId"] for record in many]
    assert len(set(ids)) == len(ids)
    numbers = [held["controlNumber"] for record in many for held in record.get("attachments", ())]
    assert len(set(numbers)) == len(numbers)


def person(record: Record) -> tuple[str, ...]:
    who = record.get("patient") or record["subscriber"]
    return (record["subscriber"]["memberId"], who["firstName"], who["birthDate"])


def courses(records: list[Record]) -> dict[tuple[str, ...], list[Record]]:
    """Records of D3351-D3353 by patient and tooth, predeterminations and corrections left out."""
    found: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record in records:
        line = record["procedures"][0]
        claim = record.get("claim", {})
        if line["code"].startswith("D335") and "serviceDate" in record and "frequency" not in claim:
            found[(*person(record), line["toothNumber"])].append(record)
    return found


def test_courses_are_whole_and_know_their_past(many: list[Record]) -> None:
    shapes = Counter()
    last = many[-1]["subscriber"]["memberId"]  # cut off by the count
    for records in courses([record for record in many if record["subscriber"]["memberId"] != last]).values():
        for earlier, record in pairwise(records):
            past = [(v["serviceDate"], v["code"]) for v in record["episode"]["visits"]]
            assert past[-1] == (earlier["serviceDate"], earlier["procedures"][0]["code"])
            assert past[:-1] == [
                (v["serviceDate"], v["code"]) for v in earlier.get("episode", {}).get("visits", ())
            ]
            gap = date.fromisoformat(record["serviceDate"]) - date.fromisoformat(earlier["serviceDate"])
            assert gap.days >= 28
        shapes[tuple(record["procedures"][0]["code"] for record in records)] += 1
    whole = ("D3351", "D3352", "D3352", "D3353")
    assert shapes[whole] > 50
    assert shapes["D3351", "D3353"] > 50  # a mineral barrier in one visit
    assert all(shape[-1] == "D3353" for shape in shapes)


def test_no_rationale_twice_in_a_course(many: list[Record]) -> None:
    for records in courses(many).values():
        texts = [record["clinical"]["rationale"] for record in records]
        assert len(set(texts)) == len(texts)
        for record in records:
            told = [v.get("rationale") for v in record.get("episode", {}).get("visits", ())]
            assert record["clinical"]["rationale"] not in told


def test_texts_vary_with_the_facts(many: list[Record]) -> None:
    texts = Counter(record["clinical"]["rationale"] for record in many if "clinical" in record)
    assert len(texts) > 0.5 * texts.total()


def test_other_payers_amounts_balance(many: list[Record]) -> None:
    by_line = by_claim = 0
    for record in many:
        for other in record.get("otherInsurance", ()):
            fees = [Decimal(str(line["fee"])) for line in record["procedures"]]
            cuts = sum(Decimal(cut["amount"]) for cut in other.get("adjustments", ()))
            for line in other.get("lines", ()):
                by_line += 1
                cut = sum(Decimal(each["amount"]) for each in line["adjustments"])
                assert Decimal(line["paidAmount"]) + cut == fees[line["line"] - 1]
                cuts += cut
            by_claim += "lines" not in other
            assert Decimal(other["paidAmount"]) + cuts == sum(fees)
            assert record["subscriber"]["payerResponsibility"] == "secondary"
            assert other["payer"]["payerId"] != record["payer"]["payerId"]
    assert by_line > 10
    assert by_claim > 10


def test_many_kinds_of_claim(many: list[Record]) -> None:
    kinds = Counter[str]()
    codes = {line["code"] for record in many for line in record["procedures"]}
    for record in many:
        claim = record.get("claim", {})
        kinds.update([claim.get("purpose", "claim"), claim.get("frequency", "original")])
        kinds.update(
            key
            for key in ("patient", "accident", "narrative", "payToAddress", "serviceFacility")
            if key in record
        )
        kinds["self"] += "patient" not in record
        kinds["four"] += len(record["diagnoses"]) == 4
        kinds["auto"] += record.get("accident", {}).get("cause") == "auto"
        kinds[type(record["procedures"][0]["fee"]).__name__] += 1
        assert claim.get("frequency") not in ("replacement", "void") or claim["payerClaimControlNumber"]
    for kind in (
        *("claim", "predetermination", "encounter", "original", "replacement", "void", "patient", "accident"),
        *("narrative", "payToAddress", "serviceFacility", "self", "four", "auto", "str", "int", "float"),
    ):
        assert kinds[kind] > 10, kind
    assert {"D0140", "D0220", "D0230", "D0274", "D1510", "D2330", "D2391", "D7270"} <= codes


def test_several_children_under_one_subscriber(many: list[Record]) -> None:
    families = defaultdict(set)
    for record in many:
        if "patient" in record:
            families[record["subscriber"]["memberId"]].add(person(record))
    assert sum(len(children) > 1 for children in families.values()) > 20


def luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed("80840" + number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def test_provider_numbers_have_their_check_digit(many: list[Record]) -> None:
    providers = ("billingProvider", "renderingProvider", "referringProvider", "serviceFacility")
    numbers = {record[name]["npi"] for record in many for name in providers if name in record}
    assert len(numbers) > 15
    assert all(len(number) == 10 and luhn(number) for number in numbers)


def test_nobody_of_a_household_can_be_taken_for_another() -> None:
    born: dict[tuple[str, str], set[str]] = {}
    for record in good(20_000, 5):
        who = record.get("patient")
        if who:
            born.setdefault((record["subscriber"]["memberId"], who["firstName"]), set()).add(who["birthDate"])
    assert max(len(days) for days in born.values()) == 1
