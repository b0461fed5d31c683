"""The known name that an unknown one probably means, for "did you mean" in messages."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 60
_ALIKE = 0.75
_SEPARATORS = str.maketrans("", "", " _-.:/")


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """The known name that differs from `name` in case, separators or a few letters, the first one aside. None when no known
    name is near."""
    from difflib import get_close_matches

    wanted = _plain(name[:_LONGEST])
    plain = {_plain(candidate): candidate for candidate in known}
    # A slip is seldom in the first letter, and without it dateOfService would be taken for placeOfService.
    found = get_close_matches(wanted, [each for each in plain if each[:1] == wanted[:1]], n=1, cutoff=_ALIKE)
    return plain[found[0]] if found else None


def same_name(name: str, known: str) -> bool:
    """True when the names differ in case and separators only."""
    return _plain(name) == _plain(known)


def _plain(name: str) -> str:
    return name.translate(_SEPARATORS).casefold()


def printable(name: str) -> str:
    """A name that a user wrote, cut and on one line, as a message shows it."""
    text = "".join(char if char.isprintable() else "?" for char in name[:_LONGEST])
    return f"{text}..." if len(name) > _LONGEST else text
