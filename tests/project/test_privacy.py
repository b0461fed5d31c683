"""Nothing leaves the machine, and what stays on it is its owner's alone."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

from folders import REPO

WATCHED = """
import sys

def hook(event, arguments):
    if event.startswith("socket.") and event not in ("socket.gethostname",):
        raise SystemExit(f"{event} {arguments}")

sys.addaudithook(hook)
from edi.cli.main import cli
cli()
"""
VISITS = str(REPO / "examples" / "visits")


def run(folder: Path, *arguments: str) -> None:
    """A command that ends when it is about to open a connection."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_night_opens_no_connection_and_no_file_to_others(tmp_path: Path) -> None:
    run(tmp_path, "init")
    run(tmp_path, "convert", VISITS, "-o", "out", "--as-of", "2026-11-02", "--jobs", "1")
    claims = sorted(str(path) for path in tmp_path.glob("out/TEST-*"))
    assert claims
    run(tmp_path, "validate", *claims)
    for number, claim in enumerate(claims):
        run(tmp_path, "inspect", claim, "--html", f"page-{number}.html")
    run(tmp_path, "inspect", claims[-1], "--extract", "files")
    run(tmp_path, "status")
    run(tmp_path, "ledger", "export", "ledger.ndjson")
    open_to_others = [
        path for path in tmp_path.rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077 and path.is_file()
    ]
    assert not open_to_others
