"""Why a server cannot be connected to: a setting that is wrong, as PostgreSQL's client library tells it.

It tells that in words alone, and the words name what stands in the address, perhaps a password in the wrong place. So they
are recognised and never repeated."""

from __future__ import annotations

import re
from typing import Final

_CAUSES: Final = (
    (
        re.compile(r'database ".*" does not exist'),
        "names a database that is not on the server: make it there (createdb), or correct the name.",
    ),
    (
        re.compile(r'role ".*" does not exist|authentication failed|no password supplied|pg_hba\.conf'),
        "names a user whom the server does not let in: correct the name, or the password in ledger.password_file or "
        "ledger.password_env.",
    ),
    (
        re.compile(r"SSL|certificate"),
        "asks for a secured connection (sslmode, sslrootcert) that cannot be made so.",
    ),
    (
        re.compile(r"failed to resolve host|could not translate host name"),
        "names a host that is not known: correct the name, or look whether this machine is on the network.",
    ),
    (
        re.compile(
            r"invalid .*(?:value|option|number)|bad value for|unrecognized configuration|service .* not found"
        ),
        "has an option after the ? that the server or its client library does not take.",
    ),
)


def wrong_setting(message: str) -> str:
    """What is wrong with ledger.url, as the end of a sentence, by the message of a connection that failed; "" when it may
    well be right."""
    return next((what for pattern, what in _CAUSES if pattern.search(message)), "")
