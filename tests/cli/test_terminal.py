"""What a person sees and stops: messages, progress, signals."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from folders import REPO

from edi.cli.main import cli
from edi.sample import visits

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")

EDI = [sys.executable, "-m", "edi"]
EVIL = "\x1b]0;OWNED\x07\x9b2J\r\u202e"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]")
CLAIM = REPO / "tests" / "data" / "golden" / "secondary.837"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def many(path: str, count: int = 1500) -> None:
    Path(path).write_text("".join(json.dumps(record) + "\n" for record, _ in visits(count, 1)))


@pytest.fixture
def evil() -> None:
    """Visits and X12 files with escapes in their names, keys and values."""
    Path("in").mkdir()
    Path("x12").mkdir()
    record = next(visits(1, 1))[0]
    Path(f"in/a{EVIL}.json").write_text(json.dumps(record | {f"x{EVIL}": 1}))
    Path(f"in/b{EVIL}.json").write_text(json.dumps(record | {"visitId": f"V{EVIL}"}))
    Path(f"in/c{EVIL}.csv").write_text(f"visitId,foo{EVIL}\n1,2\n")
    Path(f"in/d{EVIL}.xml").write_text("<visits><a/></visits>")
    Path(f"x12/a{EVIL}.837").write_bytes(CLAIM.read_bytes().replace(b"CLM*", b"CLM*\x1b]0;X\x07", 1))
    Path(f"x12/b{EVIL}.837").write_text("ISA*cut")


@pytest.mark.usefixtures("evil")
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "in"),
        ("check", "--max-findings", "1", "in"),
        ("convert", "in", "-o", "out"),
        ("narrative", "in"),
        ("episode", "in"),
        *[("validate", "--format", form, "x12") for form in ("text", "json", "github", "junit", "sarif")],
        *[
            (command, f"x12/{name}{EVIL}.837")
            for name in "ab"
            for command in ("inspect", "ack", "check", "validate")
        ],
        *[
            (command, EVIL)
            for command in ("check", "validate", "inspect", "ack", "explain", "guide", "payers", "schema")
        ],
        ("status", EVIL),
        (EVIL,),
        (f"--{EVIL}",),
        ("convert", "in", f"--{EVIL}"),
        ("check", "in", "--as-of", EVIL),
        ("check", "in", "--config", EVIL),
    ],
    ids=lambda arguments: " ".join(arguments).replace(EVIL, "evil"),
)
def test_escapes_in_names_and_values_are_not_obeyed(arguments: Sequence[str]) -> None:
    done = subprocess.run([*EDI, *arguments], capture_output=True, check=False)
    for printed in (done.stdout, done.stderr):
        assert not OBEYED.search(printed.decode())
    if "junit" in arguments:
        ElementTree.fromstring(done.stdout)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_cleans_up_and_names_itself(number: signal.Signals) -> None:
    many("v.ndjson")
    process = subprocess.Popen(
        [*EDI, "convert", "v.ndjson", "-o", "out"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    while not list(Path().glob("out/.edi-*")):
        time.sleep(0.02)
    time.sleep(0.5)
    os.killpg(process.pid, number)  # as a terminal does: the workers get it too
    said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 128 + number
    assert said.splitlines()[-1] == f"edi: stopped by {number.name}."
    assert "Traceback" not in said
    assert list(Path("out").iterdir()) == []


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    """nohup edi convert goes on when the terminal is closed."""
    many("v.ndjson", 20)
    code = (
        "import os, runpy, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
        "from edi.cli import convert as module; run = module.run_convert;"
        "module.run_convert = lambda *given: (os.kill(os.getpid(), signal.SIGHUP), run(*given))[1];"
        "sys.argv = ['edi', 'convert', 'v.ndjson', '-o', 'out']; runpy.run_module('edi', run_name='__main__')"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "v.ndjson"), 0),
        (("check", "none.ndjson"), 2),
        (("check", "--none"), 2),
        (("convert", "v.ndjson", "-o", "out"), 0),
        (("validate", "none.837"), 2),
    ],
)
def test_a_full_standard_error_changes_no_exit_code(arguments: Sequence[str], code: int) -> None:
    many("v.ndjson", 5)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*EDI, *arguments], stdout=subprocess.DEVNULL, stderr=full, check=False)
    assert done.returncode == code


def test_progress_ends_its_line_before_anything_else_is_printed() -> None:
    many("v.ndjson", 3000)
    Path("edi.toml").write_text("")
    hurried = (
        "import runpy, sys; from edi.cli import terminal; terminal._PATIENCE = 0;"
        "sys.argv = ['edi', *sys.argv[1:]]; runpy.run_module('edi', run_name='__main__')"
    )
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", hurried, "convert", "v.ndjson", "none.ndjson", "-o", "out"],
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    printed = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            printed += os.read(ours, 1 << 16)
        except OSError:  # the terminal is closed: the process has ended
            break
    os.close(ours)
    assert process.wait() == 2
    text = printed.decode().replace("\r\n", "\n")
    assert re.search(r"3,000 visits judged\r\x1b\[Kout/", text)
    assert not re.search(r"visits (read|judged)(?!\r\x1b\[K)", text)


def test_a_caller_of_the_group_keeps_its_handlers() -> None:
    before = signal.getsignal(signal.SIGTERM)
    CliRunner().invoke(cli, ["--version"])
    assert signal.getsignal(signal.SIGTERM) is before
