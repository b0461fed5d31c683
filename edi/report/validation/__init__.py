"""Findings on X12 files, in every format that `edi validate` prints."""

from __future__ import annotations

from edi.report.validation.output_format import FileOutcome, FilePart, OutputFormat, Write

__all__ = ["FileOutcome", "FilePart", "OutputFormat", "Write"]
