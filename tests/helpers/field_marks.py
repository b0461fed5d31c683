"""Records in which each field has a value of its own, and what the claim has for a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from field_values import values
from schema_record import full_record

from edi.visit.fields import Field, field_at, visit_fields

_PURPOSES = {"claim": "CH", "encounter": "RP", "predetermination": "PB"}


def text_of(field: Field, value: Any) -> str:
    """A value as X12 writes it."""
    if field.name == "claim.purpose":
        return _PURPOSES[value]
    if codes := field.schema.get("x-codes"):
        text: str = codes[str(value).lower() if isinstance(value, bool) else value]
        return text
    if field.schema.get("format") == "date":
        return str(value).replace("-", "")
    return f"{Decimal(value).normalize():f}" if "number" in field.schema.get("type", ()) else str(value)


def slots(record: Any, path: tuple[str, ...]) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects of a record that have a field, each with the field's key."""
    if isinstance(record, list):
        for entry in record:
            yield from slots(entry, path)
    elif path[0] in record:
        if len(path) == 1:
            yield record, path[0]
        else:
            yield from slots(record[path[0]], path[1:])


def marked_record() -> dict[str, Any]:
    """A record with every field, and a value of its own in each. A list of adjustments fills a segment."""
    record = full_record()
    for adjusted in (record["otherInsurance"][0], record["otherInsurance"][0]["lines"][0]):
        adjusted["adjustments"] = [dict(adjusted["adjustments"][0]) for _ in range(6)]
    for field in visit_fields().below():
        if field.path and not (field.item or field).members:
            for entry, (around, key) in enumerate(slots(record, field.path)):
                # An address stays in the US, a group of adjustments stays together.
                if key not in ("country", "group"):
                    around[key] = values(field, entry)[0]
    return record


def _subscriber_is_patient(record: Any) -> None:
    billing = record["billingProvider"]
    for key in ("lastName", "firstName", "middleName", "suffix"):
        del billing[key]
    del billing["payerProviderId"]
    billing["organizationName"] = values(field_at("billingProvider", "organizationName"))[0]
    billing["contact"] = {key: billing["contact"][key] for key in ("name", "fax", "email")}
    other = record["otherInsurance"][0]
    del (
        record["patient"],
        record["subscriber"]["groupNumber"],
        other["subscriber"]["groupNumber"],
        other["lines"],
    )


def _organizations_subscribe(record: Any) -> None:
    for subscriber in (record["subscriber"], record["otherInsurance"][0]["subscriber"]):
        for key in ("lastName", "firstName", "middleName", "suffix"):
            del subscriber[key]
    for field in visit_fields().below():
        if field.name == "subscriber.organizationName":
            for around, key in slots(record, field.path[:-1]):
                around[key][field.path[-1]] = values(field)[0]


def _several_teeth(record: Any) -> None:
    for line in record["procedures"]:
        del line["toothNumber"], line["surfaces"]
        line["teeth"] = [
            {
                key: values(field_at("procedures", "teeth", key), entry)[0]
                for key in ("toothNumber", "surfaces")
            }
            for entry in (0, 1)
        ]


def _abroad(record: Any) -> None:
    for field in visit_fields().below():
        if field.definition == "address":
            for around, key in slots(record, field.path):
                around[key]["country"] = "GB"


def _phone_and_fax(record: Any) -> None:
    contact = record["billingProvider"]["contact"]
    del contact["extension"], contact["email"]


def _no_fax(record: Any) -> None:
    del record["billingProvider"]["contact"]["fax"]


_CHANGES: tuple[tuple[Callable[[Any], None], ...], ...] = (
    (),
    (_subscriber_is_patient,),
    (_subscriber_is_patient, _abroad),
    (_abroad, _phone_and_fax),
    (_no_fax, _organizations_subscribe),
    (_several_teeth,),
)


def marked_records() -> Iterator[dict[str, Any]]:
    """Records that together send every field to every element that it has."""
    for changes in _CHANGES:
        record = marked_record()
        for change in changes:
            change(record)
        yield record
