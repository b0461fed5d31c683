"""Good samples earn no finding at all; a faulty one earns exactly its own, and that rejects it."""

from __future__ import annotations

from collections import defaultdict

import pytest

from edi.rules import apply_rules
from edi.sample import ANCHOR, visits
from edi.sample.faults import CATEGORIES, DUPLICATE
from edi.visit.absent import drop_absent
from edi.visit.facts import Facts
from edi.visit.schema import is_valid


@pytest.mark.parametrize("as_of", [ANCHOR.isoformat(), "2027-02-28"])
@pytest.mark.parametrize("seed", [0, 1, 2, 2**40])
def test_good_samples_are_clean(seed: int, as_of: str) -> None:
    for record, category in visits(1500, seed):
        assert category is None
        assert is_valid(record), record
        assert apply_rules(Facts(drop_absent(record), as_of=as_of)) == [], record


def test_each_fault_earns_its_category_alone() -> None:
    rules = defaultdict(set)
    for record, category in visits(6000, 4, faulty=0.6):
        if category is None:
            continue
        if category == "schema":
            assert not is_valid(record)
            rules[category].add("schema")
            continue
        assert is_valid(record), (category, record)
        # What repeats another record's service is known to the run, not to the record.
        repeated = (0,) if category == DUPLICATE else ()
        findings = apply_rules(Facts(drop_absent(record), as_of=ANCHOR.isoformat(), repeated_lines=repeated))
        assert [(finding.category, finding.severity) for finding in findings] == [(category, "error")], record
        rules[category].add(findings[0].rule)
    assert set(rules) == set(CATEGORIES)
    assert sum(map(len, rules.values())) > 25


def test_a_duplicate_repeats_a_record_before_it() -> None:
    sent = set()
    seen = 0
    for record, category in visits(800, 6, faulty=0.5):
        content = str({**record, "visitId": None})
        if category == DUPLICATE:
            assert content in sent
            seen += 1
        elif category is None:
            sent.add(content)
    assert seen > 10
