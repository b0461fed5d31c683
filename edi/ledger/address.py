"""The address of the ledger's database, from [ledger] in edi.toml."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from edi.errors import SettingsError
from edi.ledger.keys import KEY_FILE
from edi.settings import Settings, read_text

_KEPT = "edi-kept"


class DatabaseAddress(NamedTuple):
    """`url` may hold a password and is never shown: messages say `name`. `file` is SQLite's, None for a server. `kept` is the
    folder of what is kept of claims beside the database. `setting` is what a message calls the setting that it comes from."""

    url: URL
    name: str
    file: Path | None
    key_file: Path
    kept: Path
    setting: str = "ledger.url"


def address_of(settings: Settings) -> DatabaseAddress:
    """The address that the settings give. Raises SettingsError when they give none, or one that cannot be used."""
    if settings.ledger is None or settings.path is None:
        raise SettingsError(
            "There is no ledger: edi.toml has no [ledger]. `edi init` writes an edi.toml with one."
        )
    path, named = settings.path, settings.ledger
    home, setting = path.absolute().parent, f"{path}: ledger.url"
    key_file, kept = home / KEY_FILE, home / (named.kept or _KEPT)
    try:
        url = make_url(named.url)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        raise SettingsError(
            f'{setting} is not a URL; write "sqlite:///edi.db" or "postgresql://user@host/database".'
        ) from None
    if not unquote(named.url).isprintable():
        raise SettingsError(f"{setting} holds a character that no name may hold.")
    if url.drivername == "sqlite":
        if not url.database or url.query or url.database == ":memory:":
            raise SettingsError(f'{setting} needs the name of a file and no more, as "sqlite:///edi.db".')
        if named.password_env or named.password_file:
            raise SettingsError(f"{path}: a ledger in a file has no password; take ledger.password_... out.")
        file = home / url.database
        if not named.kept:  # beside the database, which may lie where edi.toml may not be written
            kept = file.with_name(f"{file.stem}-kept")
        return DatabaseAddress(url.set(database=str(file)), str(file), file, key_file, kept, setting)
    _check_server(url, setting)
    if password := _password(settings):
        url = url.set(password=password)
    name = f"{url.database or url.username or 'postgres'} at {url.host or url.query.get('host') or 'this machine'}"
    return DatabaseAddress(url.set(drivername="postgresql+psycopg"), name, None, key_file, kept, setting)


def _check_server(url: URL, setting: str) -> None:
    """Raise SettingsError when an address can be that of no server."""
    if url.port is not None and not 0 < url.port < 65_536:
        raise SettingsError(f"{setting} has a wrong port: ports go from 1 to 65535.")
    try:
        (url.host or "").encode("idna")
    except UnicodeError:
        raise SettingsError(f"{setting} has a wrong host: none can be called so.") from None


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
        return read_text(settings.path.parent / file).strip("\r\n")
    except SettingsError as error:
        raise SettingsError(f"{settings.path}: ledger.password_file: {error}") from error
