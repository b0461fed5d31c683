"""The history of a patient: visits of the run, and services that the ledger knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edi.guide.teeth import KINDS
from edi.ledger.entry import PriorService
from edi.rules.code import is_code
from edi.visit.facts import APEXIFICATION, EarlierVisit
from edi.visit.record import Visit
from edi.visit.tooth import treated_teeth

Service = tuple[str, str, str]
"""Code, tooth, date."""

EpisodeVisit = tuple[str, str, str]
"""Tooth, date, code."""


class PatientHistory:
    """The visits of one patient so far: those of the run in date order, and `known` services of the ledger."""

    def __init__(self, known: Sequence[PriorService] = ()) -> None:
        self._known = [each for each in known if each.state != "rejected"]
        self._earlier: list[EarlierVisit] = []
        self._billed: set[Service] = set()

    def earlier(self, visit: Visit) -> list[EarlierVisit]:
        """All other visits that are known. The visit's own claim, which the record may correct, is not earlier than it."""
        if not self._known:
            return self._earlier
        own = visit["visitId"]
        return self._earlier + [
            EarlierVisit(each.service_date, each.code, each.tooth)
            for each in self._known
            if each.visit_id != own
        ]

    def repeated(self, visit: Visit) -> list[int]:
        """The places of procedures that an earlier visit was accepted with: same code, tooth and date."""
        billed = self._billed
        if self._known:
            own = visit["visitId"]
            billed = billed | {
                (each.code, each.tooth, each.service_date)
                for each in self._known
                if each.state and each.visit_id != own
            }
        return [place for place, service in _services(visit) if service in billed] if billed else []

    def new_episode_visits(self, visit: Visit) -> list[EpisodeVisit]:
        """The visits that only the record's episode names. What is no tooth or no code there may be anything, and is left
        out."""
        if "episode" not in visit:
            return []
        episode = visit["episode"]
        tooth = episode["toothNumber"]
        if tooth not in KINDS:
            return []
        known = {(each.tooth, each.service_date, each.code) for each in self._known}
        known.update((each.tooth, each.service_date, each.code) for each in self._earlier)
        visits = [
            (tooth, each["serviceDate"], each["code"]) for each in episode["visits"] if is_code(each["code"])
        ]
        return [each for each in dict.fromkeys(visits) if each not in known]

    def add(self, visit: Visit, *, accepted: bool) -> None:
        """Add a visit. Of a rejected visit only its place in a course of apexification counts: a later visit is not
        at fault for what else was wrong with it. A void adds nothing."""
        if visit.get("claim", {}).get("frequency") == "void":
            return
        rationale = visit.get("clinical", {}).get("rationale")
        for _, service in _services(visit):
            code, tooth, date = service
            if accepted:
                self._billed.add(service)
            if accepted or code in APEXIFICATION:
                self._earlier.append(EarlierVisit(date, code, tooth, rationale))


def _services(visit: Visit) -> Iterator[tuple[int, Service]]:
    """Each procedure on a tooth, with its place in the record. A predetermination bills nothing."""
    if visit.get("claim", {}).get("purpose") == "predetermination":
        return
    date = visit.get("serviceDate", "")
    for place, line in enumerate(visit["procedures"]):
        for tooth, *_ in treated_teeth(line):
            yield place, (line["code"], tooth, line.get("serviceDate", date))
