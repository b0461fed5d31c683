"""A run: what the stages of a convert or a check share."""

from __future__ import annotations

from dataclasses import dataclass

from edi.flows.conversion.record_store import RecordStore
from edi.flows.conversion.run_context import RunContext
from edi.flows.job import Job
from edi.flows.ledger_session import Session
from edi.flows.pool import Pool
from edi.x12.envelope import Stamp
from edi.x12.output import Staging


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A job under way: its records in `store`, its files in `staging` until they are published, its processes in `pool`.
    `stamp` is the time that is written into interchanges."""

    job: Job
    context: RunContext
    stamp: Stamp
    store: RecordStore
    pool: Pool
    staging: Staging
    session: Session
