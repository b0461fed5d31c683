"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the checkout."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared(repo: Path) -> Path:
    """The folder beside the checkout with the contract and the references; without it the test is skipped."""
    folder = repo.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the contract and references in ../shared, which is not there")
    return folder
