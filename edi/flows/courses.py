"""Courses of teeth as records and the ledger tell them: those asked for, and those that a run's report page draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from edi.flows.conversion.record_store import RecordStore
from edi.flows.ledger_session import Session, open_read_only
from edi.flows.prior_claims import visit_state
from edi.ledger.entry import PriorService
from edi.settings import Settings
from edi.visit.identity import SEPARATOR, patient_of, visit_of
from edi.visit.parse import reread
from edi.visit.record import Visit
from edi.visit.timeline import Course, Remembered, Step, courses

_MOST = 50  # so that the page of a million visits can still be opened


def known_courses(visits: Sequence[Visit], settings: Settings) -> list[Course]:
    """The courses of these visits, with what the ledger of the settings, if there is one, knows of them: other visits of
    the teeth, and the state of each visit's claim. Nothing is written into it."""
    with open_read_only(settings) as session:
        session.begin()
        known = session.recall({visit_of(each) for each in visits}, {patient_of(each) for each in visits})
    return courses(
        visits, _remembered(known.past), {visit: visit_state(sent) for visit, sent in known.sent.items()}
    )


def drawn_courses(store: RecordStore, session: Session) -> tuple[list[Course], bool]:
    """The first courses of a judged run in the order claims are written, with what is remembered of their patients, and
    whether there are more. The state of a visit is what became of it in the run, "accepted" or "rejected"."""
    drawn: list[Visit] = []
    states: dict[str, str] = {}
    count = 0
    for _, group in groupby(store.in_claim_order(), key=lambda kept: kept.key.rpartition(SEPARATOR)[0]):
        records = list(group)
        visits: list[Visit] = [reread(kept.data) for kept in records]
        if found := len(courses(visits)):
            drawn += visits
            count += found
            for kept in records:
                states[kept.identity] = "rejected" if store.is_rejected(kept.number) else "accepted"
        if count > _MOST:
            break
    known = session.recall((), {patient_of(each) for each in drawn})
    return courses(drawn, _remembered(known.past), states)[:_MOST], count > _MOST


def _remembered(past: Mapping[str, Sequence[PriorService]]) -> Remembered:
    """Services as steps. What counts more comes later: what was only told, then what was rejected, then the rest."""
    return {
        patient: [
            (
                each.tooth,
                Step(
                    each.service_date,
                    each.code,
                    each.visit_id or None,
                    state=each.state,
                    remembered=bool(each.state),
                ),
            )
            for each in sorted(services, key=lambda each: (each.state != "", each.state != "rejected"))
        ]
        for patient, services in past.items()
    }
