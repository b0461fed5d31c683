"""Text that is safe to show on a screen."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with every character that would move the cursor or change the terminal replaced, one for one."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else "·" for char in text)


def printable_lines(text: str) -> str:
    """The text as `printable` makes it, with its line breaks."""
    return text if text.isprintable() else "\n".join(map(printable, text.split("\n")))
