"""The narrative says what the record says, nothing else, in characters and lines that a claim can carry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_cases import TODAY, base

from edi.narrative import Narrative, compose, narrate
from edi.sample import visits
from edi.visit.absent import drop_absent
from edi.visit.charset import ALLOWED, clean_text
from edi.visit.facts import EarlierVisit, Facts

_VOCABULARY = set(
    "first visit of apexification medicament renewal in closing tooth after History Diagnosis Pulp test tests "
    "renewal Findings Radiograph the one before Medicament Response Complications Why now Plan Next Planned course - "
    "Full narrative attached".lower().split()
)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _tokens(text: str) -> list[str]:
    return [token for word in text.lower().split() if (token := word.strip(".,;()\"'"))]


def _words_from_nowhere(facts: Facts, text: str) -> set[str]:
    """Words of a narrative that neither the record nor the templates have, the counts of visits aside."""
    known = _VOCABULARY | {token for string in _strings(facts.visit) for token in _tokens(clean_text(string))}
    known |= {string.strip(" .;,").lower() for string in _strings(facts.visit)}
    text = re.sub(r", visit \d+ after", "", text)
    text = re.sub(r"(D335\d) x\d+", r"\1", text)
    return set(_tokens(text)) - known


def _assert_fits(narrative: Narrative) -> None:
    assert set(narrative.text) <= ALLOWED
    assert narrative.text == " ".join(narrative.text.split())
    assert len(narrative.notes) <= 5
    for note in narrative.notes:
        assert 0 < len(note) <= 80
        assert note == note.strip()
        assert set(note) <= ALLOWED
    joined = " ".join(narrative.notes)
    if narrative.overflow:
        assert joined.endswith("Full narrative attached.")
    else:
        assert sorted(joined.split()) == sorted(narrative.text.split()) or max(map(len, joined.split())) >= 80


_TEXT = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            [
                "open",
                "apex,",
                "barrier:",
                "3.5",
                "mm",
                "~2",
                "mm",
                "10:30",
                "2026-06-15",
                "K04.1",
                "é",
                "–",
                "\n",
                "*",
                "^",
            ]
        )
    ).map(" ".join),
)
_WORDS = _TEXT.filter(str.strip)
_CLINICAL = st.fixed_dictionaries(
    {},
    optional={
        "chiefComplaint": _TEXT,
        "history": _TEXT,
        "diagnosis": _TEXT,
        "findings": st.lists(_TEXT, max_size=4),
        "response": _TEXT,
        "complications": _TEXT,
        "treatmentPlan": _TEXT,
        "rationale": _TEXT,
        "followUp": _TEXT,
        "medicament": st.fixed_dictionaries({}, optional={"name": _TEXT, "action": _TEXT}),
        "pulpTests": st.lists(
            st.fixed_dictionaries(
                {"toothNumber": st.sampled_from(["8", "9", "8, 9"]), "method": _WORDS, "result": _WORDS}
            ),
            max_size=3,
        ),
        "radiographs": st.lists(
            st.fixed_dictionaries(
                {"date": st.dates().map(str)},
                optional={
                    "toothNumber": st.sampled_from(["8", "9", "7-10"]),
                    "view": _TEXT,
                    "finding": _TEXT,
                },
            ),
            max_size=4,
        ),
    },
)


@given(name=st.sampled_from(["first", "renewal", "closing", "plan", "void"]), clinical=_CLINICAL)
def test_any_chart_is_told_from_the_record_alone_and_fits(name: str, clinical: dict[str, Any]) -> None:
    facts = Facts(base(name, {"/clinical": drop_absent(clinical)}), as_of=TODAY)
    narrative = narrate(facts)
    _assert_fits(narrative)
    assert narrative.source == "generated"
    for sentence in compose(facts):
        assert sentence.text.endswith(".")
        assert sentence.sources
        assert all(source.startswith("/") for source in sentence.sources)


@given(text=_TEXT)
def test_an_own_narrative_is_kept_word_for_word(text: str) -> None:
    narrative = narrate(Facts(base("filling", {"/narrative": text}), as_of=TODAY))
    _assert_fits(narrative)
    assert narrative.text == clean_text(text)
    assert narrative.source == ("given" if narrative.text else "generated")


@pytest.mark.parametrize("seed", range(5))
def test_every_word_of_a_sample_stands_in_its_record(seed: int) -> None:
    for record, _ in visits(100, seed):
        facts = Facts(drop_absent(record), as_of=TODAY)
        narrative = narrate(facts)
        _assert_fits(narrative)
        assert not _words_from_nowhere(facts, narrative.text)
        assert not _words_from_nowhere(facts, " ".join(narrative.notes).replace("...", ""))


def test_an_invented_word_would_be_seen() -> None:
    facts = Facts(base("renewal"), as_of=TODAY)
    text = narrate(facts).text
    assert _words_from_nowhere(facts, text.replace("calcium", "barium")) == {"barium"}
    assert _words_from_nowhere(facts, text.replace("2026-09-14", "2026-09-15")) == {"2026-09-15"}
    assert _words_from_nowhere(facts, text.replace("tooth 9", "tooth 8")) == {"8"}


def test_a_renewal_reads_in_clinical_order() -> None:
    assert [sentence.text for sentence in compose(Facts(base("renewal"), as_of=TODAY))] == [
        "D3352, medicament renewal in apexification, tooth 9, 2026-09-14, visit 2 after D3351 of 2026-06-15.",
        "History - Fell off a swing on 2026-06-02.",
        "Diagnosis - Pulp necrosis, open apex (K04.1).",
        "Pulp test - cold, no response.",
        "Findings - No swelling.",
        "Radiograph 2026-09-14 (periapical) - Apex open, lesion smaller.",
        "Medicament - calcium hydroxide, replaced.",
        "Response - Free of symptoms.",
        "Complications - None.",
        "Why now - Canal paste washed out, barrier incomplete.",
        "Plan - Renew until a barrier is there, then fill.",
        "Next - In 3 months.",
    ]


def test_the_notes_begin_with_what_decides_and_say_that_there_is_more() -> None:
    narrative = narrate(Facts(base("renewal"), as_of=TODAY))
    assert narrative.overflow
    joined = " ".join(narrative.notes)
    places = [
        joined.index(word)
        for word in ("D3352", "Why now", "Radiograph", "Response", "Diagnosis", "Medicament")
    ]
    assert places == sorted(places)
    assert joined.endswith("Full narrative attached.")


def test_a_short_story_stays_in_the_claim() -> None:
    record = base("renewal", {"/clinical": {"rationale": "Paste washed out", "response": "No pain"}})
    narrative = narrate(Facts(record, as_of=TODAY))
    assert not narrative.overflow
    assert narrative.notes == (
        "D3352, medicament renewal in apexification, tooth 9, 2026-09-14, visit 2 after",
        "D3351 of 2026-06-15. Why now - Paste washed out. Response - No pain. Diagnosis -",
        "K04.1.",
    )


@pytest.mark.parametrize(
    "field", ["history", "diagnosis", "findings", "medicament", "response", "rationale", "followUp"]
)
def test_a_missing_fact_is_left_out(field: str) -> None:
    whole = compose(Facts(base("renewal"), as_of=TODAY))
    less = compose(Facts(base("renewal", {f"/clinical/{field}": None, "/diagnoses": None}), as_of=TODAY))
    assert len(less) == len(whole) - 1


def test_a_film_is_set_against_the_one_before() -> None:
    older = {"date": "2026-06-15", "toothNumber": "9", "finding": "Apex wide open"}
    other = {"date": "2026-09-14", "toothNumber": "3", "finding": "Caries"}
    record = base("renewal", {"/clinical/radiographs/1": older, "/clinical/radiographs/2": other})
    (sentence,) = [s for s in compose(Facts(record, as_of=TODAY)) if s.text.startswith("Radiograph")]
    assert sentence.text == (
        "Radiograph 2026-09-14 (periapical) - Apex open, lesion smaller; the one before, 2026-06-15 - Apex wide open."
    )
    assert sentence.sources == ("/clinical/radiographs/0", "/clinical/radiographs/1")


def test_the_tooth_is_named_once() -> None:
    diagnosis = "Pulp necrosis, tooth 9, under apexification"
    told = compose(Facts(base("renewal", {"/clinical/diagnosis": diagnosis}), as_of=TODAY))
    assert told[2].text == "Diagnosis - Pulp necrosis, under apexification (K04.1)."


@pytest.mark.parametrize(
    "words", ["Pulp necrosis, tooth 19, open apex", "Pulp necrosis, tooth 8", "Tooth 9, open apex"]
)
def test_another_tooth_stays_named(words: str) -> None:
    told = compose(Facts(base("renewal", {"/clinical/diagnosis": words}), as_of=TODAY))
    assert told[2].text == f"Diagnosis - {words} (K04.1)."


def test_the_teeth_of_a_claim_for_two_stay_named() -> None:
    changes = {
        "/procedures/1": {"code": "D3352", "toothNumber": "8", "fee": "215"},
        "/clinical/diagnosis": "Pulp necrosis, tooth 9, tooth 8 healing",
    }
    told = " ".join(sentence.text for sentence in compose(Facts(base("renewal", changes), as_of=TODAY)))
    assert "Diagnosis - Pulp necrosis, tooth 9, tooth 8 healing (K04.1)." in told


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (("D3351", "D3352"), "visit 3 after D3352"),
        (("D3352", "D3352"), "after D3352"),
        (("D3353", "D3351"), "visit 2 after D3351"),
    ],
)
def test_visits_are_counted_from_the_first_one_or_not_at_all(codes: tuple[str, ...], told: str) -> None:
    visits = [{"serviceDate": f"2026-0{month}-15", "code": code} for month, code in enumerate(codes, start=5)]
    head = compose(Facts(base("renewal", {"/episode/visits": visits}), as_of=TODAY))[0].text
    assert head == f"D3352, medicament renewal in apexification, tooth 9, 2026-09-14, {told} of 2026-06-15."


def test_a_text_that_stands_in_two_fields_is_told_once() -> None:
    record = base(
        "renewal", {"/clinical/response": "Barrier incomplete.", "/clinical/rationale": "Barrier incomplete"}
    )
    assert narrate(Facts(record, as_of=TODAY)).text.count("Barrier incomplete") == 1


def test_the_notes_keep_whole_statements_and_leave_out_the_view() -> None:
    why = (
        "After 31 days the apex still measures 1.7 mm and the barrier is incomplete on film and probing; "
        "the dressing of 2026-06-15 has to be renewed for closure to go on"
    )
    film = "Calcific barrier begun but incomplete, apex 1.7 mm against 1.9 mm; radiolucency 3.2 mm"
    record = base("renewal", {"/clinical/rationale": why, "/clinical/radiographs/0/finding": film})
    assert narrate(Facts(record, as_of=TODAY)).notes == (
        "D3352 renewal, tooth 9, visit 2 after D3351 of 2026-06-15. Why now - After 31",
        "days the apex still measures 1.7 mm and the barrier is incomplete on film and",
        "probing. Radiograph 2026-09-14 - Calcific barrier begun but incomplete, apex 1.7",
        "mm against 1.9 mm; radiolucency 3.2 mm. Response - Free of symptoms. Diagnosis -",
        "Pulp necrosis, open apex (K04.1). Next - In 3 months. Full narrative attached.",
    )


def test_an_abbreviation_ends_no_statement() -> None:
    film = "The apex is open and measures ca. 2 mm " + "by film and by file " * 20
    record = base("renewal", {"/clinical/radiographs/0/finding": film})
    assert "measures ca. 2 mm by film" in " ".join(narrate(Facts(record, as_of=TODAY)).notes)


def test_words_after_a_comma_may_turn_the_sense_so_the_cut_is_shown() -> None:
    why = "No swelling and no pain at all in the whole region of the upper front teeth, " + "but pus " * 20
    record = base("renewal", {"/clinical/rationale": why})
    joined = " ".join(narrate(Facts(record, as_of=TODAY)).notes)
    assert "upper front teeth... Radiograph" in joined


@pytest.mark.parametrize("seed", range(3))
def test_why_and_film_stand_in_the_notes_of_every_sample(seed: int) -> None:
    for record, _ in visits(150, seed):
        facts = Facts(drop_absent(record), as_of=TODAY)
        narrative = narrate(facts)
        if facts.lines and narrative.source == "generated":
            joined = " ".join(narrative.notes)
            assert joined.index("Why now - ") < joined.index("Radiograph ") < 300
            assert len(joined) <= 400


def test_visits_that_only_others_know_are_not_counted() -> None:
    facts = Facts(base("renewal"), as_of=TODAY, earlier=[EarlierVisit("2026-08-02", "D3352", "9")])
    assert compose(facts)[0].text == "D3352, medicament renewal in apexification, tooth 9, 2026-09-14."


def test_a_planned_course_is_counted() -> None:
    assert compose(Facts(base("plan"), as_of=TODAY))[0].text == (
        "Planned course of apexification, tooth 9 - D3351, D3352 x2, D3353."
    )


def test_other_codes_have_no_narrative() -> None:
    assert narrate(Facts(base("filling"), as_of=TODAY)) == Narrative("", "generated", (), False)


@pytest.mark.parametrize(("length", "overflow"), [(40, False), (399, False), (405, True), (5000, True)])
def test_an_own_narrative_overflows_when_it_is_long(length: int, overflow: bool) -> None:
    narrative = narrate(Facts(base("renewal", {"/narrative": ("own " * length)[:length]}), as_of=TODAY))
    assert narrative.source == "given"
    assert narrative.overflow is overflow


def test_the_contract_visit_is_told(shared: Path) -> None:
    record = drop_absent(json.loads((shared / "contract" / "visit.json").read_text(encoding="utf-8")))
    facts = Facts(record, as_of="2026-09-20")
    narrative = narrate(facts)
    _assert_fits(narrative)
    assert not _words_from_nowhere(facts, narrative.text)
    for word in ("D3352", "tooth 9", "K04.1", "2026-06-15", "calcium hydroxide", "renewal needed"):
        assert word in narrative.text
