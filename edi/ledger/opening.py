"""Opening a ledger: its tables are made or migrated, its key is read or made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, select, text

from edi.errors import LedgerError
from edi.ledger.address import DatabaseAddress, address_of
from edi.ledger.database import Database
from edi.ledger.keys import key_fingerprint, make_key, read_key
from edi.ledger.sqlite_file import holds_ledger
from edi.ledger.tables import META, METADATA, REVISION, VERSION_TABLE
from edi.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config

_KEY = "key"


def revision_of(connection: Connection, setting: str) -> str | None:
    """The revision of the tables in a database; None when it has none of ours. Raises SettingsError when it has a table of one of
    our names that is no ledger's; `setting` is what a message calls where the database is named."""
    if not holds_ledger(inspect(connection).get_table_names(), setting):
        return None
    return f"{connection.execute(text(f'SELECT version_num FROM {VERSION_TABLE}')).scalar()}"


def bring_up_to_date(database: Database, place: DatabaseAddress) -> None:
    """Make or migrate the tables. Raises LedgerError when they are of a later version than this program, or when there are none
    though there is a key: a ledger was begun with it."""
    with database.reading() as connection:
        if revision_of(connection, database.setting) == REVISION:
            return
    with database.writing() as connection:
        found = revision_of(connection, database.setting)
        if found is None:
            # Only now: another process may have made the tables, and then the key.
            refuse_key_without_ledger(place)
            make_tables(connection)
        elif found != REVISION:
            _migrate(connection, found, database.name)


def make_tables(connection: Connection, key: str = "") -> None:
    """Make the tables of a new ledger. `key` is the fingerprint of its key, where it has one already."""
    # What all migrations together make (a test holds them to it), without the time that Alembic takes.
    METADATA.create_all(connection)
    connection.execute(text(f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text(f"INSERT INTO {VERSION_TABLE} VALUES (:revision)"), {"revision": REVISION})
    connection.execute(META.insert(), {"name": _KEY, "value": key})


def refuse_key_without_ledger(place: DatabaseAddress) -> None:
    """Raise LedgerError when there is a key, though there is no ledger."""
    if read_key(place.key_file) is not None:
        raise LedgerError(
            f"The ledger ({place.name}) is gone or empty, but {place.key_file} is there: a ledger was begun with it. With an empty one "
            "every claim would be sent again, under numbers from 1. Bring the ledger back from a backup, or from an export with "
            "`edi ledger import FILE`. Only to begin anew: `edi init --new-ledger`."
        )


def new_ledger(settings: Settings) -> str:
    """Begin an empty ledger, with the key that is there or a new one; what it is called. Raises LedgerError when there is a
    ledger already."""
    place = address_of(settings)
    database = Database(place)
    try:
        with database.writing() as connection:
            if revision_of(connection, place.setting) is not None:
                raise LedgerError(f"The ledger ({place.name}) is no new one; it was left as it was.")
            found = read_key(place.key_file)
            make_tables(connection, key_fingerprint(found) if found else "")
        return place.name
    finally:
        database.close()


def other_version(name: str) -> LedgerError:
    """What is raised by who does not migrate a ledger of another version."""
    return LedgerError(
        f"The ledger ({name}) is of another version of edi. A convert updates one of an earlier version; for one of a later "
        "version, update edi on this machine. Nothing was changed."
    )


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
    return connection.execute(select(META.c.value).where(META.c.name == _KEY)).scalar() or None


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
                connection.execute(META.update().where(META.c.name == _KEY).values(value=fingerprint))
    found = read_key(place.key_file)
    if found is None or key_fingerprint(found) != fingerprint:
        what = "is missing" if found is None else "holds the key of another ledger"
        raise LedgerError(
            f"{place.key_file} {what}: the ledger ({database.name}) was begun with a key of its own, and knows no "
            "patient again without it. Bring that file back from where the ledger was begun, or from a backup."
        )
    return found
