"""Texts of a chart that say nothing."""

from __future__ import annotations

import copy

import pytest
from schema_record import full_record

from edi.narrative.sentences import compose
from edi.visit.chart import says_nothing, stated
from edi.visit.facts import Facts

NOTHING = (
    "",
    " ",
    "-",
    "--",
    ".",
    "N/A",
    "n/a.",
    "NA",
    "None",
    "(none)",
    "See chart.",
    "TBD",
    "same",
    "Same as above",
    "?",
    "*",
)
SOMETHING = (
    "No swelling",
    "None of the cusps",
    "Canal dry",
    "Same swelling as before",
    "9",
    "根尖開放",
    "n" * 40,
    "Not vital",
)


@pytest.mark.parametrize("text", NOTHING)
def test_words_for_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_words_for_something(text: str) -> None:
    assert not says_nothing(text)


def test_a_chart_that_says_something_everywhere_is_the_same_object() -> None:
    chart = full_record()["clinical"]
    assert stated(chart) is chart


def test_what_says_nothing_is_left_out_and_the_record_stays_as_it_was() -> None:
    chart = {
        "history": "N/A",
        "complications": "None",
        "findings": ["-", "Canal dry", "n/a"],
        "pulpTests": [{"toothNumber": "8", "method": "cold", "result": "N/A"}],
        "radiographs": [
            {"date": "2026-04-20", "finding": "n/a"},
            {"date": "2026-04-21", "finding": "Open apex"},
        ],
        "medicament": {"name": "none", "action": "none"},
    }
    before = copy.deepcopy(chart)
    assert stated(chart) == {  # type: ignore[arg-type]
        "complications": "None",
        "findings": ["Canal dry"],
        "radiographs": [{"date": "2026-04-20"}, {"date": "2026-04-21", "finding": "Open apex"}],
    }
    assert chart == before


@pytest.mark.parametrize(
    "field", ["history", "diagnosis", "rationale", "treatmentPlan", "followUp", "response"]
)
def test_the_narrative_says_nothing_of_it(field: str) -> None:
    record = full_record()
    record["clinical"][field] = "N/A"
    told = [
        sentence
        for sentence in compose(Facts(record, as_of="2026-11-01"))
        if f"/clinical/{field}" in sentence.sources
    ]
    assert told == []
