"""The courses that a run's report page draws."""

from __future__ import annotations

from itertools import groupby

from edi.flows.spool import Spool
from edi.visit.identity import SEPARATOR
from edi.visit.parse import reread
from edi.visit.timeline import Course, courses

_MOST = 50  # so that the page of a million visits can still be opened


def drawn_courses(spool: Spool) -> tuple[list[Course], dict[str, str], bool]:
    """The first courses of a judged run in the order claims are written, the state of each of their visits by visitId
    ("accepted" or "rejected"), and whether there are more."""
    found: list[Course] = []
    states: dict[str, str] = {}
    for _, group in groupby(spool.ordered(), key=lambda kept: kept.key.rpartition(SEPARATOR)[0]):
        visits = []
        for kept in group:
            visits.append(reread(kept.data))
            state = "rejected" if spool.is_rejected(kept.number) else "accepted"
            states[visits[-1]["visitId"]] = state
        found += courses(visits)
        if len(found) > _MOST:
            break
    return found[:_MOST], states, len(found) > _MOST
