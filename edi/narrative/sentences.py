"""A visit's facts as short sentences, in clinical order. What the record does not say is left out.

There is no colon in them: it is a delimiter of the claim. A label is followed by a hyphen instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from edi.visit.charset import clean_text
from edi.visit.facts import APEXIFICATION, Earlier, Facts, Line
from edi.visit.record import Clinical, PulpTest, Radiograph


class Sentence(NamedTuple):
    """One sentence and the JSON Pointers of the fields that it rests on."""

    text: str
    sources: tuple[str, ...]


Told = tuple[int, str, tuple[str, ...]]
"""Rank in the claim's notes (1 first), text, sources. A plain tuple: one is made for each sentence of each visit."""

_WHAT = {
    "D3351": "first visit of apexification",
    "D3352": "medicament renewal in apexification",
    "D3353": "closing visit of apexification",
}
_LABELS = {
    "history": (9, "History", ("/clinical/history",)),
    "response": (6, "Response", ("/clinical/response",)),
    "complications": (12, "Complications", ("/clinical/complications",)),
    "rationale": (2, "Why this visit", ("/clinical/rationale",)),
    "treatmentPlan": (10, "Plan", ("/clinical/treatmentPlan",)),
    "followUp": (11, "Next", ("/clinical/followUp",)),
}
_MEDICAMENT = ("/clinical/medicament",)


def compose(facts: Facts) -> tuple[Sentence, ...]:
    """The narrative of the three codes, sentence by sentence; empty for a claim without them."""
    return tuple(Sentence(text, sources) for _, text, sources in tell(facts))


def tell(facts: Facts) -> list[Told]:
    """The sentences in clinical order, each once."""
    if not facts.lines:
        return []
    clean = _trimmed if facts.plain else _cleaned
    chart = facts.clinical
    told = _heads(facts)
    _say(told, chart, clean, "history")
    if said := _diagnosis(facts, chart, clean):
        told.append(said)
    if tests := chart.get("pulpTests"):
        told.append(_tests(tests, facts.teeth, clean))
    if (findings := chart.get("findings")) and (text := "; ".join(filter(None, map(clean, findings)))):
        told.append((7, f"Findings - {text}.", ("/clinical/findings",)))
    if facts.films:
        told += _films(facts.films, clean)
    if (medicament := chart.get("medicament")) and (name := clean(medicament.get("name", ""))):
        action = clean(medicament.get("action", ""))
        told.append(
            (5, f"Medicament - {name}, {action}." if action else f"Medicament - {name}.", _MEDICAMENT)
        )
    for field in ("response", "complications", "rationale", "treatmentPlan", "followUp"):
        _say(told, chart, clean, field)
    return told


def _say(told: list[Told], chart: Mapping[str, Any], clean: Callable[[str], str], field: str) -> None:
    """One text of the chart under its label, when there is something in it."""
    text = chart.get(field)
    if text and (text := clean(text)):
        rank, label, sources = _LABELS[field]
        told.append((rank, f"{label} - {text}.", sources))


def _trimmed(text: str) -> str:
    return text.strip(" .;,")


def _cleaned(text: str) -> str:
    return clean_text(text).strip(" .;,")


def _heads(facts: Facts) -> list[Told]:
    """What was billed, for which tooth, when, and which visit of the episode it was."""
    if facts.claim.get("purpose") == "predetermination":
        return _planned(facts)
    told: list[Told] = []
    for line in facts.lines:
        path = f"/procedures/{line.place}"
        sources = [path + "/code"]
        text = f"{line.code}, {_WHAT[line.code]}"
        if line.tooth is not None:
            text += f", tooth {line.tooth}"
            sources.append(path + "/toothNumber")
        if line.date is not None:
            text += f", {line.date}"
            own = "serviceDate" in facts.procedures[line.place]
            sources.append(path + "/serviceDate" if own else "/serviceDate")
        # Only what the record itself lists, and only while nobody else knows of more: then it might be wrong.
        if line.previous is not None and facts.own_history and line.code != "D3351":
            number = _number(line.before)
            before = f"after {line.previous.code} of {line.previous.service_date}"
            text += f", visit {number} {before}" if number else f", {before}"
            sources.append("/episode/visits")
        told.append((1, text + ".", tuple(sources)))
    return told


def _number(before: Sequence[Earlier]) -> int | None:
    """Which visit of its course follows these ones; None when the list does not go back to the first."""
    number = 1
    for visit in reversed(before):
        if visit.code in APEXIFICATION:
            number += 1
            if visit.code == "D3351":
                return number
    return None


def _planned(facts: Facts) -> list[Told]:
    """The course that a predetermination asks for, tooth by tooth."""
    told: list[Told] = []
    for tooth in facts.teeth or (None,):
        lines: list[Line] = [line for line in facts.lines if line.tooth == tooth]
        counts: dict[str, int] = {}
        for line in lines:
            counts[line.code] = counts.get(line.code, 0) + 1
        codes = ", ".join(f"{code} x{count}" if count > 1 else code for code, count in counts.items())
        of = f", tooth {tooth}" if tooth else ""
        sources = tuple(f"/procedures/{line.place}" for line in lines)
        told.append((1, f"Planned course of apexification{of} - {codes}.", sources))
    return told


def _diagnosis(facts: Facts, chart: Clinical, clean: Callable[[str], str]) -> Told | None:
    codes = ", ".join(facts.diagnoses) if facts.plain else ", ".join(map(clean, facts.diagnoses))
    text = clean(chart.get("diagnosis", ""))
    if text:
        if len(facts.teeth) == 1:  # the head has named the tooth
            text = text.removesuffix(f", tooth {facts.teeth[0]}")
        if codes:
            return 4, f"Diagnosis - {text} ({codes}).", ("/clinical/diagnosis", "/diagnoses")
        return 4, f"Diagnosis - {text}.", ("/clinical/diagnosis",)
    return (4, f"Diagnosis - {codes}.", ("/diagnoses",)) if codes else None


def _tests(tests: list[PulpTest], teeth: tuple[str, ...], clean: Callable[[str], str]) -> Told:
    parts = []
    for test in tests:
        tooth = test["toothNumber"]
        what = f"{clean(test['method'])}, {clean(test['result'])}"
        parts.append(what if teeth == (tooth,) else f"tooth {clean(tooth)} {what}")
    label = "Pulp test" if len(parts) == 1 else "Pulp tests"
    return 8, f"{label} - {'; '.join(parts)}.", ("/clinical/pulpTests",)


def _films(films: list[tuple[int, Radiograph]], clean: Callable[[str], str]) -> list[Told]:
    """The newest films, and the one before them to compare with."""
    if len(films) == 1:
        return [(3, f"Radiograph {_film(films[0][1], clean)}.", (f"/clinical/radiographs/{films[0][0]}",))]
    newest = max(film["date"] for _, film in films)
    told: list[Told] = []
    before = [item for item in films if item[1]["date"] < newest]
    for place, film in films:
        if film["date"] == newest:
            text = f"Radiograph {_film(film, clean)}"
            sources: tuple[str, ...] = (f"/clinical/radiographs/{place}",)
            if before and not told:
                earlier = max(before, key=lambda item: item[1]["date"])
                text += f"; the one before, {_film(earlier[1], clean)}"
                sources += (f"/clinical/radiographs/{earlier[0]}",)
            told.append((3, text + ".", sources))
    return told


def _film(film: Radiograph, clean: Callable[[str], str]) -> str:
    text = film["date"]
    if view := clean(film.get("view", "")):
        text += f" ({view})"
    if finding := clean(film.get("finding", "")):
        text += f" - {finding}"
    return text
