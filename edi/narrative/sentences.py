"""A visit's facts as short sentences, in clinical order. What the record does not say is left out.

There is no colon in them: it is a delimiter of the claim. A label is followed by a hyphen instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from edi.visit import feature as has
from edi.visit.charset import clean_text
from edi.visit.facts import APEXIFICATION, EarlierVisit, Facts, Line
from edi.visit.record import Clinical, PulpTest, Radiograph


class Sentence(NamedTuple):
    """One sentence and the JSON Pointers of the fields that it rests on."""

    text: str
    sources: tuple[str, ...]


Draft = tuple[int, str, tuple[str, ...], str]
"""Rank in the claim's notes (1 first), text, sources, and the shorter text for notes that are short of room. A plain tuple,
for one is made for each sentence of each visit."""

_WHAT = {
    "D3351": "first visit of apexification",
    "D3352": "medicament renewal in apexification",
    "D3353": "closing visit of apexification",
}
_SHORTLY = {"D3351": "first visit", "D3352": "renewal", "D3353": "closing visit"}
_LABELS = {
    "history": (9, "History", ("/clinical/history",)),
    "response": (4, "Response", ("/clinical/response",)),
    "complications": (12, "Complications", ("/clinical/complications",)),
    "rationale": (2, "Why now", ("/clinical/rationale",)),
    "treatmentPlan": (10, "Plan", ("/clinical/treatmentPlan",)),
    "followUp": (11, "Next", ("/clinical/followUp",)),
}
_MEDICAMENT = ("/clinical/medicament",)


def compose(facts: Facts) -> tuple[Sentence, ...]:
    """The narrative of the three codes, sentence by sentence; empty for a claim without them."""
    return tuple(Sentence(text, sources) for _, text, sources, _ in draft_sentences(facts))


def draft_sentences(facts: Facts) -> list[Draft]:
    """The sentences in clinical order, each once."""
    if not facts.lines:
        return []
    clean = _trimmed if facts.plain else _cleaned
    chart = facts.clinical
    told = _heads(facts)
    said: set[str] = set()
    _say(told, chart, clean, "history", said)
    if diagnosis := _diagnosis(facts, chart, clean):
        told.append(diagnosis)
    if tests := chart.get("pulpTests"):
        told.append(_tests(tests, facts, clean))
    if (findings := chart.get("findings")) and (text := ". ".join(filter(None, map(clean, findings)))):
        text = f"Findings - {text}."
        told.append((7, text, ("/clinical/findings",), text))
    if facts.films:
        told += _films(facts.films, clean)
    if (medicament := chart.get("medicament")) and (name := clean(medicament.get("name", ""))):
        action = clean(medicament.get("action", ""))
        text = f"Medicament - {name}, {action}." if action else f"Medicament - {name}."
        told.append((6, text, _MEDICAMENT, text))
    for field in ("response", "complications", "rationale", "treatmentPlan", "followUp"):
        _say(told, chart, clean, field, said)
    return told


def _say(
    told: list[Draft], chart: Mapping[str, Any], clean: Callable[[str], str], field: str, said: set[str]
) -> None:
    """One text of the chart under its label, when there is something in it that no field before has `said`."""
    text = chart.get(field)
    if text and (text := clean(text)) and text not in said:
        said.add(text)
        rank, label, sources = _LABELS[field]
        text = f"{label} - {text}."
        told.append((rank, text, sources, text))


def _trimmed(text: str) -> str:
    return text.strip(" .;,")


def _cleaned(text: str) -> str:
    return clean_text(text).strip(" .;,")


def _heads(facts: Facts) -> list[Draft]:
    """The procedures: code, tooth, date, and the number of the visit in its episode."""
    if facts.claim.get("purpose") == "predetermination":
        return _planned(facts)
    told: list[Draft] = []
    for line in facts.lines:
        path = f"/procedures/{line.place}"
        sources = [path + "/code"]
        text = f"{line.code}, {_WHAT[line.code]}"
        brief = f"{line.code} {_SHORTLY[line.code]}"
        if line.tooth is not None:
            text += f", tooth {line.tooth}"
            brief += f", tooth {line.tooth}"
            sources.append(path + "/toothNumber")
        if line.date is not None:
            text += f", {line.date}"
            if facts.service_date != line.date:
                brief += f", {line.date}"
            own = "serviceDate" in facts.procedures[line.place]
            sources.append(path + "/serviceDate" if own else "/serviceDate")
        # Only what the record itself lists, and only while nobody else knows of more: then it might be wrong.
        if line.previous is not None and facts.own_history and line.code != "D3351":
            number = _number(line.before)
            before = f"after {line.previous.code} of {line.previous.service_date}"
            before = f", visit {number} {before}" if number else f", {before}"
            text += before
            brief += before
            sources.append("/episode/visits")
        told.append((1, text + ".", tuple(sources), brief + "."))
    return told


def _number(before: Sequence[EarlierVisit]) -> int | None:
    """Which visit of its course follows these ones; None when the list does not go back to the first."""
    number = 1
    for visit in reversed(before):
        if visit.code in APEXIFICATION:
            number += 1
            if visit.code == "D3351":
                return number
    return None


def _planned(facts: Facts) -> list[Draft]:
    """The planned course of each tooth, for a predetermination."""
    told: list[Draft] = []
    for tooth in facts.teeth or (None,):
        lines: list[Line] = [line for line in facts.lines if line.tooth == tooth]
        counts: dict[str, int] = {}
        for line in lines:
            counts[line.code] = counts.get(line.code, 0) + 1
        codes = ", ".join(f"{code} x{count}" if count > 1 else code for code, count in counts.items())
        of = f", tooth {tooth}" if tooth else ""
        sources = tuple(f"/procedures/{line.place}" for line in lines)
        text = f"Planned course of apexification{of} - {codes}."
        told.append((1, text, sources, text))
    return told


def _diagnosis(facts: Facts, chart: Clinical, clean: Callable[[str], str]) -> Draft | None:
    codes = ", ".join(facts.diagnoses) if facts.plain else ", ".join(map(clean, facts.diagnoses))
    text = clean(chart.get("diagnosis", ""))
    if text:
        if len(facts.teeth) == 1:  # the head has named the tooth
            own = f", tooth {facts.teeth[0]}"
            text = text.removesuffix(own).replace(own + ",", ",")
        if codes:
            text = f"Diagnosis - {text} ({codes})."
            return 5, text, ("/clinical/diagnosis", "/diagnoses"), text
        text = f"Diagnosis - {text}."
        return 5, text, ("/clinical/diagnosis",), text
    text = f"Diagnosis - {codes}."
    return (5, text, ("/diagnoses",), text) if codes else None


def _tests(tests: list[PulpTest], facts: Facts, clean: Callable[[str], str]) -> Draft:
    """The pulp tests. They rank high on a first visit, which rests on them."""
    teeth = facts.teeth
    parts = []
    for test in tests:
        tooth = test["toothNumber"]
        what = f"{clean(test['method'])}, {clean(test['result'])}"
        parts.append(what if teeth == (tooth,) else f"tooth {clean(tooth)} {what}")
    label = "Pulp test" if len(parts) == 1 else "Pulp tests"
    text = f"{label} - {'; '.join(parts)}."
    return 4 if facts.features & has.FIRST else 8, text, ("/clinical/pulpTests",), text


def _films(films: list[tuple[int, Radiograph]], clean: Callable[[str], str]) -> list[Draft]:
    """The newest films, and the one before them to compare with."""
    if len(films) == 1:
        return [_shown(films[0][1], (f"/clinical/radiographs/{films[0][0]}",), clean)]
    newest = max(film["date"] for _, film in films)
    told: list[Draft] = []
    before = [item for item in films if item[1]["date"] < newest]
    for place, film in films:
        if film["date"] == newest:
            sources: tuple[str, ...] = (f"/clinical/radiographs/{place}",)
            earlier = max(before, key=lambda item: item[1]["date"]) if before and not told else None
            if earlier:
                sources += (f"/clinical/radiographs/{earlier[0]}",)
            told.append(_shown(film, sources, clean, earlier[1] if earlier else None))
    return told


def _shown(
    film: Radiograph, sources: tuple[str, ...], clean: Callable[[str], str], earlier: Radiograph | None = None
) -> Draft:
    """A film's date, view and finding, and those of the one before; the notes do without the view."""
    view, finding = _film(film, clean)
    text = f"Radiograph {film['date']}{view}{finding}"
    brief = f"Radiograph {film['date']}{finding}"
    if earlier:
        view, finding = _film(earlier, clean)
        text += f"; the one before, {earlier['date']}{view}{finding}"
        brief += f"; the one before, {earlier['date']}{finding}"
    return 3, text + ".", sources, brief + "."


def _film(film: Radiograph, clean: Callable[[str], str]) -> tuple[str, str]:
    view = clean(film.get("view", ""))
    finding = clean(film.get("finding", ""))
    return f" ({view})" if view else "", f" - {finding}" if finding else ""
