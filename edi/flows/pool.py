"""A pool of processes: one function over many chunks, in order."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from types import TracebackType
from typing import TypeVar

from edi.errors import EdiError

Given = TypeVar("Given")
Result = TypeVar("Result")

_LOOK_EVERY = 1.0  # seconds
_INLINE_CHUNKS = 4  # up to here, starting processes costs more than it brings


def collect_rarely() -> None:
    """Collect reference cycles less often: visits make many objects and hardly a cycle, and looking
    costs a tenth of a run. Only for a process of our own."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _begin_worker(parent: int) -> None:
    # A terminal sends these to every process: the one that started the workers cleans up, and ends them.
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    collect_rarely()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this worker when the process that started it was killed: it could not end its workers."""
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os._exit(1)


class Pool:
    """Up to `jobs` processes, started only for `inline` chunks or more. Only a few chunks are under way at once,
    so that memory does not grow with the input."""

    def __init__(self, jobs: int, *, inline: int = _INLINE_CHUNKS) -> None:
        self._jobs = jobs
        self._inline = inline
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._executor:
            self._executor.shutdown(cancel_futures=True)

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
            self._jobs, initializer=_begin_worker, initargs=(os.getpid(),)
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
            futures.append(executor.submit(function, chunk))
            if len(futures) > 2 * self._jobs:
                yield futures.popleft().result()
        while futures:
            yield futures.popleft().result()
