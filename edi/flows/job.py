"""A job: the inputs and options of a convert or a check."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from edi.settings import DEFAULTS, Settings
from edi.x12.envelope import Stamp

CLAIMS_PER_FILE = 5_000

Progress = Callable[[str, int], None]


def silent(_what: str, _count: int) -> None:
    """No progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`as_of` is "today" for rules and stamps, at midnight; None takes the clock's date and time.

    `format` is auto, json, ndjson, csv or xml; `columns` maps a practice's CSV headers. `jobs` is how many processes
    may work, `claims_per_file` how many claims a file may hold. `fit_images` reduces images that are too large for the
    payer. Files in `leave_out`, resolved, are not read from a folder."""

    inputs: tuple[str, ...]
    settings: Settings = DEFAULTS
    format: str = "auto"
    columns: Path | None = None
    as_of: datetime.date | None = None
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    claims_per_file: int = CLAIMS_PER_FILE
    fit_images: bool = False
    stdin: BinaryIO | None = None
    leave_out: frozenset[Path] = frozenset()
    progress: Progress = silent

    def clock(self) -> tuple[str, Stamp]:
        """Today as an ISO date, and the stamp of interchanges."""
        moment = datetime.datetime.now().astimezone()
        if self.as_of is not None:
            moment = datetime.datetime.combine(self.as_of, datetime.time())
        return moment.date().isoformat(), Stamp.at(moment)
