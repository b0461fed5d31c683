"""Queries of people: claims by state and age, one claim's history, the figures of the whole ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Select, and_, func, or_, select

from edi.ledger.prior import STATE, took_place
from edi.ledger.sound import changed, is_detail, is_moment
from edi.ledger.tables import ATTACHMENT, CLAIM, EPISODE_VISIT, EVENT, FILE, LINE, RUN


class ClaimRow(NamedTuple):
    """A claim in short. `made` is when it was made, `since` when its state began (ISO date and time, UTC); `file` is the file
    that it is in, `corrected_by` the id of the claim that corrects it."""

    id: int
    visit_id: str
    practice: str
    generation: int
    state: str
    made: str
    since: str
    payer_id: str
    control_number: str
    payer_number: str | None
    purpose: str
    frequency: str
    service_date: str | None
    cents: int
    file: str
    corrected_by: int | None


class Line(NamedTuple):
    """A procedure of a claim."""

    code: str
    tooth: str | None
    service_date: str | None
    cents: int
    quantity: int


class ClaimEvent(NamedTuple):
    """An event of a claim: what happened, when, from which file it is known, and the details."""

    kind: str
    at: str
    source: str
    detail: dict[str, Any]


class ClaimHistory(NamedTuple):
    """A claim with all that is known of it. `course` are the known visits of its teeth: (tooth, date, code)."""

    claim: ClaimRow
    lines: list[Line]
    attachments: list[str]
    events: list[ClaimEvent]
    course: list[tuple[str, str, str]]


class Filters(NamedTuple):
    """Which claims to list: those that meet every part that is given. `since` is the first date they were made on."""

    payer: str | None = None
    since: str | None = None
    state: str | None = None
    tooth: str | None = None


def _claims() -> Select[Any]:
    # When the state began: the last event of its kind, of the claim or, for all claims of a file, of the file.
    began = (
        select(func.max(EVENT.c.at))
        .where(
            or_(
                EVENT.c.claim_id == CLAIM.c.id, and_(EVENT.c.claim_id.is_(None), EVENT.c.file_id == FILE.c.id)
            ),
            EVENT.c.kind == STATE,
        )
        .correlate(CLAIM, FILE)
        .scalar_subquery()
    )
    return (
        select(
            CLAIM.c.id,
            CLAIM.c.visit_id,
            CLAIM.c.practice,
            CLAIM.c.generation,
            STATE.label("state"),
            RUN.c.at.label("made"),
            func.coalesce(began, RUN.c.at).label("since"),
            CLAIM.c.payer_id,
            CLAIM.c.control_number,
            CLAIM.c.payer_number,
            CLAIM.c.purpose,
            CLAIM.c.frequency,
            CLAIM.c.service_date,
            CLAIM.c.cents,
            FILE.c.name.label("file"),
            CLAIM.c.corrected_by,
        )
        .join(FILE, FILE.c.id == CLAIM.c.file_id)
        .join(RUN, RUN.c.id == FILE.c.run_id)
    )


def list_claims(connection: Connection, filters: Filters) -> Iterator[ClaimRow]:
    """The claims that meet the filters, oldest first. `tooth` is a tooth of one of their lines."""
    query = _claims().order_by(CLAIM.c.id)
    if filters.payer:
        query = query.where(CLAIM.c.payer_id == filters.payer)
    if filters.since:
        query = query.where(RUN.c.at >= filters.since)
    if filters.state:
        query = query.where(STATE.is_not_distinct_from(filters.state))
    if filters.tooth:
        query = query.where(CLAIM.c.id.in_(select(LINE.c.claim_id).where(LINE.c.tooth == filters.tooth)))
    for row in connection.execution_options(yield_per=1_000).execute(query):
        yield _claim_row(row)


def _claim_row(row: Sequence[Any]) -> ClaimRow:
    claim = ClaimRow(*row)
    if not (is_moment(claim.since) and isinstance(claim.cents, int)):
        raise changed(f"no convert writes such a claim as {claim.id}")
    return claim


def _detail(text: str) -> dict[str, Any]:
    if not is_detail(text):
        raise changed("no command writes such an event")
    detail: dict[str, Any] = orjson.loads(text)
    return detail


def find(connection: Connection, number: str) -> list[ClaimRow]:
    """The claims that a number may mean, the latest first: each kind of number is looked for in its own index."""
    ids: set[int] = set()
    for column in (CLAIM.c.visit_id, CLAIM.c.control_number, CLAIM.c.payer_number):
        ids.update(connection.execute(select(CLAIM.c.id).where(column == number)).scalars())
    held = select(ATTACHMENT.c.claim_id).where(ATTACHMENT.c.control_number == number)
    ids.update(connection.execute(held).scalars())
    rows = connection.execute(_claims().where(CLAIM.c.id.in_(sorted(ids))).order_by(CLAIM.c.id.desc()))
    return [_claim_row(row) for row in rows]


def claim_history(connection: Connection, claim: ClaimRow) -> ClaimHistory:
    """All that is known of a claim."""
    lines = connection.execute(
        select(LINE.c.code, LINE.c.tooth, LINE.c.service_date, LINE.c.cents, LINE.c.quantity)
        .where(LINE.c.claim_id == claim.id)
        .order_by(LINE.c.position)
    )
    attachments = connection.execute(
        select(ATTACHMENT.c.control_number)
        .where(ATTACHMENT.c.claim_id == claim.id)
        .order_by(ATTACHMENT.c.position)
    )
    own = select(CLAIM.c.file_id).where(CLAIM.c.id == claim.id).scalar_subquery()
    events = connection.execute(
        select(EVENT.c.kind, EVENT.c.at, EVENT.c.source, EVENT.c.detail)
        .where(or_(EVENT.c.claim_id == claim.id, and_(EVENT.c.claim_id.is_(None), EVENT.c.file_id == own)))
        .order_by(EVENT.c.id)
    )
    return ClaimHistory(
        claim,
        [Line(*row) for row in lines],
        list(attachments.scalars()),
        [ClaimEvent(kind, at, source, _detail(detail)) for kind, at, source, detail in events],
        _course(connection, claim.id),
    )


def _course(connection: Connection, claim: int) -> list[tuple[str, str, str]]:
    """Every known visit of the claim's teeth, whether billed here or named by an episode."""
    patient = select(CLAIM.c.patient).where(CLAIM.c.id == claim).scalar_subquery()
    teeth = select(LINE.c.tooth).where(LINE.c.claim_id == claim, LINE.c.tooth.is_not(None)).scalar_subquery()
    billed = (
        select(LINE.c.tooth, LINE.c.service_date, LINE.c.code)
        .select_from(LINE)
        .join(CLAIM)
        .join(FILE, FILE.c.id == CLAIM.c.file_id)
        .where(
            CLAIM.c.patient == patient,
            took_place(),
            LINE.c.tooth.in_(teeth),
            LINE.c.service_date.is_not(None),
        )
    )
    named = select(EPISODE_VISIT.c.tooth, EPISODE_VISIT.c.service_date, EPISODE_VISIT.c.code).where(
        EPISODE_VISIT.c.patient == patient, EPISODE_VISIT.c.tooth.in_(teeth)
    )
    rows: list[Any] = list(connection.execute(billed.union(named)))
    return sorted((tooth, date, code) for tooth, date, code in rows)


def figures(connection: Connection) -> dict[str, Any]:
    """Claims and cents by state and by payer, files by kind, patients, and how far the control numbers are."""

    def grouped(column: Any) -> dict[str, dict[str, int]]:
        rows = connection.execute(
            select(column, func.count(), func.sum(CLAIM.c.cents))
            .select_from(CLAIM)
            .join(FILE)
            .group_by(column)
            .order_by(column)
        )
        return {name: {"claims": count, "cents": int(cents)} for name, count, cents in rows}

    numbers = connection.execute(
        select(FILE.c.receiver, FILE.c.kind, func.count(), func.max(FILE.c.serial))
        .group_by(FILE.c.receiver, FILE.c.kind)
        .order_by(FILE.c.receiver, FILE.c.kind)
    )
    return {
        "claims": connection.execute(select(func.count()).select_from(CLAIM)).scalar() or 0,
        "patients": connection.execute(select(func.count(func.distinct(CLAIM.c.patient)))).scalar() or 0,
        "states": grouped(STATE),
        "payers": grouped(CLAIM.c.payer_id),
        "files": [
            {"receiver": receiver, "kind": kind, "files": count, "lastNumber": last}
            for receiver, kind, count, last in numbers
        ],
    }
