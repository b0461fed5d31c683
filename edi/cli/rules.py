"""`edi rules` and `edi explain`: what is checked, why, what to do, and the source."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import click

from edi.finding import Category, Severity

if TYPE_CHECKING:
    from edi.rules import Rule


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How to print.",
)
@click.option("--category", type=click.Choice(get_args(Category)), help="Only rules of this category.")
@click.option(
    "--severity", type=click.Choice(get_args(Severity)), help="Only rules of this default severity."
)
def rules(form: str, category: Category | None, severity: Severity | None) -> None:
    """List the dental rules that a visit is checked against."""
    from edi.rules import RULES

    chosen = [
        rule
        for rule in RULES.values()
        if category in (None, rule.category) and severity in (None, rule.severity)
    ]
    if form == "json":
        click.echo(json.dumps([as_json(rule) for rule in chosen], indent=2, ensure_ascii=False))
        return
    width = max((len(rule.id) for rule in chosen), default=0)
    last = None
    for rule in chosen:
        if rule.category != last:
            click.echo(("" if last is None else "\n") + rule.category)
            last = rule.category
        click.echo(f"  {rule.id:<{width}}  {rule.severity:<7}  {rule.title}")
    many = "" if len(chosen) == 1 else "s"
    click.echo(
        f"\n{len(chosen)} rule{many}. More of one: edi explain ID" if chosen else "No rule is like that."
    )


@click.command()
@click.argument("name", metavar="RULE")
def explain(name: str) -> None:
    """Explain one rule: what it checks, why, how to fix it, and the source."""
    from edi.rules import RULES

    rule = RULES.get(name.strip().upper())
    if rule is None:
        from edi.visit.suggestion import nearest_name, printable

        near = nearest_name(name, RULES)
        hint = f" Did you mean {near}?" if near else " `edi rules` lists them."
        raise click.UsageError(f"There is no rule {printable(name)}.{hint}")
    click.echo(_text(rule))


def as_json(rule: Rule) -> dict[str, Any]:
    """A rule as plain data: every text of it, without the function."""
    loop, element = rule.element or (None, None)
    return {
        "id": rule.id,
        "category": rule.category,
        "severity": rule.severity,
        "title": rule.title,
        "checks": rule.checks,
        "appliesTo": str(rule.scope),
        "why": rule.why,
        "fix": rule.fix,
        "denials": {"carc": list(rule.denials), "rarc": list(rule.remarks)},
        "x12": {"loop": loop, "element": element} if rule.element else None,
        "source": {"text": rule.source.text, "date": rule.source.date},
    }


def _text(rule: Rule) -> str:
    codes = [f"CARC {', '.join(rule.denials)}"] if rule.denials else []
    codes += [f"RARC {', '.join(rule.remarks)}"] if rule.remarks else []
    rows = [
        ("Checks", rule.checks),
        ("Applies to", f"{rule.scope}."),
        ("Why", rule.why),
        ("Denial", "; ".join(codes)),
        ("Fix", rule.fix),
        ("In the claim", f"loop {rule.element[0]}, {rule.element[1]}" if rule.element else ""),
        ("Source", f"{rule.source.text} ({rule.source.date})"),
    ]
    lines = [f"{rule.id}  {rule.title}", f"{rule.category}, {rule.severity}", ""]
    for label, text in rows:
        if text:
            lines.append(
                click.wrap_text(text, 96, initial_indent=f"{label + ':':<14}", subsequent_indent=" " * 14)
            )
    return "\n".join(lines)
