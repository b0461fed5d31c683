"""How the time of a job grows with its size: a ratio, which a slow or busy machine leaves as it is."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def growth(job: Callable[[int], object], small: int, times: int = 4) -> float:
    """The processor time of `job(small * times)` in those of `job(small)`: about `times` where time grows with size, about its
    square where it grows with the square. Of each the least of three runs, in turn."""
    least = {small: float("inf"), small * times: float("inf")}
    gc.collect()
    gc.freeze()  # what other tests have left is not looked at time and again
    for _ in range(3):
        for size in least:
            started = time.process_time()
            job(size)
            least[size] = min(least[size], time.process_time() - started)
    gc.unfreeze()
    return least[small * times] / least[small]
