"""Payer overlays from TOML: what a companion guide asks beyond the guide, every entry with its source and date.

An overlay only narrows, and never changes what the guide itself finds: its entries become situations (SNIP 7) that are
judged beside the guide's own. `docs/overlays.md` shows how one is written.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from os.path import realpath
from pathlib import Path
from typing import Any

from edi.errors import SettingsError
from edi.guide.condition import Is, Situation, place
from edi.guide.overlay_rules import REQUIRED, OverlayEntry, OverlayRules, situations_of
from edi.guide.place import judged_at
from edi.guide.registry import guide as guide_named
from edi.guide.shape import Guide
from edi.printable import printable
from edi.settings import Settings, parse_toml, read_text

VERSION = "005010X224A2"
_HEAD = ("title", "about", "ask")
_USAGES = ("required", "not used")
_DATE = re.compile(r"20\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Overlay:
    """One payer's demands on the claims it gets. `title` is the payer, as a person names it."""

    title: str
    about: str
    situations: tuple[Situation, ...]


def read_overlay(text: str, name: str) -> Overlay:
    """An overlay from TOML text; messages call it `name`. Raises SettingsError, which names the entry, the key and the cure."""
    data = parse_toml(text, f"overlay {name}")
    for key in data:
        if key not in _HEAD:
            raise SettingsError(f"overlay {name}: {_unknown(key, _HEAD)}")
    title = _text(
        data.get("title"), 'title is missing: the payer as a person names it, as in title = "..."', name
    )
    about = _text(data["about"], "about must be text, in quotes", name) if "about" in data else ""
    entries = data.get("ask")
    if not isinstance(entries, list) or not entries or not all(isinstance(each, dict) for each in entries):
        raise SettingsError(f"overlay {name}: it asks nothing: write at least one entry [[ask]].")
    made: list[Situation] = []
    kinds: set[tuple[object, ...]] = set()
    for number, entry in enumerate(entries, start=1):
        at = entry.get("at")
        where = f"overlay {name}: ask {number}" + (f" ({printable(at[:40])})" if isinstance(at, str) else "")
        try:
            new = situations_of(_entry(entry), _guide(), title)
            if not kinds.isdisjoint(map(_kind, new)):
                raise SettingsError("an entry before asks the same kind of thing of this place.")
        except SettingsError as error:
            raise SettingsError(f"{where}: {error}") from error
        kinds.update(map(_kind, new))
        made += new
    return Overlay(title, about, tuple(made))


def load_overlay(path: Path) -> Overlay:
    """An overlay from a file. Raises SettingsError when it cannot be read or used."""
    return read_overlay(read_text(path), str(path))


def load_overlays(settings: Settings, everywhere: Iterable[Path] = ()) -> OverlayRules | None:
    """The rules of all overlays: those of edi.toml for the claims of their own payers and receivers, those in `everywhere` for
    every claim. None without any. Raises SettingsError, which names the file, the entry and the cure."""
    all_round = {realpath(path): path for path in everywhere}
    made = [each for path in all_round.values() for each in load_overlay(path).situations]
    folder = settings.path.parent if settings.path else Path()
    for (where, file), ids in _named(settings).items():
        if realpath(folder / file) in all_round:
            continue  # its claims are judged by it already
        try:
            overlay = load_overlay(folder / file)
        except SettingsError as error:
            raise SettingsError(f"{settings.path}: overlay of {' and '.join(ids)}: {error}") from error
        made += [_only_for(each, where, ids) for each in overlay.situations]
    named = frozenset(each for ids in _named(settings).values() for each in ids)
    return OverlayRules(VERSION, tuple(made), named) if made else None


def _named(settings: Settings) -> dict[tuple[str, str], list[str]]:
    """The payers and receivers of edi.toml that share an overlay: their ids, by the place of the id in a claim and the file."""
    guide = _guide()
    named: dict[tuple[str, str], list[str]] = {}
    for payer_id, file in settings.overlays:
        named.setdefault((guide.payer, file), []).append(payer_id)
    for receiver in settings.receivers:
        if receiver.overlay:
            named.setdefault((guide.receiver, receiver.overlay), []).append(receiver.id)
    return named


def _only_for(situation: Situation, where: str, ids: list[str]) -> Situation:
    """The same situation, only where one of the ids stands in a place. What comes before the payer, or above its level, is judged
    at the end of that level: only then is it known whose claims these are."""
    guide = _guide()
    loop = place(where).loop
    until = judged_at(guide, situation.loop, [loop])
    around = next(each.id for each in guide.index.values() if guide.index[loop] in each.children)
    ends = [each for each in (around if until is None else until, situation.until) if each]
    return replace(situation, until=_outermost(guide, ends), among=Is(where, " ".join(ids)))


def _outermost(guide: Guide, ends: list[str]) -> str:
    """Of loops that lie one in another, the one around the others."""
    return next((each for each in guide.index if each in ends), "")


@cache
def _guide() -> Guide:
    found = guide_named(VERSION)
    assert found is not None
    return found


def _kind(situation: Situation) -> tuple[object, ...]:
    """What two situations have in common when both could find a fault of one kind in one place."""
    need = situation.need if situation.id == REQUIRED else None  # two codes of one segment may both be wanted
    return situation.id, situation.loop, situation.at, situation.when, need


def _entry(entry: Mapping[str, Any]) -> OverlayEntry:
    for key in entry:
        if key not in OverlayEntry._fields:
            raise SettingsError(_unknown(key, OverlayEntry._fields))
    for key in ("at", "value", "when", "source"):
        if (key in entry or key in ("at", "source")) and not _is_text(entry.get(key)):
            raise SettingsError(_NEEDED.get(key, f"{key} must be text, in quotes."))
    if "usage" in entry and entry["usage"] not in _USAGES:
        raise SettingsError('usage must be "required" or "not used".')
    if "codes" in entry and not (
        isinstance(entry["codes"], list) and entry["codes"] and all(map(_is_text, entry["codes"]))
    ):
        raise SettingsError("codes must be a list of codes, each in quotes.")
    for key in ("min_length", "max_length", "repeat"):
        if key in entry and (type(entry[key]) is not int or entry[key] < 1):
            raise SettingsError(f"{key} must be a whole number, 1 or more.")
    if not isinstance(entry.get("date"), str) or not _DATE.fullmatch(entry["date"]):
        raise SettingsError('date must be the year, month or day it is from, in quotes ("2026", "2026-01").')
    return OverlayEntry(**{**entry, "codes": tuple(entry.get("codes", ()))})


_NEEDED = {
    "at": 'at is missing: the place it is about, as in at = "2300/REF:G1".',
    "source": "source is missing: say who says so (companion guide, version and page).",
}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _text(value: Any, wrong: str, name: str) -> str:
    if not _is_text(value):
        raise SettingsError(f"overlay {name}: {wrong}.")
    return str(value).strip()


def _unknown(key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, list(known), 1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
    return f"{key[:40]} is not a key. {hint}"
