"""Fixtures for all tests."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from folders import REPO
from hypothesis import HealthCheck, settings
from postgres import Server, binaries, server

# A slow or busy machine is no fault of the code.
settings.register_profile("edi", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("edi")

R = TypeVar("R", pytest.TestReport, pytest.CollectReport)


def _no_skip(report: R) -> R:
    """The report; where CI is set, of a failure in place of a skip: there everything must be proved."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"CI is set, and this was to be skipped. {reason}"
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _no_skip((yield))


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the checkout."""
    return REPO


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
    """A PostgreSQL server for the session. Without its Debian package the tests on it are skipped."""
    if binaries() is None:
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
