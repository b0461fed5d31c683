"""`edi payers`: the list, one payer, the template."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from edi.cli.main import cli
from edi.rules.profile_reader import shipped_names

MINE = 'title = "Mine"\n[renewals]\nvalue = 6\nsource = "Manual, page 3"\ndate = "2026-01"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(MINE)
    return tmp_path


def edi(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ("payers", *arguments))


def settings(folder: Path) -> None:
    (folder / "edi.toml").write_text('[payers.CX1]\nprofile = "mine.toml"\n[payers.CX2]\nprofile = "geha"\n')


def test_the_list_names_every_profile_and_its_payers(folder: Path) -> None:
    assert all(f"\n{name} " in "\n" + edi().stdout for name in shipped_names())
    settings(folder)
    output = edi().stdout
    assert "GEHA Connection Dental Federal (payer CX2)" in output
    assert "Mine (payer CX1)" in output


def test_json_lists_whole_profiles(folder: Path) -> None:
    settings(folder)
    listed = {each["name"]: each for each in json.loads(edi("--format", "json").stdout)}
    assert set(listed) == {*shipped_names(), "mine.toml"}
    assert listed["mine.toml"]["payers"] == ["CX1"]
    own = [each for each in listed["mine.toml"]["entries"] if each["own"]]
    assert own == [
        {
            "key": "renewals",
            "means": "how many D3352 a course may have",
            "value": 6,
            "source": {"text": "Manual, page 3", "date": "2026-01"},
            "own": True,
        }
    ]


@pytest.mark.parametrize("name", ["CX1", "mine.toml"])
def test_one_is_explained_by_payer_or_file(folder: Path, name: str) -> None:
    settings(folder)
    output = edi(name).stdout
    assert "Payer: CX1" in output
    assert "renewals = 6  (how many D3352 a course may have)" in output
    assert "Manual, page 3. 2026-01." in output
    assert "interval_days = 28" in output
    assert json.loads(edi(name, "--format", "json").stdout)["title"] == "Mine"


def test_what_cannot_be_used_is_a_sentence_and_exit_2(folder: Path) -> None:
    assert "Did you mean geha?" in edi("gehaa").stderr
    assert edi("gehaa").exit_code == 2
    (folder / "mine.toml").write_text(MINE.replace("source", "sauce"))
    settings(folder)
    result = edi()
    assert result.exit_code == 2
    assert "payers.CX1.profile: profile mine.toml: renewals.sauce is not an entry" in result.stderr


def test_the_template_is_a_profile(folder: Path) -> None:
    (folder / "new.toml").write_text(edi("--template").stdout)
    assert "My payer" in edi("new.toml").stdout
