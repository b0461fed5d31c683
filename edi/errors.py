"""Exceptions. Problems in data are never raised: they are findings (`edi.finding`).

EdiError              a sentence for the user; the command line prints it and exits 2
├── InputError        an input that cannot be read at all (not found, not text, not X12)
├── SettingsError     an edi.toml, option or profile that cannot be used
├── OutputError       an output that cannot be written, or that would overwrite a claim
└── LedgerError       a ledger that cannot be reached, read or trusted
"""


class EdiError(Exception):
    """The base of all errors for the user. The message names the place and the fix, and holds no PHI."""


class InputError(EdiError):
    """An input cannot be read at all."""


class SettingsError(EdiError):
    """A setting cannot be used."""


class OutputError(EdiError):
    """An output cannot be written."""


class LedgerError(EdiError):
    """The ledger cannot be reached, read or trusted."""
