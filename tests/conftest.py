"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the checkout."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared(repo: Path) -> Path:
    """The folder with the contract and the references, beside the checkout or where EDI_SHARED says; without it the test
    is skipped."""
    folder = Path(os.environ.get("EDI_SHARED") or repo.parent / "shared")
    if not folder.is_dir():
        pytest.skip("needs the contract and references in ../shared, which is not there")
    return folder
