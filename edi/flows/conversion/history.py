"""What the visits of one patient know of each other: those of a run, and those that the ledger knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edi.ledger.entry import PriorService
from edi.rules.code import is_code
from edi.visit.facts import APEXIFICATION, EarlierVisit
from edi.visit.record import Visit
from edi.visit.tooth import KINDS

Service = tuple[str, str, str]  # code, tooth, date


class History:
    """The visits of one patient so far: those of the run in date order, and `known` ones from the ledger."""

    def __init__(self, known: Sequence[PriorService] = ()) -> None:
        self._known = [past for past in known if past.state != "rejected"]
        self._earlier: list[EarlierVisit] = []
        self._billed: set[Service] = set()

    def earlier(self, visit: Visit) -> list[EarlierVisit]:
        """What is known beside the record: a visit's own claim, which it may correct, is not earlier than itself."""
        if not self._known:
            return self._earlier
        own = visit["visitId"]
        return self._earlier + [
            EarlierVisit(past.service_date, past.code, past.tooth)
            for past in self._known
            if past.visit_id != own
        ]

    def repeated(self, visit: Visit) -> list[int]:
        """Places of the procedures that an accepted visit before has billed: same code, tooth and date."""
        billed = self._billed
        if self._known:
            own = visit["visitId"]
            billed = billed | {
                (past.code, past.tooth, past.service_date)
                for past in self._known
                if past.state and past.visit_id != own
            }
        return [place for place, service in _services(visit) if service in billed] if billed else []

    def new_episode_visits(self, visit: Visit) -> list[tuple[str, str, str]]:
        """The visits (tooth, date, code) that the record's episode tells of and nobody else. What stands there in place of a tooth
        or a code may be anything, and is not told on."""
        if "episode" not in visit:
            return []
        episode = visit["episode"]
        tooth = episode["toothNumber"]
        if tooth not in KINDS:
            return []
        known = {(past.tooth, past.service_date, past.code) for past in self._known}
        known.update((each.tooth, each.service_date, each.code) for each in self._earlier)
        visits = [
            (tooth, each["serviceDate"], each["code"]) for each in episode["visits"] if is_code(each["code"])
        ]
        return [each for each in dict.fromkeys(visits) if each not in known]

    def add(self, visit: Visit, *, accepted: bool) -> None:
        """Remember a visit. Of a rejected one only its place in a course of apexification counts: a later visit is not
        at fault for what else was wrong with it. A void takes back, and adds nothing."""
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
    """Each procedure on a tooth, with its place: what may not be billed twice. A plan of treatment bills nothing."""
    if visit.get("claim", {}).get("purpose") == "predetermination":
        return
    date = visit.get("serviceDate", "")
    for place, line in enumerate(visit["procedures"]):
        if "toothNumber" in line:
            yield place, (line["code"], line["toothNumber"], line.get("serviceDate", date))
