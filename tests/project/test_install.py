"""What is built is the same each time, holds all that runs, and is known by its parts."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from folders import REPO


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel; building fails where two builds differ."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([REPO / ".ci" / "build", folder], check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of a fresh environment that has the wheel, and nothing else of this checkout. Its
    dependencies are those that the tests run with."""
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    (wheel,) = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, wheel], check=True)
    found = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    Path(found.stdout.strip(), "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def run(command: Path, *arguments: str, folder: Path) -> str:
    done = subprocess.run(
        [command, *arguments], cwd=folder, env={"PATH": ""}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_has_every_file_that_is_read_at_run_time(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = {
        str(path.relative_to(REPO))
        for path in (REPO / "edi").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert package <= names
    assert {f"edi/schemas/{path.name}" for path in (REPO / "schemas").iterdir()} <= names
    assert not [name for name in names if not name.startswith(("edi/", "edi_dental-"))]


def test_the_sdist_has_what_the_wheel_is_built_of_and_the_tests(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "SECURITY.md", "tests/conftest.py"} <= names
    assert {f"schemas/{path.name}" for path in (REPO / "schemas").iterdir()} <= names


def test_the_command_works_where_only_the_wheel_is(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import edi; print(edi.__file__)", folder=tmp_path)
    assert Path(where).is_relative_to(installed.parent)
    edi = installed / "edi"
    assert run(edi, "--version", folder=tmp_path).startswith("edi, version ")
    schema = (REPO / "schemas" / "visit.schema.json").read_text()
    assert run(edi, "schema", "visit", folder=tmp_path) == schema
    run(edi, "convert", str(REPO / "examples" / "visits"), "-o", "out", folder=tmp_path)
    (claims,) = tmp_path.glob("out/*.837")
    assert run(edi, "validate", str(claims), folder=tmp_path)
    run(edi, "inspect", str(claims), "--html", "page.html", folder=tmp_path)


def test_the_tests_of_the_readme_are_those_that_ci_runs() -> None:
    assert "python -m pip install '.[test]' && pytest" in (REPO / ".ci" / "run").read_text().splitlines()


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, REPO / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package(name: str, *licenses: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": "1", "licenses": list(licenses)}


@pytest.mark.parametrize(
    ("component", "good"),
    [
        (package("a", {"license": {"id": "MIT"}}), True),
        (package("a", {"expression": "MPL-2.0 AND (Apache-2.0 OR GPL-3.0-only)"}), True),
        (package("a", {"expression": "(MIT AND GPL-3.0-only) OR BSD-3-Clause"}), True),
        (package("a", {"license": {"name": "License :: OSI Approved :: BSD License"}}), True),
        (package("psycopg", {"license": {"id": "LGPL-3.0-only"}}), True),
        (package("a", {"license": {"id": "LGPL-3.0-only"}}), False),
        (package("a", {"license": {"id": "MIT"}}, {"license": {"id": "GPL-3.0-only"}}), False),
        (package("a", {"expression": "MIT AND (Apache-2.0 AND GPL-3.0-only)"}), False),
        (package("a", {"expression": "MIT WITH something"}), False),
        (package("a"), False),
    ],
)
def test_a_license_that_is_not_on_the_list_is_refused(component: dict[str, Any], good: bool) -> None:
    assert bool([*script("licenses").refused({"components": [component]})]) is not good


VULNERABLE = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
SOUND = {"name": "b", "version": "1", "vulns": []}
UNKNOWN = {"name": "c", "skip_reason": "Dependency not found: https://registry.example/c"}


@pytest.mark.parametrize(
    ("told", "last", "fails"),
    [
        ([SOUND], "audit: 1 packages looked up, 0 vulnerabilities", False),
        (
            [SOUND, UNKNOWN],
            "audit: 1 packages looked up, 1 not in the advisory database, 0 vulnerabilities",
            False,
        ),
        ([SOUND, VULNERABLE], "audit: 2 packages looked up, 1 vulnerabilities", True),
        ([UNKNOWN], "audit: SKIPPED, the advisory database is out of reach; nothing is proved", False),
        (None, "audit: SKIPPED, the advisory database is out of reach; nothing is proved", False),
    ],
)
def test_an_audit_says_what_it_could_look_up(
    told: list[dict[str, Any]] | None, last: str, fails: bool
) -> None:
    lines, found = script("audit").report(json.dumps({"dependencies": told}) if told else "")
    assert (lines[-1], found) == (last, fails)
    assert "https" not in "".join(lines)
    assert not fails or lines[0] == "a 1: PYSEC-1, fixed in 2"
