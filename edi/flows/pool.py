"""The same function over many chunks, in order, in this process or in several."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import chain, islice
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import TypeVar

from edi.errors import EdiError

Given = TypeVar("Given")
Result = TypeVar("Result")

_LOOK_EVERY = 1.0  # seconds
_SERVICES = 2  # at least: claims and their attachments grow at the same time
_INLINE_CHUNKS = 4  # up to here, starting processes costs more than it brings

LOST = "A worker process was killed, most likely for want of memory. Run again with --jobs 1."


def collect_rarely() -> None:
    """Look for reference cycles less often: visits make many objects and hardly a cycle, and looking
    costs a tenth of a run. For a process that is ours alone."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _begin_worker(parent: int) -> None:
    collect_rarely()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this worker when the process that started it is gone: killed, it cannot say goodbye."""
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os._exit(1)


def _serve(service: Callable[[Connection], None], asking: Connection, parent: int) -> None:
    _begin_worker(parent)
    with suppress(EOFError, OSError, KeyboardInterrupt):  # nobody asks any more
        service(asking)


class Pool:
    """Up to `jobs` processes, started only when there is enough to do. At most a few chunks are under way at once,
    so that memory does not grow with the input. Together with them half as many start, two or more, that run `service`,
    each on its end of a connection; `beside` are the other ends, none as long as all is done in this process."""

    def __init__(self, jobs: int, service: Callable[[Connection], None]) -> None:
        self._jobs = jobs
        self._service = service
        self._executor: ProcessPoolExecutor | None = None
        self.processes: list[BaseProcess] = []
        self.beside: list[Connection] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process, connection in zip(self.processes, self.beside, strict=True):
            process.terminate()
            process.join()
            connection.close()
        if self._executor:
            self._executor.shutdown(cancel_futures=True)

    def map(self, function: Callable[[Given], Result], chunks: Iterable[Given]) -> Iterator[Result]:
        """`function(chunk)` for each chunk, in their order. `function` and chunks must be picklable."""
        waiting = iter(chunks)
        first = list(islice(waiting, _INLINE_CHUNKS))
        if self._jobs < 2 or (len(first) < _INLINE_CHUNKS and self._executor is None):
            yield from map(function, chain(first, waiting))
            return
        if self._executor is None:
            self._executor = self._start()
        try:
            yield from self._under_way(self._executor, function, chain(first, waiting))
        except BrokenProcessPool as error:
            raise EdiError(LOST) from error

    def _start(self) -> ProcessPoolExecutor:
        # The processes beside first: once the executor has threads, forking is not safe.
        for _ in range(max(_SERVICES, self._jobs // 2)):
            connection, other = multiprocessing.Pipe()
            process = multiprocessing.Process(
                target=_serve, args=(self._service, other, os.getpid()), daemon=True
            )
            process.start()
            other.close()
            self.processes.append(process)
            self.beside.append(connection)
        return ProcessPoolExecutor(self._jobs, initializer=_begin_worker, initargs=(os.getpid(),))

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
