"""Where CI is set nothing is skipped: a skip of any kind is a failure that says why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from folders import HELPERS

SKIPS = {
    "by_mark": "@pytest.mark.skip(reason='no room')\ndef test_x(): pass",
    "by_call": "def test_x(): pytest.skip('no room')",
    "by_fixture": "@pytest.fixture\ndef f(): pytest.skip('no room')\ndef test_x(f): pass",
    "by_module": "pytest.skip('no room', allow_module_level=True)",
}


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_skip_fails_where_ci_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ci: str) -> None:
    monkeypatch.setenv("CI", ci)
    for name, text in SKIPS.items():
        (tmp_path / f"test_{name}.py").write_text(f"import pytest\n{text}\n")
    (tmp_path / "test_known.py").write_text(
        "import pytest\n@pytest.mark.xfail\ndef test_x(): raise ValueError\n"
    )
    run = [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-rsEf"]
    monkeypatch.setenv("PYTHONPATH", f"{HELPERS.parent}{os.pathsep}{HELPERS}")
    done = subprocess.run(
        [*run, "--continue-on-collection-errors"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.count("no room") >= len(SKIPS)
    assert done.returncode == (1 if ci else 0)
    assert ("1 failed, 1 xfailed, 3 errors" if ci else "4 skipped, 1 xfailed") in done.stdout
