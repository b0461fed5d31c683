"""Colours on a terminal."""

from __future__ import annotations

import click


def colored(text: str, colour: str) -> str:
    """The text in a colour, bold or dim. `click.echo` removes colours where stdout is no terminal."""
    if colour == "bold":
        return click.style(text, bold=True)
    return click.style(text, dim=True) if colour == "dim" else click.style(text, fg=colour)
