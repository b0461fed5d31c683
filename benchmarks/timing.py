"""Whole processes timed in turn, so that a machine that drifts slows both sides of a ratio alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from typing import NamedTuple

Command = Sequence[str]

# An installed package has its modules compiled: a first run, which does not count, may keep them so.
_AS_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Cost(NamedTuple):
    """Of one run: wall-clock seconds, CPU seconds with children, and the largest process's peak memory in MiB."""

    wall: float
    cpu: float
    peak: float


def cost(command: Command, *, codes: Sequence[int] = (0,)) -> Cost:
    """Run a command to its end; its output is thrown away. Raises CalledProcessError when its exit code is none of `codes`."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_AS_INSTALLED
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


class Pair(NamedTuple):
    """Two commands run in turn: median seconds of each, and the median of the ratios first / second of each turn."""

    first: float
    second: float
    ratio: float


def in_turn(first: Command, second: Command, runs: int = 5) -> Pair:
    """Time two commands alternately, after one run of each that does not count."""
    cost(first), cost(second)
    pairs = [(cost(first).wall, cost(second).wall) for _ in range(runs)]
    return Pair(
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(one / other for one, other in pairs),
    )
