"""A pool of processes: one function over many chunks, in order."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import chain, islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType
from typing import TypeVar

from edi.errors import EdiError

Given = TypeVar("Given")
Result = TypeVar("Result")

_INLINE_CHUNKS = 4  # up to here, starting processes costs more than it brings


def collect_rarely() -> None:
    """Collect reference cycles less often: visits make many objects and hardly a cycle, and looking
    costs a tenth of a run. Only for a process of our own."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


_SIGNALS = frozenset(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Signals that stop the process wait for the end of the block. Raised within an executor, they would leave processes that nobody
    ends. The threads and processes that it starts inside leave them to the main thread."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker(lifeline: Connection, parents_end: Connection) -> None:
    # A terminal sends these to every process: the one that started the workers cleans up, and ends them.
    for number in _SIGNALS - {signal.SIGTERM}:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    collect_rarely()
    parents_end.close()  # this process's copy
    threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()


def _end_with_parent(lifeline: Connection) -> None:
    """End this worker when the process that started it lets go of the lifeline, or is killed."""
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os._exit(1)


class Pool:
    """Up to `jobs` processes, started only for `inline` chunks or more. Only a few chunks are under way at once,
    so that memory does not grow with the input."""

    def __init__(self, jobs: int, *, inline: int = _INLINE_CHUNKS) -> None:
        self._jobs = jobs
        self._inline = inline
        self._executor: ProcessPoolExecutor | None = None
        self._lifeline = Pipe(duplex=False)

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._executor:
            with _signals_wait():
                self._executor.shutdown(cancel_futures=True)
        for end in self._lifeline:
            end.close()

    def map(self, function: Callable[[Given], Result], chunks: Iterable[Given]) -> Iterator[Result]:
        """`function(chunk)` for each chunk, in their order. `function` and chunks must be picklable. One map may feed
        another: both share the processes."""
        waiting = iter(chunks)
        if self._executor is None:
            first = list(islice(waiting, self._inline))
            waiting = chain(first, waiting)
            # What made the chunks may have started the processes meanwhile.
            if self._jobs < 2 or (len(first) < self._inline and self._executor is None):
                yield from map(function, waiting)
                return
        executor = self._executor = self._executor or ProcessPoolExecutor(
            self._jobs, initializer=_begin_worker, initargs=self._lifeline
        )
        try:
            yield from self._under_way(executor, function, waiting)
        except BrokenProcessPool as error:
            raise EdiError(
                "A worker process was killed, most likely for want of memory. Run again with --jobs 1."
            ) from error

    def _under_way(
        self, executor: ProcessPoolExecutor, function: Callable[[Given], Result], chunks: Iterable[Given]
    ) -> Iterator[Result]:
        futures: deque[Future[Result]] = deque()
        for chunk in chunks:
            with _signals_wait():
                futures.append(executor.submit(function, chunk))
            if len(futures) > 2 * self._jobs:
                yield futures.popleft().result()
        while futures:
            yield futures.popleft().result()
