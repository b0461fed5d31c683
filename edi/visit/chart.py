"""What a chart says. "N/A", a dash or "see chart" in a field says nothing: the field counts as missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from edi.visit.record import Clinical

_APART = re.compile(r"[\W_]+")
_LONGEST = 32  # characters: a longer text says something
_NO = frozenset(("no", "none", "nil", "nothing"))
_NOTHING = _NO | frozenset(
    (
        "",
        *("n a", "na", "n a n a", "not applicable", "not available", "not recorded", "not documented", "not noted"),
        *("see chart", "see notes", "see note", "see record", "see records", "see above", "see attached", "per chart"),
        *("as above", "as before", "same", "same as above", "same as before", "same as last visit", "ditto"),
        *("tbd", "tba", "to be determined", "to be done", "to follow", "pending", "unknown", "x", "xx", "xxx", "test"),
    )
)  # fmt: skip


def says_nothing(text: str, *, unless_none: bool = False) -> bool:
    """Whether a text of a chart stands for no text. With `unless_none`, "none" is an answer."""
    if len(text) > _LONGEST:
        return not text.strip()
    words = _APART.sub(" ", text.lower()).strip()
    return words in _NOTHING and not (unless_none and words in _NO)


def stated(chart: Clinical) -> Clinical:
    """The chart without what says nothing; the same object where all says something. Radiographs and pulp tests keep their places."""
    out: dict[str, Any] = {}
    changed = False
    for field, value in chart.items():
        kept = _stated(field, value)
        if kept:
            out[field] = kept
        changed = changed or not kept or kept is not value
    return cast(Clinical, out) if changed else chart


def _stated(field: str, value: Any) -> Any:
    if isinstance(value, str):
        # A chart that knows of no complications says so.
        return None if says_nothing(value, unless_none=field == "complications") else value
    if isinstance(value, Mapping):
        kept = _without(value, ("name", "action"))
        return kept if "name" in kept else None
    if field == "findings":
        texts = [text for text in value if not says_nothing(text)]
        return texts if len(texts) < len(value) else value
    if field == "radiographs":
        films = [_without(film, ("finding",)) for film in value]
        return films if any(new is not old for new, old in zip(films, value, strict=True)) else value
    return None if all(says_nothing(test["result"]) for test in value) else value


def _without(entry: Mapping[str, Any], texts: tuple[str, ...]) -> Mapping[str, Any]:
    """An entry without those of its texts that say nothing."""
    empty = [key for key in texts if key in entry and says_nothing(entry[key])]
    return {key: value for key, value in entry.items() if key not in empty} if empty else entry
