"""Opening a ledger: its tables are made or migrated, its key is read or made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, select, text

from edi.errors import LedgerError
from edi.ledger.address import DatabaseAddress
from edi.ledger.database import Database
from edi.ledger.keys import key_fingerprint, make_key, read_key
from edi.ledger.tables import META, METADATA, REVISION

if TYPE_CHECKING:
    from alembic.config import Config

_KEY = "key"


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables in a database; None when it has none of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def bring_up_to_date(database: Database) -> None:
    """Make or migrate the tables. Raises LedgerError when they are of a later version than this program."""
    with database.reading() as connection:
        if revision_of(connection) == REVISION:
            return
    with database.writing() as connection:
        found = revision_of(connection)
        if found is None:
            # What all migrations together make (a test holds them to it), without the time that Alembic takes.
            METADATA.create_all(connection)
            connection.execute(
                text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            )
            connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISION})
        elif found != REVISION:
            _migrate(connection, found, database.name)


def migrations(connection: Connection) -> Config:
    """The configuration of Alembic: where the migrations lie, and the connection to run them on."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _migrate(connection: Connection, found: str, name: str) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = migrations(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found not in known:
        raise LedgerError(
            f"The ledger ({name}) was written by a later version of edi (its tables are revision {found}). "
            "Update edi on this machine; nothing was changed."
        )
    command.upgrade(config, REVISION)


def has_key(database: Database) -> bool:
    """Whether a ledger has a key. Nothing goes into it before."""
    with database.reading() as connection:
        return stored_fingerprint(connection) is not None


def stored_fingerprint(connection: Connection) -> str | None:
    """The fingerprint of a ledger's key; None where it has no key yet."""
    return connection.execute(select(META.c.value).where(META.c.name == _KEY)).scalar()


def key_of(database: Database, place: DatabaseAddress) -> bytes:
    """The key of a ledger, made at its first use. Raises LedgerError when the key file is not this ledger's."""
    with database.reading() as connection:
        fingerprint = stored_fingerprint(connection)
    if fingerprint is None:
        key = make_key(place.key_file)
        with database.writing() as connection:
            fingerprint = stored_fingerprint(connection)
            if fingerprint is None:
                fingerprint = key_fingerprint(key)
                connection.execute(META.insert(), {"name": _KEY, "value": fingerprint})
    found = read_key(place.key_file)
    if found is None or key_fingerprint(found) != fingerprint:
        what = "is missing" if found is None else "holds the key of another ledger"
        raise LedgerError(
            f"{place.key_file} {what}: the ledger ({database.name}) was begun with a key of its own, and knows no "
            "patient again without it. Bring that file back from where the ledger was begun, or from a backup."
        )
    return found
