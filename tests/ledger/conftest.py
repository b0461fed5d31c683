"""Fixtures for the tests of the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledger_runs import Practice


@pytest.fixture
def practice(tmp_path: Path, ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Practice:
    monkeypatch.chdir(tmp_path)
    return Practice(tmp_path, ledger_url)
