"""From [ledger] in edi.toml to a database address: where it lies, with which password, and how to call it in a message."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from edi.errors import SettingsError
from edi.ledger.keys import KEY_FILE
from edi.settings import Settings


class DatabaseAddress(NamedTuple):
    """`url` may hold a password and is never shown; `name` stands for it. `file` is SQLite's, None for a server."""

    url: URL
    name: str
    file: Path | None
    key_file: Path


def address_of(settings: Settings) -> DatabaseAddress:
    """The ledger that the settings name. Raises SettingsError when they name none, or one that cannot be."""
    if settings.ledger is None or settings.path is None:
        raise SettingsError(
            "There is no ledger: edi.toml has no [ledger]. `edi init` writes an edi.toml with one."
        )
    path, named = settings.path, settings.ledger
    key_file = path.absolute().parent / KEY_FILE
    try:
        url = make_url(named.url)
    except ArgumentError:
        raise SettingsError(
            f'{path}: ledger.url is not a URL; write "sqlite:///edi.db" or "postgresql://user@host/database".'
        ) from None
    if url.drivername == "sqlite":
        if not url.database or url.query or url.database == ":memory:":
            raise SettingsError(
                f'{path}: ledger.url needs the name of a file and no more, as "sqlite:///edi.db".'
            )
        if named.password_env or named.password_file:
            raise SettingsError(f"{path}: a ledger in a file has no password; take ledger.password_... out.")
        file = path.absolute().parent / url.database
        return DatabaseAddress(url.set(database=str(file)), str(file), file, key_file)
    if password := _password(settings):
        url = url.set(password=password)
    name = f"{url.database or url.username or 'postgres'} at {url.host or url.query.get('host') or 'this machine'}"
    return DatabaseAddress(url.set(drivername="postgresql+psycopg"), name, None, key_file)


def _password(settings: Settings) -> str:
    assert settings.ledger is not None
    assert settings.path is not None
    variable, file = settings.ledger.password_env, settings.ledger.password_file
    if variable:
        if not (password := os.environ.get(variable, "")):
            raise SettingsError(
                f"{settings.path}: the environment has no {variable}, which ledger.password_env names."
            )
        return password
    if not file:
        return ""  # the server may ask for none, or the client library knows it
    try:
        return (settings.path.parent / file).read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{settings.path}: ledger.password_file {file} cannot be read.") from error
