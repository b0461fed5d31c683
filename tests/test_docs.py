"""The pages are true: their examples run, their links lead somewhere, and every command is told."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from edi.cli.main import cli

REPO = Path(__file__).parents[1]
PAGES = [
    path
    for path in [*REPO.glob("*.md"), *(REPO / "docs").glob("*.md"), *(REPO / "examples").glob("*.md")]
    if path.name != "CHANGELOG.md"
]


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
        assert f"`edi {command}" in text, command


def test_settings_shown_are_settings() -> None:
    from edi.settings import load_settings

    (block,) = re.findall(r"```toml\n(.*?)```", (REPO / "README.md").read_text(), re.DOTALL)
    Path("edi.toml").write_text(block)
    assert load_settings(None, Path.cwd()).receivers[0].payers == {"CX014", "CX021"}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_two_commands_stand_at_the_top() -> None:
    first, second = re.findall(r"```sh\n(.*?)\n(.*?)\n```", (REPO / "README.md").read_text(), re.DOTALL)[0]
    assert first == "python -m pip install . && edi convert examples/visits -o out/"
    assert second == "python -m pip install '.[test]' && pytest"
