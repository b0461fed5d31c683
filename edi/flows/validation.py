"""Files that this program wrote, validated before they count."""

from __future__ import annotations

from pathlib import Path

from edi.finding import Finding
from edi.validate.run import validate_stream


def errors_in(file: Path) -> list[Finding]:
    """What the guide refuses in a file."""
    with file.open("rb") as stream:
        findings = validate_stream(stream, file.name).findings
    return [finding for finding in findings if finding.severity == "error"]
