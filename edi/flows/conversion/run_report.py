"""The counts of a run, and report.json."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from edi import __version__

Counts = tuple[tuple[str, str], ...]
"""The category and rule of each finding."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of the run: its name in the output folder, its SHA-256 in hexadecimal, how many claims and attachments it
    holds."""

    path: str
    sha256: str
    claims: int
    attachments: int = 0

    def as_json(self) -> dict[str, Any]:
        """An entry of `files` in report.json; only a file with attachments counts them."""
        counted = {"attachments": self.attachments} if self.attachments else {}
        return {"path": self.path, "sha256": self.sha256, "claims": self.claims} | counted


@dataclass(slots=True)
class RunReport:
    """The counts of one run. `unreadable` are the inputs that cannot be read: (file, message). `finished` and
    `rolled_back` are files of earlier runs that were cut off: this run put them in place, or gave them up."""

    as_of: str
    visits: int = 0
    accepted: int = 0
    rejected: int = 0
    unchanged: int = 0
    cents: int = 0
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    files: list[WrittenFile] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    rolled_back: list[str] = field(default_factory=list)

    def copy(self) -> RunReport:
        """A copy that counts on independently."""
        return replace(
            self, findings=self.findings.copy(), files=self.files.copy(), unreadable=self.unreadable.copy()
        )

    def count(self, counts: Counts) -> None:
        """Add the findings of a visit."""
        self.findings.update(counts)

    def as_json(self) -> dict[str, Any]:
        """report.json, valid under report.schema.json."""
        findings: dict[str, dict[str, int]] = {}
        for (category, rule), count in sorted(self.findings.items()):
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
