"""Settings: edi.toml says who submits, to whom, and where it stands in the contract."""

from edi.settings.files import read_octets, read_text
from edi.settings.load import FILE_NAME, load_settings, parse_toml
from edi.settings.model import (
    DEFAULTS,
    RECEIVER_KEY,
    Documents,
    Envelope,
    LedgerPlace,
    Receiver,
    Settings,
    Submitter,
    default_oid_root,
)

__all__ = [
    "DEFAULTS",
    "FILE_NAME",
    "RECEIVER_KEY",
    "Documents",
    "Envelope",
    "LedgerPlace",
    "Receiver",
    "Settings",
    "Submitter",
    "default_oid_root",
    "load_settings",
    "parse_toml",
    "read_octets",
    "read_text",
]
