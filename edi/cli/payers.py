"""`edi payers`: what each payer asks for, with the source of each entry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edi.cli.param_types import config_option
from edi.settings import Settings, load_settings

if TYPE_CHECKING:
    from edi.rules import Profile


@click.command()
@click.argument("name", metavar="[PROFILE|PAYER]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How to print.",
)
@click.option("--template", is_flag=True, help="Print a commented profile for a payer of your own.")
@config_option
def payers(name: str | None, form: str, template: bool, config: Path | None) -> None:
    """List the payer profiles, or explain one.

    PROFILE is a shipped profile's name or a TOML file, PAYER a payer id of edi.toml.
    """
    if template:
        from edi.rules.profile_text import template as text

        click.echo(text(), nl=False)
        return
    settings = load_settings(config, Path.cwd())
    if name is None:
        _list(settings, form)
        return
    profile, ids = _named(name, settings)
    if form == "json":
        click.echo(json.dumps(as_json(profile, ids), indent=2, ensure_ascii=False))
    else:
        click.echo(_text(profile, ids))


def _list(settings: Settings, form: str) -> None:
    from edi.rules.profile_reader import payer_profiles, shipped_names, shipped_profile

    used = payer_profiles(settings)
    profiles = [shipped_profile(name) for name in shipped_names()]
    profiles += {each.name: each for each in used.values() if each.name not in shipped_names()}.values()
    rows = [(each, [payer for payer, own in used.items() if own.name == each.name]) for each in profiles]
    if form == "json":
        click.echo(json.dumps([as_json(each, ids) for each, ids in rows], indent=2, ensure_ascii=False))
        return
    width = max(len(each.name) for each in profiles)
    for each, ids in rows:
        of = f" (payer {', '.join(ids)})" if ids else ""
        click.echo(f"{each.name:<{width}}  {each.title}{of}")
    click.echo("\nMore of one: edi payers NAME. One of your own: edi payers --template")


def _named(name: str, settings: Settings) -> tuple[Profile, list[str]]:
    from edi.rules.profile_reader import load_profile, payer_profiles

    used = payer_profiles(settings)
    profile = used.get(name) or load_profile(name, Path.cwd())
    return profile, [payer for payer, own in used.items() if own.name == profile.name]


def as_json(profile: Profile, ids: list[str]) -> dict[str, Any]:
    """A profile as plain data; `payers` are the ids that edi.toml gives it."""
    from edi.rules.profile_text import entries_in_force

    return {
        "name": profile.name,
        "title": profile.title,
        "about": profile.about,
        "payers": ids,
        "entries": [
            {
                "key": each.key,
                "means": each.means,
                "value": each.value,
                "source": {"text": each.source.text, "date": each.source.date},
                "own": each.own,
            }
            for each in entries_in_force(profile)
        ],
    }


def _text(profile: Profile, ids: list[str]) -> str:
    from edi.rules.profile_text import entries_in_force

    lines = [f"{profile.name}  {profile.title}"]
    if profile.about:
        lines.append(click.wrap_text(profile.about, 96))
    if ids:
        lines.append(f"Payer: {', '.join(ids)}")
    entries = entries_in_force(profile)
    for own, heading in ((True, "What this payer asks"), (False, "As for everyone")):
        chosen = [each for each in entries if each.own is own]
        if chosen:
            lines.append(f"\n{heading}")
        for each in chosen:
            lines.append(f"  {each.key} = {_shown(each.value)}  ({each.means})")
            said = f"{each.source.text}. {each.source.date}."
            lines.append(click.wrap_text(said, 96, initial_indent="      ", subsequent_indent="      "))
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
