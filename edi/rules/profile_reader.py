"""Payer profiles from TOML: shipped ones by name, a user's own by path. Every entry has its source and date.

An entry is a table of `value`, `source` and `date`; `edi.rules.profile_entries` lists them. An entry that a profile does not
set is that of the default profile.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from edi.errors import SettingsError
from edi.rules.profile import DEFAULT, Profile, Source
from edi.rules.profile_entries import ENTRIES, Entry
from edi.rules.registry import RULES
from edi.settings import Settings, parse_toml, read_text
from edi.visit.suggestion import nearest_name, printable

_DATE = re.compile(r"20\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_HEAD = ("title", "about")
_PARTS = ("value", "source", "date")
_FOLDER = files("edi.rules") / "payers"


@cache
def shipped_names() -> tuple[str, ...]:
    """The names of the profiles that come with the program, the default one first."""
    return (
        DEFAULT.name,
        *sorted(each.name[:-5] for each in _FOLDER.iterdir() if each.name.endswith(".toml")),
    )


def shipped_profile(name: str) -> Profile:
    """A shipped profile. Raises SettingsError when there is none of that name."""
    if name == DEFAULT.name:
        return DEFAULT
    if name not in shipped_names():
        near = nearest_name(name, shipped_names())
        hint = f"Did you mean {near}?" if near else f"There are: {', '.join(shipped_names())}."
        raise SettingsError(
            f'There is no profile "{printable(name)}". {hint} A file of your own ends in .toml.'
        )
    return parse_profile((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"), name)


def payer_profiles(settings: Settings) -> dict[str, Profile]:
    """The profile of each payer that edi.toml gives one, by payer id; all others have the default profile.

    Raises SettingsError, which names the payer, the key and what it must be."""
    folder = settings.path.parent if settings.path else Path()
    profiles = {}
    for payer_id, reference in settings.profiles:
        try:
            profiles[payer_id] = load_profile(reference, folder)
        except SettingsError as error:
            raise SettingsError(f"{settings.path}: payers.{payer_id}.profile: {error}") from error
    return profiles


def load_profile(reference: str, folder: Path) -> Profile:
    """A shipped profile by name, or one from a TOML file in `folder`. Raises SettingsError when it cannot be used."""
    if not reference.endswith(".toml"):
        return shipped_profile(reference)
    path = folder / reference
    return parse_profile(read_text(path), reference)


def parse_profile(text: str, name: str) -> Profile:
    """A profile from TOML text; `name` stands in messages. Raises SettingsError with the key and the cure."""
    data = parse_toml(text, f"profile {name}")
    head = {key: _text(data.pop(key), key, name) for key in _HEAD if key in data}
    if "title" not in head:
        raise SettingsError(
            f'profile {name}: title is missing: the payer as a person names it, as in title = "...".'
        )
    fields: dict[str, Any] = {"about": ""}
    sources: dict[str, Source] = {}
    for key, table in data.items():
        entry = ENTRIES.get(key)
        if entry is None:
            raise SettingsError(_unknown(key, key, (*ENTRIES, *_HEAD), name))
        field = "severities" if key == "severity" else key
        if entry.keys is None:
            fields[field], sources[key] = _entry(table, key, entry, name)
            continue
        if not isinstance(table, dict):
            raise SettingsError(f"profile {name}: {key} must be a table, as in [{key}].")
        known = entry.keys or tuple(RULES)
        fields[field] = {}
        for part, each in table.items():
            if part not in known:
                raise SettingsError(_unknown(part, f"{key}.{part}", known, name))
            path = f"{key}.{part}"
            fields[field][part], sources[path] = _entry(each, path, entry, name)
            if key == "severity":
                _may_be(part, fields[field][part], path, name)
    _agree(fields, name)
    return Profile(**fields | head, name=name, sources=sources)


def _entry(table: Any, path: str, entry: Entry, name: str) -> tuple[Any, Source]:
    if not isinstance(table, dict):
        raise SettingsError(
            f"profile {name}: {path} must be a table of value, source and date, as in "
            f'{path} = {{ value = {entry.example}, source = "who says so", date = "2026-01" }}.'
        )
    for part in table:
        if part not in _PARTS:
            raise SettingsError(_unknown(part, f"{path}.{part}", _PARTS, name))
    if "value" not in table or not entry.check(table["value"]):
        raise SettingsError(f"profile {name}: {path}.value must be {entry.takes}.")
    source, date = table.get("source"), table.get("date")
    if not isinstance(source, str) or not source.strip():
        raise SettingsError(
            f"profile {name}: {path}.source is missing: say who says so (manual and page, web page)."
        )
    if not isinstance(date, str) or not _DATE.fullmatch(date):
        raise SettingsError(
            f'profile {name}: {path}.date must be the year, month or day it is from, in quotes ("2026", "2026-01").'
        )
    value = table["value"]
    return tuple(value) if isinstance(value, list) else value, Source(source.strip(), date)


def _may_be(rule_id: str, severity: str, path: str, name: str) -> None:
    """A payer may change the severity of rules on the three codes; an error of any claim stays one."""
    rule = RULES[rule_id]
    if rule.severity == "error" != severity and not rule.scope.codes:
        raise SettingsError(
            f"profile {name}: {path} must stay error: what {rule_id} finds is wrong for every payer."
        )


def _agree(fields: dict[str, Any], name: str) -> None:
    if fields.get("min_age", 0) > fields.get("max_age", 120):
        raise SettingsError(f"profile {name}: min_age.value is above max_age.value.")
    for key in ("authorization_under_age", "authorization_planned_only"):
        if key in fields and not fields.get("prior_authorization"):
            raise SettingsError(
                f"profile {name}: {key} has no effect without prior_authorization.value = true."
            )


def _text(value: Any, key: str, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(f"profile {name}: {key} must be text, in quotes.")
    return value.strip()


def _unknown(key: str, path: str, known: tuple[str, ...], name: str) -> str:
    near = nearest_name(key, known)
    hint = f"Did you mean {near}?" if near else "`edi payers --template` shows every entry."
    return f"profile {name}: {printable(path)} is not an entry. {hint}"
