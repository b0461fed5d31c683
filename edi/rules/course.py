"""The course of a tooth: its visits since the first one, and the time between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from edi.visit.facts import EarlierVisit, Facts

_BARRIER = re.compile(r"barrier|plug")
_REPAIR = re.compile(r"resorp|resorb|perfor")


def since_first(visits: Sequence[EarlierVisit]) -> Sequence[EarlierVisit]:
    """The visits of the running course: from the last D3351 on, so that a restarted one counts anew."""
    for place in range(len(visits) - 1, -1, -1):
        if visits[place].code == "D3351":
            return visits[place:]
    return visits


def closed_before(visits: Sequence[EarlierVisit]) -> bool:
    """Whether the running course has had its closing visit."""
    return any(visit.code == "D3353" for visit in since_first(visits))


def restarted(facts: Facts) -> bool:
    """Whether the episode says why the course was started again."""
    return bool(facts.episode and facts.episode.get("restartReason"))


def names_barrier(facts: Facts, tooth: str) -> bool:
    """Whether the medicament or a film of the tooth names a barrier or a plug."""
    medicament = facts.clinical.get("medicament", {})
    texts = [medicament.get("name", ""), medicament.get("action", "")]
    texts += [film.get("finding", "") for _, film in facts.films_of(tooth)]
    return any(_BARRIER.search(text.casefold()) for text in texts)


def is_repair(facts: Facts) -> bool:
    """Whether a root is repaired after resorption or perforation, which needs no open apex."""
    chart = facts.clinical
    texts = (chart.get("diagnosis", ""), chart.get("rationale", ""), chart.get("treatmentPlan", ""))
    return any(_REPAIR.search(text.casefold()) for text in texts) or any(
        code.replace(".", "").startswith("K033") for code in facts.diagnoses
    )


@lru_cache(maxsize=4096)
def days(first: str, last: str) -> int:
    """Days from one ISO date to another."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


@lru_cache(maxsize=4096)
def months_later(day: str, months: int) -> str:
    """The ISO date some months on (a 31st may become a date that no month has: it is only compared)."""
    years, month = divmod(int(day[5:7]) - 1 + months, 12)
    return f"{int(day[:4]) + years:04d}-{month + 1:02d}{day[7:]}"
