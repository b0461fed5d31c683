"""Predetermination of a whole course of treatment: one record made of the record of its first visit."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from edi.errors import SettingsError
from edi.visit.facts import APEXIFICATION
from edi.visit.fields import visit_fields
from edi.visit.record import Procedure, Visit

_MOST_LINES = visit_fields().members["procedures"].schema["maxItems"]
_LONGEST_ID = visit_fields().members["visitId"].schema["maxLength"]
_MARK = "-P"
# What only a visit that took place can have.
_OF_THE_CLAIM = ("frequency", "payerClaimControlNumber", "predeterminationId", "delayReason")
_OF_THE_VISIT = ("medicament", "response", "complications", "followUp")
_OF_A_PAYMENT = (
    "payerClaimControlNumber",
    "paidDate",
    "paidAmount",
    "nonCoveredAmount",
    "remainingLiability",
    "adjustments",
    "lines",
)


def planned_course(visit: Visit, renewals: int, fees: Mapping[str, str]) -> Visit:
    """A predetermination for each tooth with a D3351: that line, `renewals` times D3352, and D3353.

    `fees` are dollars by code; a code that is not in it has its fee in the record. Other procedures, dates and
    what only a visit that took place can have are left out, so is an own narrative. Raises SettingsError when
    the record has no D3351, a fee is unknown, or the lines are more than a claim can have.
    """
    known = {line["code"]: line["fee"] for line in reversed(visit["procedures"])} | dict(fees)
    starts = [line for line in visit["procedures"] if line["code"] == "D3351"]
    if not starts:
        raise SettingsError("The record has no D3351; a planned course begins with one.")
    codes = ["D3351", *["D3352"] * renewals, "D3353"]
    missing = [code for code in APEXIFICATION if code in codes and code not in known]
    if missing:
        raise SettingsError(
            f"The fee of {' and '.join(missing)} is not known: give it, as in --fee {missing[0]}=215."
        )
    if len(codes) * len(starts) > _MOST_LINES:
        raise SettingsError(f"{len(codes) * len(starts)} lines are more than the {_MOST_LINES} of a claim.")
    plan: Any = copy.deepcopy(visit)
    plan["visitId"] = visit["visitId"][: _LONGEST_ID - len(_MARK)] + _MARK
    plan["claim"] = _without(plan.get("claim", {}), _OF_THE_CLAIM) | {"purpose": "predetermination"}
    plan["procedures"] = [_line(start, code, known) for start in starts for code in codes]
    if "clinical" in plan:
        plan["clinical"] = _without(plan["clinical"], _OF_THE_VISIT)
    if "otherInsurance" in plan:
        plan["otherInsurance"] = [_without(other, _OF_A_PAYMENT) for other in plan["otherInsurance"]]
    planned: Visit = _without(plan, ("serviceDate", "narrative", "patientPaid"))
    return planned


def _line(start: Procedure, code: str, fees: Mapping[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {"code": code, "fee": fees[code]}
    for key in ("toothNumber", "teeth", "diagnosisPointers"):
        if key in start:
            line[key] = start[key]
    return line


def _without(table: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return {key: value for key, value in table.items() if key not in keys}
