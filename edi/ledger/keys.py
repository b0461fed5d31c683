"""The ledger's secret key, and the hashes under it: of a patient, of a practice's tax id, of a record's fields.

The key lies in a file of its own beside edi.toml and never in the database: the database alone does not show whether a
certain person is in it.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from orjson import OPT_SORT_KEYS, dumps

from edi.errors import LedgerError, SettingsError
from edi.settings import read_text

KEY_FILE = "edi.key"
_OCTETS = 32
_NAME = 2  # octets of a field's name in a fingerprint
_OWNER = 8  # hexadecimal digits
_VALUE = 6  # and of its value: two values of one field are taken for the same once in 2**48


def read_key(path: Path) -> bytes | None:
    """The key in a file; None when there is no such file. Raises LedgerError when it holds something else, or when
    others than its owner can read it."""
    if not os.path.lexists(path):
        return None
    try:
        text = read_text(path)
        shared = path.stat().st_mode & 0o077
    except (SettingsError, OSError) as error:
        raise LedgerError(str(error)) from error
    if shared:
        raise LedgerError(
            f"{path} can be read by others than its owner; with it and the database they learn whose claims were sent. "
            f"Take that from them (chmod 600 {path}), and run the same command again."
        )
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != _OCTETS:
        raise LedgerError(f"{path} does not hold the key of a ledger. Bring back the file as it was.")
    return key


def make_key(path: Path) -> bytes:
    """The key in a file, which is made (0600) when it is not there. Two processes that make it at once get the same key."""
    if (key := read_key(path)) is not None:
        return key
    try:
        descriptor, name = tempfile.mkstemp(prefix=".edi-key-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w") as stream:
                stream.write(secrets.token_hex(_OCTETS) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
            with suppress(FileExistsError):
                path.hardlink_to(name)  # unlike a rename, never over another's key
        finally:
            Path(name).unlink()
    except OSError as error:
        raise LedgerError(f"{path} cannot be written: {error.strerror or error}.") from error
    key = read_key(path)
    assert key is not None
    return key


def key_fingerprint(key: bytes) -> str:
    """The same for the same key, and another for another; it does not reveal the key."""
    return _digest(key, b"edi ledger", 16).hex()


def owner_of(fingerprint: str) -> str:
    """What a ledger's staging folders are named after, by the fingerprint of its key: another in each ledger."""
    return fingerprint[:_OWNER]


def patient_hash(key: bytes, patient: str) -> str:
    """32 hexadecimal digits for a patient, whom `edi.visit.identity.patient_of` names."""
    return _digest(key, patient.encode(), 16).hex()


def practice_hash(key: bytes, practice: str) -> str:
    """A practice: its NPI, which is public, as it is; its tax id, which may be a social security number, as a hash."""
    return practice if len(practice) == 10 else "T" + _digest(key, practice.encode(), 8).hex()


def record_fingerprint(key: bytes, record: Mapping[str, Any]) -> bytes:
    """The content of a record, field by field, as digests: the same for the same content in any order of keys."""
    begun = _begun(key)
    parts = []
    for name, value in record.items():
        digest = begun.copy()  # quicker than to begin anew
        digest.update(dumps(value, option=OPT_SORT_KEYS))
        parts.append(_name(name) + digest.digest())
    parts.sort()
    return b"".join(parts)


def is_fingerprint(octets: bytes) -> bool:
    """Whether these can be the octets of a fingerprint: whole fields."""
    return len(octets) % (_NAME + _VALUE) == 0


def changed_fields(one: bytes, other: bytes, names: Iterable[str]) -> tuple[str, ...]:
    """The names of the top-level fields that differ between two fingerprints, sorted."""
    unequal = {part[:_NAME] for part in _parts(one) ^ _parts(other)}
    return tuple(sorted(name for name in names if _name(name) in unequal))


def _parts(text: bytes) -> set[bytes]:
    return {text[at : at + _NAME + _VALUE] for at in range(0, len(text), _NAME + _VALUE)}


@cache
def _begun(key: bytes) -> blake2b:
    return blake2b(key=key, digest_size=_VALUE)


@cache
def _name(name: str) -> bytes:
    return blake2b(name.encode(), digest_size=_NAME).digest()


def _digest(key: bytes, data: bytes, size: int) -> bytes:
    return blake2b(data, key=key, digest_size=size).digest()
