"""The options that name payers' overlays, for the commands that judge an X12 file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edi.cli.param_types import FILE
from edi.settings import FILE_NAME, load_settings

if TYPE_CHECKING:
    from edi.guide.overlay_rules import OverlayRules

_OPTIONS = (
    click.option(
        "--config",
        type=FILE,
        metavar="FILE",
        help=f"Settings that give payers and receivers an overlay; {FILE_NAME} of this folder when not given.",
    ),
    click.option(
        "--overlay",
        "overlays",
        multiple=True,
        type=FILE,
        metavar="FILE",
        help="A payer's overlay (TOML) to judge every claim by; may be given several times.",
    ),
)


def overlay_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `config` and `overlays`, which `read_overlays` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_overlays(config: Path | None, overlays: tuple[Path, ...]) -> OverlayRules | None:
    """What payers ask beyond the guide; None when no overlay is named."""
    settings = load_settings(config, Path.cwd())
    if not overlays and not settings.overlays and not any(each.overlay for each in settings.receivers):
        return None
    from edi.guide.overlay import load_overlays

    return load_overlays(settings, overlays)
