"""The sections of edi.toml, each checked and made a value."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from edi.errors import SettingsError
from edi.settings.model import (
    ATTACHMENTS,
    DEFAULTS,
    KEEP_YEARS,
    QUALIFIERS,
    RECEIVER_KEY,
    Documents,
    Envelope,
    LedgerPlace,
    Receiver,
    Settings,
    Submitter,
    default_oid_root,
)
from edi.settings.table import Table, shown

KEYS: dict[str, frozenset[str]] = {
    "submitter": frozenset({"id", "name", "contact"}),
    "contact": frozenset({"name", "phone", "email", "fax"}),
    "receiver": frozenset(
        {"id", "qualifier", "name", "usage", "payers", "overlay", "attachments", "submitter", "envelope"}
    ),
    "envelope": frozenset({"senderQualifier", "sender", "receiver", "groupSender", "groupReceiver"}),
    "payer": frozenset({"profile", "overlay"}),
    "documents": frozenset({"oidRoot", "signingKey", "signingCertificate"}),
    "ledger": frozenset({"url", "password_env", "password_file", "kept", "keep_years"}),
    "file": frozenset({"submitter", "receivers", "payers", "documents", "ledger"}),
}
"""The keys of each section, and of the file."""
_CONTACTS = ("phone", "email", "fax")
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
_MOST_YEARS = 100
_LONGEST_OID = 100  # leaves room for the arcs below it in the 128 characters of an OID


def settings_of(data: dict[str, Any], path: Path) -> Settings:
    """The settings in the tables of an edi.toml; `path` is that file. Raises SettingsError."""
    file = Table(data, path)
    file.only(KEYS["file"])
    payers = list(file.table("payers").tables())
    profiles = tuple((payer_id, _profile(payer)) for payer_id, payer in payers)
    overlays = tuple(
        (payer_id, _overlay(payer, payer_id)) for payer_id, payer in payers if "overlay" in payer
    )
    receivers = tuple(_receiver(key, table) for key, table in file.table("receivers").tables())
    _check_payers_once(receivers, path)
    submitter = _submitter(file.table("submitter")) if "submitter" in file else DEFAULTS.submitter
    documents = _documents(file.table("documents"), submitter.id)
    ledger = _ledger(file.table("ledger")) if "ledger" in file else None
    return Settings(submitter, receivers or DEFAULTS.receivers, path, profiles, documents, overlays, ledger)


def _submitter(table: Table) -> Submitter:
    table.only(KEYS["submitter"])
    contact = table.table("contact")
    contact.only(KEYS["contact"])
    if not any(contact.values.get(way) for way in _CONTACTS):
        raise table.error("contact", "needs a phone, an email or a fax.")
    return Submitter(
        table.x12_text("id", 2, 15),
        table.x12_text("name", 1, 60),
        contact.x12_text("name", 1, 60),
        *(contact.optional_x12_text(way, 1, 256) for way in _CONTACTS),
    )


def _receiver(key: str, table: Table) -> Receiver:
    if not re.fullmatch(RECEIVER_KEY, key):
        raise SettingsError(
            f"{table.path}: receivers.{shown(key)}: use up to 40 letters, digits, - and _; it becomes part of file names."
        )
    table.only(KEYS["receiver"])
    payers = table.values.get("payers", [])
    if not isinstance(payers, list) or not all(isinstance(payer, str) for payer in payers):
        raise table.error("payers", "must be a list of payer ids, each in quotes.")
    guides = ", ".join(f'"{each}"' for each in ATTACHMENTS)
    receiver_id = table.x12_text("id", 2, 15)
    return Receiver(
        key,
        receiver_id,
        table.optional_x12_text("name", 1, 60) or key,
        _qualifier(table, "qualifier"),
        table.choice("usage", "T", ("T", "P"), 'must be "T" (test) or "P" (production).'),
        frozenset(payers),
        _overlay(table, receiver_id) if "overlay" in table else "",
        table.choice("attachments", ATTACHMENTS[0], ATTACHMENTS, f"must be one of {guides}."),
        table.optional_x12_text("submitter", 2, 15),
        _envelope(table.table("envelope")),
    )


def _envelope(table: Table) -> Envelope:
    table.only(KEYS["envelope"])
    return Envelope(
        _qualifier(table, "senderQualifier"),
        *(
            table.optional_x12_text(key, 2, 15)
            for key in ("sender", "receiver", "groupSender", "groupReceiver")
        ),
    )


def _qualifier(table: Table, key: str) -> str:
    return table.choice(key, "ZZ", QUALIFIERS, f"must be one of {' '.join(QUALIFIERS)}, in quotes.")


def _check_payers_once(receivers: tuple[Receiver, ...], path: Path) -> None:
    """Raise SettingsError when it is not clear where a payer's claims go."""
    seen: dict[str, str] = {}
    for receiver in receivers:
        for payer in sorted(receiver.payers) or [""]:
            if payer in seen:
                what = f"payer {shown(payer)} is" if payer else "all other payers are"
                raise SettingsError(
                    f"{path}: {what} sent to both {seen[payer]} and {receiver.key}; name one."
                )
            seen[payer] = receiver.key


def _profile(table: Table) -> str:
    table.only(KEYS["payer"])
    return table.text("profile", "must be the name of a profile or a TOML file, in quotes.") or "default"


def _overlay(table: Table, name: str) -> str:
    """The overlay of a payer or receiver called `name`."""
    must = "must be a TOML file, in quotes."
    overlay = table.text("overlay", must)
    if not overlay.endswith(".toml"):
        raise table.error("overlay", must)
    if " " in name:
        raise table.error("overlay", f'cannot be used: with one, the id "{shown(name)}" may hold no blank.')
    return overlay


def _documents(table: Table, submitter_id: str) -> Documents:
    table.only(KEYS["documents"])
    must = 'must be an OID in quotes, numbers with dots between, as in "2.16.840.1.113883.3.9999".'
    oid = table.text("oidRoot", must) or default_oid_root(submitter_id)
    if not _OID.fullmatch(oid) or len(oid) > _LONGEST_OID:
        raise table.error("oidRoot", must)
    key, certificate = (
        table.text(name, "must be the name of a PEM file, in quotes.")
        for name in ("signingKey", "signingCertificate")
    )
    if bool(key) != bool(certificate):
        raise table.error("signingKey", "and documents.signingCertificate are set together, or neither.")
    folder = table.path.parent
    return Documents(oid, folder / key if key else None, folder / certificate if certificate else None)


def _ledger(table: Table) -> LedgerPlace:
    table.only(KEYS["ledger"])
    url, variable, file, kept = (
        table.text(key, "must be text in quotes.") for key in ("url", "password_env", "password_file", "kept")
    )
    years = table.values.get("keep_years", KEEP_YEARS)
    if type(years) is not int or not 0 <= years <= _MOST_YEARS:
        raise table.error("keep_years", f"must be a whole number of years, 0 to {_MOST_YEARS}.")
    if not url.startswith(("sqlite:///", "postgresql://")):
        raise table.error("url", 'must be "sqlite:///edi.db" or "postgresql://user@host/database".')
    if variable and file:
        raise table.error("password_env", "and ledger.password_file are both set; keep one.")
    return LedgerPlace(url, variable, file, kept, years)
