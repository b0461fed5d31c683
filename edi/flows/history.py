"""What the visits of one patient in a run know of each other."""

from __future__ import annotations

from collections.abc import Iterator

from edi.visit.facts import APEXIFICATION, Earlier
from edi.visit.record import Visit

Service = tuple[str, str, str]  # code, tooth, date


class History:
    """The visits of one patient so far, in date order."""

    def __init__(self) -> None:
        self.earlier: list[Earlier] = []
        self._billed: set[Service] = set()

    def repeated(self, visit: Visit) -> list[int]:
        """Places of the procedures that an accepted visit before has billed: same code, tooth and date."""
        return [place for place, service in _services(visit) if service in self._billed]

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
                self.earlier.append(Earlier(date, code, tooth, rationale))


def _services(visit: Visit) -> Iterator[tuple[int, Service]]:
    """Each procedure on a tooth, with its place: what may not be billed twice. A plan of treatment bills nothing."""
    if visit.get("claim", {}).get("purpose") == "predetermination":
        return
    date = visit.get("serviceDate", "")
    for place, line in enumerate(visit["procedures"]):
        if "toothNumber" in line:
            yield place, (line["code"], line["toothNumber"], line.get("serviceDate", date))
