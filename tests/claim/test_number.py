"""Control numbers of attachments that bring none of their own."""

from __future__ import annotations

from rule_cases import base

from edi.claim.number import attachment_number


def test_with_a_ledger_attachments_are_counted_from_one_and_the_narrative_is_none_of_them() -> None:
    visit = base("renewal", {"/attachments/1": {"id": "x2", "type": "report", "file": "r.pdf"}})
    made = [attachment_number(visit, "T-1", name, 7) for name in ("x1", "x2", "narrative")]
    assert [each.rpartition("-")[2] for each in made] == ["1", "2", "0"]
    assert len({each.rpartition("-")[0] for each in made}) == 1


def test_without_a_ledger_each_attachment_has_a_number_of_its_own() -> None:
    visit = base("renewal")
    assert attachment_number(visit, "T-1", "x1") == attachment_number(visit, "T-1", "x1")
    assert attachment_number(visit, "T-1", "x1") != attachment_number(visit, "T-1", "x2")
