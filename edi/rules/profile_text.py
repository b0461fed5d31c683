"""A profile as text: its entries with their values and sources, and a template for a payer of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from edi.rules.profile import PROFILE_SOURCES, Profile, Source
from edi.rules.profile_entries import ENTRIES, Entry


class EntryInForce(NamedTuple):
    """One entry of a profile. `own` is False for an entry of the default profile."""

    key: str
    means: str
    value: Any
    source: Source
    own: bool


def entries_in_force(profile: Profile) -> list[EntryInForce]:
    """The entries that hold for a payer: its own, and the numbers of the default profile that it does not set."""
    return [each for key, entry in ENTRIES.items() for each in _entries(profile, key, entry)]


def _entries(profile: Profile, key: str, entry: Entry) -> Iterator[EntryInForce]:
    value: Any = getattr(profile, "severities" if key == "severity" else key)
    if isinstance(value, Mapping):
        for part, each in value.items():
            yield EntryInForce(f"{key}.{part}", entry.means, each, profile.sources[f"{key}.{part}"], True)
    elif key in profile.sources:
        yield EntryInForce(key, entry.means, value, profile.sources[key], True)
    elif key in PROFILE_SOURCES:
        yield EntryInForce(key, entry.means, value, PROFILE_SOURCES[key], False)


_HEAD = """\
# A payer's profile for edi. Take the # from the lines that you have a source for, correct them, delete the others.
#
# Save it beside edi.toml and name it there by the payer's id:
#
#     [payers.CX014]
#     profile = "my-payer.toml"
#
# Every entry has a value, a source (manual and page, web page, letter) and a date ("2026", "2026-01" or
# "2026-01-31"); without them the profile is refused. What you leave out is as in the default profile.
# `edi payers my-payer.toml` prints how it is understood.

title = "My payer"
about = "Who it is, and for whom this holds."
"""


def template() -> str:
    """A commented profile with every entry: it is read as it is, and sets nothing yet."""
    parts = [_HEAD]
    for key, entry in ENTRIES.items():
        says = f"# {entry.means[0].upper()}{entry.means[1:]}: {entry.takes}."
        if entry.keys is None:
            lines = [f"[{key}]", f"value = {entry.example}", *_WHO]
        else:
            part = entry.keys[0] if entry.keys else "APX-DOC-HISTORY"
            lines = [f"[{key}.{part}]", f"value = {entry.example}", *_WHO]
        parts.append("\n".join([says, *(f"# {line}" for line in lines), ""]))
    return "\n".join(parts)


_WHO = ('source = "Provider manual, page 12"', 'date = "2026-01"')
