"""Fixtures for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import Server, binaries, server


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for the session. Without its Debian package the tests on it are skipped, but not in CI."""
    if binaries() is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have PostgreSQL: apt-get install postgresql")
        pytest.skip("needs PostgreSQL: apt-get install postgresql")
    with server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest) -> str:
    """Where the ledger of an edi.toml may be: a file beside it, or an empty database on a server."""
    if request.param == "sqlite":
        return "sqlite:///edi.db"
    running: Server = request.getfixturevalue("postgres")
    return running.url()
