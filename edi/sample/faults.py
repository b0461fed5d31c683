"""Faults: for each category one or more makers, each of which puts exactly one rejecting fault into a good record.

`authorization` has none: with the default profile no claim needs one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from edi.sample.chance import Chance

Record = dict[str, Any]
Maker = Callable[[Chance, Record], bool]
"""Changes the record and returns True; returns False, the record untouched, when the fault does not suit it."""

_APEXIFICATION = ("D3351", "D3352", "D3353")


def _treats(record: Record) -> bool:
    """An apexification claim that the rules on its contents judge; they let a void pass."""
    if record.get("claim", {}).get("frequency") == "void":
        return False
    return record["procedures"][0]["code"] in _APEXIFICATION


def _plain(record: Record) -> bool:
    """An apexification claim whose amounts nobody else has to match."""
    return _treats(record) and "otherInsurance" not in record


def _schema(chance: Chance, record: Record) -> bool:
    if chance.flip(0.5):
        del record["payer"]["name"]
    else:
        (record.get("patient") or record["subscriber"])["gender"] = "female"
    return True


def _documentation(chance: Chance, record: Record) -> bool:
    if not _treats(record):
        return False
    needed = ["chiefComplaint", "diagnosis", "findings", "rationale", "treatmentPlan"]
    code = record["procedures"][0]["code"]
    if code != "D3351":
        needed.append("response")
    elif "serviceDate" in record:
        needed.append("medicament")
    del record["clinical"][chance.pick(needed)]
    return True


def _sequence(chance: Chance, record: Record) -> bool:
    if "episode" not in record or not _treats(record):
        return False
    visits = record["episode"]["visits"]
    if len(visits) > 1 and chance.flip(0.5):
        visits[-2:] = visits[:-3:-1]
    else:
        visits.append(dict(visits[-1]))
    return True


def _frequency(chance: Chance, record: Record) -> bool:
    if not _plain(record):
        return False
    record["procedures"][0]["quantity"] = chance.between(2, 3)
    return True


def _diagnosis(chance: Chance, record: Record) -> bool:
    if not _treats(record):
        return False
    line = record["procedures"][0]
    if chance.flip(0.25):
        line["diagnosisPointers"] = [len(record["diagnoses"]) + 1]
    else:
        record["diagnoses"][0] = chance.pick(("K04.01", "K04.3", "K04.0", "K4.1", "K05.10"))
    return True


def _code(chance: Chance, record: Record) -> bool:
    if not _plain(record) or "serviceDate" not in record:
        return False
    line = record["procedures"][0]
    tooth = line["toothNumber"]
    # A run keeps what was done to a tooth; after the closing visit no other visit has to live with it.
    codes = ("D3331", "D33X1", "03351") if line["code"] != "D3353" else ("D3331", "D3220", "D3320", "D3356")
    extra = chance.pick(codes)
    record["procedures"].append({"code": extra, "toothNumber": tooth, "fee": "60.00"})
    return True


def _tooth(chance: Chance, record: Record) -> bool:
    """Another tooth number at every place, so that nothing but the number itself is wrong."""
    if not _treats(record):
        return False
    was = record["procedures"][0]["toothNumber"]
    wrong = chance.pick(("33", "E", "0", "ES"))
    places = [
        record["procedures"][0],
        *record["clinical"]["radiographs"],
        *record["clinical"].get("pulpTests", ()),
    ]
    for place in (*places, record.get("episode", {})):
        if place.get("toothNumber") == was:
            place["toothNumber"] = wrong
    return True


def _date(chance: Chance, record: Record) -> bool:
    if not _treats(record):
        return False
    film = record["clinical"]["radiographs"][0]
    if "serviceDate" not in record:
        record["serviceDate"] = film["date"]
    elif "accident" in record and chance.flip(0.5):
        record["accident"]["date"] = _later(record["serviceDate"], chance.between(1, 9))
    else:
        film["date"] = _later(record["serviceDate"], chance.between(1, 9))
    return True


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def _provider(chance: Chance, record: Record) -> bool:
    draw = chance.below(3)
    if draw == 0:
        record["billingProvider"]["taxId"] = record["billingProvider"]["taxId"][:8]
    elif draw == 1:
        record["billingProvider"]["taxonomyCode"] = record["billingProvider"]["taxonomyCode"][:9]
    else:
        provider = record.get("renderingProvider") or record["billingProvider"]
        provider["npi"] = provider["npi"][:9] + str((int(provider["npi"][9]) + chance.between(1, 9)) % 10)
    return True


def _subscriber(chance: Chance, record: Record) -> bool:
    if "serviceDate" not in record:
        return False
    claim = record.setdefault("claim", {})
    claim["frequency"] = chance.pick(("replacement", "void"))
    claim.pop("payerClaimControlNumber", None)
    return True


def _charge(chance: Chance, record: Record) -> bool:
    if not _plain(record):
        return False
    record["procedures"][0]["fee"] = chance.pick(("-215.00", "215.125", "215,00", "$215"))
    return True


def _attachment(chance: Chance, record: Record) -> bool:
    if not _treats(record):
        return False
    films, attachments = record["clinical"]["radiographs"], record["attachments"]
    if chance.flip(0.5):
        films.append({**films[0], "attachmentId": "xr-9"})
    else:
        attachments.append({**attachments[0], "controlNumber": "NEA" + chance.digits(9)})
    return True


def _format(chance: Chance, record: Record) -> bool:
    mark = chance.pick(("*", "~", "^", ":"))
    if chance.flip(0.5):
        record["subscriber"]["memberId"] += mark
    else:
        record["subscriber"]["lastName"] += mark
    return True


MAKERS: dict[str, Maker] = {
    "schema": _schema,
    "documentation": _documentation,
    "sequence": _sequence,
    "frequency": _frequency,
    "diagnosis": _diagnosis,
    "code": _code,
    "tooth": _tooth,
    "date": _date,
    "provider": _provider,
    "subscriber": _subscriber,
    "charge": _charge,
    "attachment": _attachment,
    "format": _format,
}
DUPLICATE = "duplicate"
CATEGORIES = (*MAKERS, DUPLICATE)


class Faults:
    """Takes the categories in turn, so that a run with some dozens of faults has each of them."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._next = 0
        self._kept: Record | None = None

    def due(self, share: float) -> bool:
        return self._chance.flip(share)

    def keep(self, record: Record) -> None:
        """Remember a good record of one service, for a later one to repeat."""
        single = len(record["procedures"]) == 1 and "serviceDate" in record
        if single and "frequency" not in record.get("claim", {}):
            self._kept = copied(record)

    def spoil(self, record: Record) -> tuple[Record, str]:
        """The record with one fault of the next category that suits it."""
        while True:
            category = CATEGORIES[self._next % len(CATEGORIES)]
            self._next += 1
            if category == DUPLICATE:
                if self._kept is not None:
                    # The same service once more under the visit id of the record that it replaces.
                    return {**copied(self._kept), "visitId": record["visitId"]}, category
            elif MAKERS[category](self._chance, record):
                return record, category


def copied(value: Any) -> Any:
    """A deep copy of plain JSON values."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value
