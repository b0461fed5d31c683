"""Courses of treatment, tooth by tooth, from visit records and from the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edi.flows.ledger_session import open_read_only
from edi.flows.prior_claims import visit_state
from edi.ledger.entry import PriorService
from edi.settings import Settings
from edi.visit.identity import patient_of, visit_of
from edi.visit.record import Visit
from edi.visit.timeline import Course, Remembered, Step, courses


def known_courses(visits: Sequence[Visit], settings: Settings) -> list[Course]:
    """The courses of these visits. The ledger of the settings, where there is one, adds other visits of the teeth, and the state
    of each visit's claim. It is only read."""
    with open_read_only(settings) as session:
        session.begin()
        prior = session.recall({visit_of(each) for each in visits}, {patient_of(each) for each in visits})
    states = {visit: visit_state(claims) for visit, claims in prior.claims.items()}
    return courses(visits, earlier_steps(prior.services), states)


def earlier_steps(services: Mapping[str, Sequence[PriorService]]) -> Remembered:
    """The services of patients as steps. What counts more comes later: first what only an episode names, then what was
    rejected, then the rest."""
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
            for each in sorted(known, key=lambda each: (each.state != "", each.state != "rejected"))
        ]
        for patient, known in services.items()
    }
