"""The colours of severities and of claim states, and how a terminal is given them."""

from __future__ import annotations

from collections.abc import Callable

SEVERITY_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}
Paint = Callable[[str, str], str]
"""Takes a text and a colour, "bold" or "dim"; returns the text as a terminal shows it so."""

_STATE_COLOURS = {
    "accepted": "green",
    "paid": "green",
    "answered": "green",
    "rejected": "red",
    "denied": "red",
    "requested": "yellow",
}


def state_colour(state: str) -> str:
    """The colour of a claim's state: green is good, red is bad, yellow waits for the practice, blue is any other."""
    return _STATE_COLOURS.get(state, "blue")


def plain(text: str, _colour: str) -> str:
    """The text without colour: a `Paint` for what is no terminal."""
    return text
