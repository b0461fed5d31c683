"""The tables of edi.toml, each checked and made a value. A wrong one is refused with its key and what it must be."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edi.errors import SettingsError
from edi.settings.model import (
    ATTACHMENTS,
    DEFAULTS,
    QUALIFIERS,
    Documents,
    Envelope,
    LedgerPlace,
    Receiver,
    Settings,
    Submitter,
    default_oid_root,
)

SHAPE: dict[str, frozenset[str]] = {
    "submitter": frozenset({"id", "name", "contact"}),
    "contact": frozenset({"name", "phone", "email", "fax"}),
    "receiver": frozenset(
        {"id", "qualifier", "name", "usage", "payers", "overlay", "attachments", "submitter", "envelope"}
    ),
    "envelope": frozenset({"senderQualifier", "sender", "receiver", "groupSender", "groupReceiver"}),
    "payer": frozenset({"profile", "overlay"}),
    "documents": frozenset({"oidRoot", "signingKey", "signingCertificate"}),
    "ledger": frozenset({"url", "password_env", "password_file"}),
    "file": frozenset({"submitter", "receivers", "payers", "documents", "ledger"}),
}
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
_LONGEST_OID = 100  # leaves room for the arcs below it in the 128 characters of an OID


def settings_of(data: dict[str, Any], path: Path) -> Settings:
    """The settings in the tables of an edi.toml; `path` is that file. Raises SettingsError."""
    _known(data, "file", path, "")
    payers = [
        (payer_id, _table({payer_id: payer}, payer_id, path))
        for payer_id, payer in sorted(_table(data, "payers", path).items())
    ]
    profiles = tuple((payer_id, _profile(payer, payer_id, path)) for payer_id, payer in payers)
    overlays = tuple(
        (payer_id, _overlay(payer, f"payers.{payer_id}", payer_id, path))
        for payer_id, payer in payers
        if "overlay" in payer
    )
    receivers = tuple(
        _receiver(key, _table({key: table}, key, path), path)
        for key, table in sorted(_table(data, "receivers", path).items())
    )
    _one_home_each(receivers, path)
    submitter = (
        _submitter(_table(data, "submitter", path), path) if "submitter" in data else DEFAULTS.submitter
    )
    documents = _documents(_table(data, "documents", path), submitter.id, path)
    ledger = _ledger(_table(data, "ledger", path), path) if "ledger" in data else None
    return Settings(submitter, receivers or DEFAULTS.receivers, path, profiles, documents, overlays, ledger)


def _documents(table: dict[str, Any], submitter_id: str, path: Path) -> Documents:
    _known(table, "documents", path, "documents.")
    oid = table.get("oidRoot", default_oid_root(submitter_id))
    if not isinstance(oid, str) or not _OID.fullmatch(oid) or len(oid) > _LONGEST_OID:
        raise SettingsError(
            f'{path}: documents.oidRoot must be an OID in quotes, numbers with dots between, as in "2.16.840.1.113883.3.9999".'
        )
    files: list[Path | None] = []
    for key in ("signingKey", "signingCertificate"):
        name = table.get(key)
        if name is not None and (not isinstance(name, str) or not name):
            raise SettingsError(f"{path}: documents.{key} must be the name of a PEM file, in quotes.")
        files.append(path.parent / name if name else None)
    if (files[0] is None) != (files[1] is None):
        raise SettingsError(
            f"{path}: documents.signingKey and documents.signingCertificate are set together, or neither."
        )
    return Documents(oid, *files)


def _ledger(table: dict[str, Any], path: Path) -> LedgerPlace:
    _known(table, "ledger", path, "ledger.")
    for key, value in table.items():
        if not isinstance(value, str) or not value:
            raise SettingsError(f"{path}: ledger.{key} must be text in quotes.")
    if not table.get("url", "").startswith(("sqlite:///", "postgresql://")):
        raise SettingsError(
            f'{path}: ledger.url must be "sqlite:///edi.db" or "postgresql://user@host/database".'
        )
    if "password_env" in table and "password_file" in table:
        raise SettingsError(f"{path}: ledger.password_env and ledger.password_file are both set; keep one.")
    return LedgerPlace(**table)


def _profile(table: dict[str, Any], payer_id: str, path: Path) -> str:
    where = f"payers.{payer_id}."
    _known(table, "payer", path, where)
    profile = table.get("profile", "default")
    if not isinstance(profile, str) or not profile:
        raise SettingsError(
            f"{path}: {where}profile must be the name of a profile or a TOML file, in quotes."
        )
    return profile


def _overlay(table: dict[str, Any], where: str, name: str, path: Path) -> str:
    """The overlay of a payer or receiver called `name`."""
    overlay = table["overlay"]
    if not isinstance(overlay, str) or not overlay.endswith(".toml"):
        raise SettingsError(f"{path}: {where}.overlay must be a TOML file, in quotes.")
    if " " in name:
        raise SettingsError(f'{path}: {where}: with an overlay, the id "{name}" may hold no blank.')
    return overlay


def _submitter(table: dict[str, Any], path: Path) -> Submitter:
    _known(table, "submitter", path, "submitter.")
    contact = _table(table, "contact", path)
    _known(contact, "contact", path, "submitter.contact.")
    if not any(contact.get(way) for way in ("phone", "email", "fax")):
        raise SettingsError(f"{path}: submitter.contact needs a phone, an email or a fax.")
    return Submitter(
        _text(table, "id", path, "submitter.", 2, 15),
        _text(table, "name", path, "submitter.", 1, 60),
        _text(contact, "name", path, "submitter.contact.", 1, 60),
        *(
            _text(contact, way, path, "submitter.contact.", 1, 256) if way in contact else ""
            for way in ("phone", "email", "fax")
        ),
    )


def _receiver(key: str, table: dict[str, Any], path: Path) -> Receiver:
    where = f"receivers.{key}."
    if not key.replace("-", "").replace("_", "").isalnum() or not key.isascii():
        raise SettingsError(
            f"{path}: receivers.{key}: use letters, digits, - and _; it becomes part of file names."
        )
    _known(table, "receiver", path, where)
    usage = table.get("usage", "T")
    if usage not in ("T", "P"):
        raise SettingsError(f'{path}: {where}usage must be "T" (test) or "P" (production).')
    payers = table.get("payers", [])
    if not isinstance(payers, list) or not all(isinstance(payer, str) for payer in payers):
        raise SettingsError(f"{path}: {where}payers must be a list of payer ids, each in quotes.")
    attachments = table.get("attachments", ATTACHMENTS[0])
    if attachments not in ATTACHMENTS:
        names = ", ".join(f'"{each}"' for each in ATTACHMENTS)
        raise SettingsError(f"{path}: {where}attachments must be one of {names}.")
    receiver_id = _text(table, "id", path, where, 2, 15)
    return Receiver(
        key,
        receiver_id,
        _text(table, "name", path, where, 1, 60) if "name" in table else key,
        _qualifier(table, "qualifier", path, where),
        usage,
        frozenset(payers),
        _overlay(table, where[:-1], receiver_id, path) if "overlay" in table else "",
        attachments,
        _text(table, "submitter", path, where, 2, 15) if "submitter" in table else "",
        _envelope(_table(table, "envelope", path), path, where + "envelope."),
    )


def _envelope(table: dict[str, Any], path: Path, where: str) -> Envelope:
    _known(table, "envelope", path, where)
    return Envelope(
        _qualifier(table, "senderQualifier", path, where),
        *(
            _text(table, key, path, where, 2, 15) if key in table else ""
            for key in ("sender", "receiver", "groupSender", "groupReceiver")
        ),
    )


def _qualifier(table: dict[str, Any], key: str, path: Path, where: str) -> str:
    qualifier = table.get(key, "ZZ")
    if qualifier not in QUALIFIERS:
        raise SettingsError(f"{path}: {where}{key} must be one of {' '.join(QUALIFIERS)}, in quotes.")
    return str(qualifier)


def _one_home_each(receivers: tuple[Receiver, ...], path: Path) -> None:
    seen: dict[str, str] = {}
    for receiver in receivers:
        for payer in sorted(receiver.payers) or [""]:
            if payer in seen:
                what = f"payer {payer} is" if payer else "all other payers are"
                raise SettingsError(
                    f"{path}: {what} sent to both {seen[payer]} and {receiver.key}; name one."
                )
            seen[payer] = receiver.key


def _known(table: Mapping[str, Any], shape: str, path: Path, where: str) -> None:
    for key in table:
        if key not in SHAPE[shape]:
            near = difflib.get_close_matches(key, SHAPE[shape], 1)
            hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(sorted(SHAPE[shape]))}."
            raise SettingsError(f"{path}: {where}{key} is not a setting.{hint}")


def _table(data: Mapping[str, Any], key: str, path: Path) -> dict[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise SettingsError(f"{path}: {key} must be a table, as in [{key}].")
    return value


def _text(table: Mapping[str, Any], key: str, path: Path, where: str, low: int, high: int) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not low <= len(value) <= high:
        raise SettingsError(f"{path}: {where}{key} must be text of {low} to {high} characters, in quotes.")
    if not value.isascii() or not value.isprintable() or any(mark in value for mark in "*~^:"):
        raise SettingsError(
            f"{path}: {where}{key} holds a character that X12 does not allow (one of * ~ ^ : or non-ASCII)."
        )
    return value
