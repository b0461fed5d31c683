"""The course of one tooth: injury, visits and what was found at each, as numbers that the texts are made from."""

from __future__ import annotations

from typing import NamedTuple

from edi.sample.chance import Chance
from edi.sample.teeth import ANTERIOR, PREMOLAR, Tooth


class Cause(NamedTuple):
    """Why the pulp died. `accident` is the record's accident cause; `grown` marks what happens to adults only."""

    what: str
    harm: str
    codes: tuple[str, ...]
    accident: str | None
    grown: bool = False


_INJURIES = (
    Cause("Fell from a bicycle", "crown fracture without pulp exposure", ("S02.5XXA",), "other"),
    Cause("Fell on playground equipment", "lateral luxation, repositioned and splinted", ("S03.2XXA",), "other"),
    Cause("Struck in the mouth by a ball", "concussion and enamel fracture", ("S02.5XXA",), "other"),
    Cause("Fell at a swimming pool edge", "extrusive luxation, splinted for 2 weeks", ("S03.2XXA",), "other"),
    Cause("Passenger in a car collision", "crown fracture and subluxation", ("S02.5XXA", "S03.2XXA"), "auto"),
    Cause("Tripped on stairs at school", "avulsion, replanted within the hour", ("S03.2XXA",), "other"),
    Cause("Collided with another skater", "complicated crown fracture, left untreated", ("S02.5XXA",), "other"),
    Cause("Struck by a pallet handle at work", "crown fracture of a tooth with an old open apex", ("S02.5XXA",), "employment", True),
)  # fmt: skip
_EVAGINATUS = (
    Cause("Fractured tubercle of dens evaginatus", "no caries, no injury", (), None),
    Cause("Worn tubercle of dens evaginatus", "sound crown otherwise", (), None),
)
_CARIES = (
    Cause("Deep occlusal caries, restored in the past year", "pulp found necrotic at recall", (), None),
    Cause("Deep proximal caries of an immature root", "restoration lost, pulp necrotic", (), None),
)
# ICD-10-CM code and how a dentist words it.
_DIAGNOSES = (
    ("K04.1", "Pulp necrosis"),
    ("K04.1", "Necrotic pulp without apical symptoms"),
    ("K04.5", "Necrotic pulp with chronic apical periodontitis"),
    ("K04.4", "Necrotic pulp with acute apical periodontitis"),
    ("K04.7", "Necrotic pulp with apical abscess, no sinus tract"),
    ("K04.6", "Necrotic pulp with apical abscess and draining sinus tract"),
)


class Step(NamedTuple):
    """One visit: code, day (ordinal), apex opening and lesion in tenths of a millimetre, working length."""

    code: str
    day: int
    apex: int
    lesion: int
    length: int


class Course(NamedTuple):
    """`steps` in order of date; `plug` when the closing visit places a mineral barrier in one sitting."""

    tooth: Tooth
    cause: Cause
    injured: int
    diagnosis: str
    codes: tuple[str, ...]
    test: str
    medicament: str
    plug: str | None
    steps: tuple[Step, ...]


_PASTES = (
    "calcium hydroxide",
    "calcium hydroxide",
    "calcium hydroxide with iodoform",
    "non-setting calcium hydroxide",
)
_PLUGS = ("mineral trioxide aggregate", "bioceramic putty", "tricalcium silicate cement")
_TESTS = ("cold", "electric", "heat")


def _cause(chance: Chance, tooth: Tooth, grown: bool) -> Cause:
    if tooth.kind == ANTERIOR:
        return _INJURIES[chance.below(len(_INJURIES) - (0 if grown else 1))]
    return chance.pick(_EVAGINATUS if tooth.kind == PREMOLAR else _CARIES)


def _codes(chance: Chance, first: str, injury: tuple[str, ...]) -> tuple[str, ...]:
    """The fitting code first, injuries after it; now and then resorption too, up to the four a claim can hold."""
    codes = (first, *injury)
    if injury and chance.flip(0.12):
        codes = (*codes, "K03.3")
    if len(codes) == 3 and first != "K04.1" and chance.flip(0.7):
        codes = (*codes, "K04.1")
    return codes


def course(chance: Chance, tooth: Tooth, today: int, grown: bool) -> Course:
    """A whole course that closed, or stands, at most four weeks before `today` (an ordinal).

    Every renewal comes 28 days or more after the visit before. About one course in six is longer than the
    others and reaches back beyond half a year, yet never beyond 16 months.
    """
    cause = _cause(chance, tooth, grown)
    code, diagnosis = chance.pick(_DIAGNOSES)
    renewals = (0, 1, 1, 2, 2, 2, 3, 3, 4)[chance.below(9)]
    plug = chance.pick(_PLUGS) if renewals == 0 else None
    slow = chance.flip(0.16)
    days = [today - chance.below(29)]
    for _ in range(renewals + 1):
        days.append(days[-1] - (chance.between(60, 92) if slow else chance.between(28, 40)))
    days.reverse()
    injured = days[0] - (chance.between(900, 4000) if grown and not cause.grown else chance.between(3, 160))
    return Course(
        tooth=tooth,
        cause=cause,
        injured=injured,
        diagnosis=diagnosis,
        codes=_codes(chance, code, cause.codes),
        test=chance.pick(_TESTS),
        medicament=chance.pick(_PASTES),
        plug=plug,
        steps=_steps(chance, tooth, days),
    )


def _steps(chance: Chance, tooth: Tooth, days: list[int]) -> tuple[Step, ...]:
    """Apex and lesion get smaller at each visit, so that no two visits of a course read the same."""
    apex, lesion = chance.between(16, 32), chance.between(20, 55)
    length = tooth.length * 10 - chance.between(5, 30)
    last = len(days) - 1
    steps = []
    for place, day in enumerate(days):
        code = "D3351" if place == 0 else "D3353" if place == last else "D3352"
        steps.append(Step(code, day, apex, lesion, length))
        apex -= chance.between(2, 3)
        lesion = max(lesion - chance.between(4, 12), 1 + last - place)
    return tuple(steps)
