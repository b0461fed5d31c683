"""A ledger that cannot be where edi.toml says is told by the file, the key and what to do, and never as a defect."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from postgres import Server
from rule_cases import base

from edi.cli.main import cli

SERVER = "postgresql://edi@127.0.0.1"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("visit.json").write_text(json.dumps(base("filling")))
    return tmp_path


def convert(*ledger: str) -> Result:
    Path("edi.toml").write_text("\n".join(("[ledger]", *ledger, "")))
    return CliRunner().invoke(cli, ["convert", "visit.json", "-o", "out", "--as-of", "2026-09-30"])


def refused(*ledger: str) -> str:
    done = convert(*ledger)
    assert done.exit_code == 2, done.stderr
    assert "/edi.toml: ledger." in done.stderr
    assert "defect" not in done.stderr
    assert not Path("out").exists() or not list(Path("out").iterdir())
    return done.stderr


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"{SERVER}:abc/d", "is not a URL"),
        (f"{SERVER}:0/d", "has a wrong port"),
        (f"{SERVER}:65536/d", "has a wrong port"),
        (f"{SERVER}:{'9' * 400}/d", "has a wrong port"),
        (f"{SERVER}:{'9' * 5000}/d", "is not a URL"),
        (f"{SERVER}/d?port=x", "has a port after the ?"),
        ("postgresql://[::1/d", "is not a URL"),
        (f"postgresql://{'a' * 300}/d", "has a wrong host"),
        ("postgresql://a..b/d", "has a wrong host"),
        ("postgresql://h/%00", "holds a character"),
        ("sqlite:///%00", "holds a character"),
        ("sqlite:///edi.db?mode=rw", "needs the name of a file"),
        ("postgresql+asyncpg://h/d", "must be"),
        ("oracle://h/d", "must be"),
        ("", "must be text"),
    ],
)
def test_an_address_that_can_be_none(url: str, why: str) -> None:
    assert f"ledger.url {why}" in refused(f'url = "{url}"')


@pytest.mark.parametrize(
    ("database", "user", "why"),
    [
        ("nosuch", "edi", "names a database that is not on the server"),
        ("postgres", "nobody", "names a user whom the server does not let in"),
        ("postgres?sslmode=bogus", "edi", "has an option after the ?"),
        ("postgres?nosuch=1", "edi", "has an option after the ?"),
        ("postgres?options=-cnosuch%3D1", "edi", "has an option after the ?"),
        ("postgres?sslmode=require", "edi", "asks for a secured connection"),
    ],
)
def test_what_a_server_has_not(postgres: Server, database: str, user: str, why: str) -> None:
    url = f"postgresql://{user}:secret@127.0.0.1:{postgres.port}/{database}"
    told = refused(f'url = "{url}"')
    assert why in told
    assert "secret" not in told


def test_a_host_that_nobody_knows() -> None:
    assert "names a host that is not known" in refused('url = "postgresql://edi@nosuch.invalid/d"')


def test_a_password_file_that_is_none() -> None:
    Path("password").mkdir()
    told = refused('url = "postgresql://edi@127.0.0.1/d"', 'password_file = "password"')
    assert "ledger.password_file: " in told
    assert "password cannot be read: it is a folder" in told


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_can_read_is_refused_until_they_cannot(mode: int) -> None:
    assert convert('url = "sqlite:///edi.db"').exit_code == 0
    key = Path("edi.key")
    key.chmod(mode)
    done = convert('url = "sqlite:///edi.db"')
    assert done.exit_code == 2
    assert f"chmod 600 {key.absolute()}" in done.stderr
    key.chmod(0o600)
    assert convert('url = "sqlite:///edi.db"').exit_code == 0


def test_a_key_that_is_no_file() -> None:
    Path("edi.key").symlink_to("edi.key")
    done = convert('url = "sqlite:///edi.db"')
    assert done.exit_code == 2
    assert "edi.key cannot be read" in done.stderr
