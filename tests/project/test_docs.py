"""The pages are true: their examples run, their links lead somewhere, and every command is told."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from folders import REPO

from edi.cli import command_docs as commands
from edi.cli.main import cli

CONTRIBUTING = (REPO / "CONTRIBUTING.md").read_text()
PAGES = [
    path
    for path in [*REPO.glob("*.md"), *(REPO / "docs").rglob("*.md"), *(REPO / "examples").rglob("*.md")]
    if path.name != "CHANGELOG.md"
]


def links(page: Path) -> set[tuple[Path, str]]:
    """The files of the project that a page links to, each with the heading meant or ""."""
    plain = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    found = re.findall(r"\]\(([^)#:\s]*)(?:#([^)\s]*))?\)", plain)
    return {((page.parent / to).resolve() if to else page, heading) for to, heading in found if to or heading}


def headings(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    lines = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, with the examples in it."""
    shutil.copytree(REPO / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_examples_in_python_run() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (REPO / "docs" / "python.md").read_text(), re.DOTALL)
    assert len(blocks) >= 5
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), names)


def test_console_examples_print_what_they_show() -> None:
    sessions = re.findall(r"```console\n\$ edi (.*?)\n(.*?)```", (REPO / "README.md").read_text(), re.DOTALL)
    assert sessions
    for arguments, shown in sessions:
        result = CliRunner().invoke(cli, arguments.split())
        assert result.stdout == shown


def test_readme_tells_every_command() -> None:
    text = (REPO / "README.md").read_text()
    for command in cli.list_commands(None):  # type: ignore[arg-type]
        assert re.search(f"`edi {command}\\b", text), command


def test_the_rooms_told_are_the_rooms_checked(repo: Path) -> None:
    (told,) = re.findall(r"^`cli` > .*?`errors`", CONTRIBUTING, re.DOTALL | re.MULTILINE)
    contract = tomllib.loads((repo / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    layers = [re.findall(r"edi\.(\w+)", layer) for layer in contract["layers"]]
    assert [re.findall(r"`(\w+)`", layer) for layer in told.split(">")] == layers
    there = {path.stem for path in (repo / "edi").iterdir() if not path.name.startswith(("_", "py."))}
    assert {room for layer in layers for room in layer} == there


@pytest.mark.parametrize(
    "path", re.findall(r"`((?:edi|tests|schemas|examples|docs)/[^`<*]+?)`", CONTRIBUTING)
)
def test_places_named_are_there(repo: Path, path: str) -> None:
    assert (repo / path).exists()


def test_the_page_of_commands_is_current() -> None:
    committed = (REPO / "docs" / "commands.md").read_text(encoding="utf-8")
    assert committed == commands.page(), "run: python -m edi.cli.command_docs > docs/commands.md"


def test_the_page_of_commands_tells_every_option() -> None:
    text = commands.page()
    told = dict(re.findall(r"^## (edi .*?)\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE))
    for name, command in commands.walk():
        result = CliRunner().invoke(cli, [*name.split()[1:], "--help"])
        assert result.exit_code == 0, name
        shown = set(re.findall(r"^  +(?:-\w, )?(--[\w-]+)", result.stdout, re.MULTILINE)) - {"--help"}
        assert shown == set(re.findall(r"^\| .*?`(--[\w-]+)`.*? \| .", told.pop(name), re.MULTILINE)), name
        assert all(each.help for each in command.params if isinstance(each, click.Option)), name
    assert not told


def test_settings_shown_are_settings() -> None:
    from edi.settings import load_settings

    (block,) = re.findall(r"```toml\n(.*?)```", (REPO / "README.md").read_text(), re.DOTALL)
    Path("edi.toml").write_text(block)
    assert load_settings(None, Path.cwd()).receivers[0].payers == {"CX014", "CX021"}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target, heading in links(page):
        assert target.exists(), target
        assert not heading or heading in headings(target), (target, heading)


def test_every_page_can_be_reached() -> None:
    reached = {REPO / "README.md"}
    waiting = [*reached]
    while waiting:
        for target in {target for target, _ in links(waiting.pop())} & set(PAGES) - reached:
            reached.add(target)
            waiting.append(target)
    assert reached == set(PAGES)


def test_the_two_commands_stand_at_the_top() -> None:
    first, second = re.findall(r"```sh\n(.*?)\n(.*?)\n```", (REPO / "README.md").read_text(), re.DOTALL)[0]
    assert first == "python -m pip install . && edi convert examples/visits -o out/"
    assert second == "python -m pip install '.[test]' && pytest"
