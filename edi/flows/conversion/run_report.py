"""What a run counts, and report.json from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from edi import __version__


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of the run: its name in the output folder, SHA-256 in hexadecimal, claims and attachments in it."""

    path: str
    sha256: str
    claims: int
    attachments: int = 0

    def as_json(self) -> dict[str, Any]:
        """An entry of `files` in report.json; attachments are counted where there are some."""
        counted = {"attachments": self.attachments} if self.attachments else {}
        return {"path": self.path, "sha256": self.sha256, "claims": self.claims} | counted


@dataclass(slots=True)
class RunReport:
    """Counts of one run. `unreadable` are inputs that could not be read at all: (file, message); `finished` and
    `rolled_back` the files of earlier runs that were cut off: put in place now, or never to come."""

    as_of: str
    visits: int = 0
    accepted: int = 0
    rejected: int = 0
    unchanged: int = 0
    cents: int = 0
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    files: list[WrittenFile] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    rolled_back: list[str] = field(default_factory=list)

    def copy(self) -> RunReport:
        """The same counts, to go on from independently."""
        return replace(
            self, found=self.found.copy(), files=self.files.copy(), unreadable=self.unreadable.copy()
        )

    def count(self, findings: Iterable[tuple[str, str]]) -> None:
        """Add findings, each as (category, rule)."""
        self.found.update(findings)

    def as_json(self) -> dict[str, Any]:
        """report.json, valid under report.schema.json."""
        findings: dict[str, dict[str, int]] = {}
        for (category, rule), count in sorted(self.found.items()):
            findings.setdefault(category, {})[rule] = count
        return {
            "version": __version__,
            "asOf": self.as_of,
            "visits": self.visits,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "unchanged": self.unchanged,
            "findings": findings,
            "totalCharge": f"{self.cents // 100}.{self.cents % 100:02}",
            "files": [file.as_json() for file in self.files],
            "unreadable": [{"file": file, "message": message} for file, message in self.unreadable],
        }
