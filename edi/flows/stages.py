"""The two stages that convert and check share: examine every record, then prepare patient by patient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import orjson

from edi.flows.examine import ExamineChunk, Passed, Reject, examine
from edi.flows.job import Job
from edi.flows.memory import Memory
from edi.flows.pool import Pool
from edi.flows.prepare import PrepareChunk, Ready, Unchanged, prepare
from edi.flows.spool import Kept, Spool
from edi.flows.tally import Tally
from edi.flows.terms import Terms
from edi.visit.identity import SEPARATOR
from edi.visit.intake import RawRecord, Unreadable, read_inputs

_CHUNK = 250


def gather(job: Job, spool: Spool, pool: Pool, tally: Tally) -> None:
    """First stage: every record of the inputs into the spool, as kept or as rejected."""
    waiting: list[tuple[RawRecord, ...]] = []

    def chunks() -> Iterator[ExamineChunk]:
        for records in _chunked(_readable(job, tally)):
            waiting.append(records)
            yield ExamineChunk(records, job.settings)

    for results in pool.map(examine, chunks()):
        records = waiting.pop(0)
        kept = []
        for raw, result in zip(records, results, strict=True):
            tally.visits += 1
            if isinstance(result, Passed):
                source = raw.source
                kept.append(Kept(tally.visits, *result, source.file, source.line, raw.base, raw.data))
            else:
                _refuse(tally.visits, result, spool, tally)
        spool.keep(kept)
        job.progress("visits read", tally.visits)


def ready(
    job: Job,
    spool: Spool,
    pool: Pool,
    tally: Tally,
    terms: Terms,
    refused: frozenset[int],
    memory: Memory,
) -> Iterator[Ready]:
    """Second stage: the accepted visits in the order they are written. Rejects go to the spool; records
    in `refused` have been rejected already, and only their history counts."""
    clashing, same = _repeats(spool)
    tally.unchanged = len(same)

    def chunks() -> Iterator[PrepareChunk]:
        for records in _patients(kept for kept in spool.ordered() if kept.number not in same):
            numbers = clashing.intersection(kept.number for kept in records) if clashing else clashing
            yield PrepareChunk(records, numbers, terms, refused, memory.of(records))

    for results in pool.map(prepare, chunks()):
        for number, result in results:
            if isinstance(result, Ready):
                tally.accepted += 1
                tally.cents += result.cents
                if result.findings:
                    tally.count(result.counts)
                    spool.note(number, result.findings, rejected=False)
                yield result
            elif isinstance(result, Unchanged):
                tally.unchanged += 1
            else:
                _refuse(number, result, spool, tally)
        job.progress("visits judged", tally.accepted + tally.rejected + tally.unchanged)


def _refuse(number: int, reject: Reject, spool: Spool, tally: Tally) -> None:
    tally.rejected += 1
    tally.count(reject.counts)
    spool.note(number, reject.line, rejected=True)


def _readable(job: Job, tally: Tally) -> Iterator[RawRecord]:
    items = read_inputs(
        job.inputs, format=job.format, columns=job.columns, stdin=job.stdin, leave_out=job.leave_out
    )
    for item in items:
        if isinstance(item, Unreadable):
            tally.unreadable.append((item.file, item.message))
        else:
            yield item


def _chunked(records: Iterable[RawRecord]) -> Iterator[tuple[RawRecord, ...]]:
    chunk: list[RawRecord] = []
    for record in records:
        chunk.append(record)
        if len(chunk) == _CHUNK:
            yield tuple(chunk)
            chunk = []
    if chunk:
        yield tuple(chunk)


def _patients(records: Iterable[Kept]) -> Iterator[tuple[Kept, ...]]:
    """Chunks that never part the records of one patient."""
    chunk: list[Kept] = []
    for _, group in groupby(records, key=lambda kept: kept.key.rpartition(SEPARATOR)[0]):
        if len(chunk) >= _CHUNK:
            yield tuple(chunk)
            chunk = []
        chunk.extend(group)
    if chunk:
        yield tuple(chunk)


def _repeats(spool: Spool) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of the records whose visitId came before: with other content, and with the same."""
    clashing: set[int] = set()
    same: set[int] = set()
    for _, records in groupby(spool.repeats(), key=lambda each: each.identity):
        before: set[bytes] = set()
        for each in records:
            content = _sorted(each.data)
            if content in before:
                same.add(each.number)
            elif before:
                clashing.add(each.number)
            before.add(content)
    return frozenset(clashing), frozenset(same)


def _sorted(data: bytes) -> bytes:
    return orjson.dumps(orjson.loads(data), option=orjson.OPT_SORT_KEYS)
