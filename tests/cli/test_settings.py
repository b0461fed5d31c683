"""edi.toml: good ones are read, bad ones are refused with the key and the cure."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from edi.cli.main import cli
from edi.errors import SettingsError
from edi.settings import DEFAULTS, Documents, Envelope, default_oid_root, load_settings
from edi.settings.sections import KEYS, settings_of

GOOD = """
[submitter]
id = "SUB01"
name = "Billing Service"
contact = { name = "Desk", phone = "6145550100" }
[receivers.main]
id = "CH01"
name = "Clearinghouse"
usage = "P"
payers = ["P1", "P2"]
[receivers.rest]
id = "CH02"
[payers.P1]
profile = "default"
"""


def write(folder: Path, text: str) -> Path:
    (folder / "edi.toml").write_text(text)
    return folder / "edi.toml"


def test_routes(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    settings = load_settings(None, tmp_path)
    assert settings.submitter.phone == "6145550100"
    routed = {payer: settings.receiver_of(payer) for payer in ("P1", "P9")}
    assert [receiver and (receiver.key, receiver.usage) for receiver in routed.values()] == [
        ("main", "P"),
        ("rest", "T"),
    ]


def test_a_receiver_says_how_it_is_addressed(tmp_path: Path) -> None:
    keys = 'submitter = "ACC-7"\nenvelope = { senderQualifier = "30", sender = "123456789", groupReceiver = "CH-D" }'
    write(tmp_path, GOOD.replace('id = "CH02"', f'id = "CH02"\n{keys}'))
    settings = load_settings(None, tmp_path)
    main, rest = settings.receivers
    assert (settings.submitter_to(main).id, settings.submitter_to(rest).id) == ("SUB01", "ACC-7")
    assert main.envelope == Envelope()
    assert rest.envelope == Envelope("30", "123456789", group_receiver="CH-D")


def test_without_a_file_test_mode_holds(tmp_path: Path) -> None:
    settings = load_settings(None, tmp_path)
    assert settings is DEFAULTS
    assert {receiver.usage for receiver in settings.receivers} == {"T"}


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("[receivers.main]", "[reciever.main]", "reciever is not a setting. Did you mean receivers"),
        ('usage = "P"', 'usage = "X"', "usage must be"),
        ('id = "SUB01"', "", "submitter.id must be text"),
        ('id = "SUB01"', 'id = "SUBMITTER-TOO-LONG"', "2 to 15"),
        ('id = "SUB01"', 'id = "A*B"', "a character that X12 does not allow"),
        ('payers = ["P1", "P2"]', "payers = [1]", "list of payer ids"),
        ('payers = ["P1", "P2"]', "", "sent to both main and rest"),
        (', phone = "6145550100"', "", "needs a phone"),
        ('profile = "default"', "profile = 1", "payers.P1.profile must be the name of a profile"),
        (
            'profile = "default"',
            'profil = "default"',
            "payers.P1.profil is not a setting. Did you mean profile",
        ),
        ("[receivers.rest]", '[receivers.rest]\nqualifier = "99"', "qualifier must be one of"),
        (
            "[receivers.rest]",
            "[receivers.rest]\nenvelope.senderQualifier = 30",
            "receivers.rest.envelope.senderQualifier must be one of",
        ),
        ("[receivers.rest]", '[receivers.rest]\nenvelope.sender = "A:B"', "envelope.sender holds"),
        ("[receivers.rest]", '[receivers.rest]\nenvelope.isa06 = "AB"', "envelope.isa06 is not a setting"),
        ("[receivers.rest]", '[receivers.rest]\nenvelope = "AB"', "envelope must be a table"),
        (
            "[receivers.rest]",
            '[receivers.rest]\nsubmitter = "A"',
            "receivers.rest.submitter must be text of 2",
        ),
        ("[receivers.rest]", '[receivers."../x"]', "becomes part of file names"),
        ("[submitter]", "submitter", "is not TOML"),
        ("[submitter]", "deep = " + "[" * 5000, "nests deeper"),
        ("[payers.P1]", '[documents]\noidRoot = "9.1"\n[payers.P1]', "oidRoot must be an OID"),
        ("[payers.P1]", "[documents]\noidRoot = 1.2\n[payers.P1]", "oidRoot must be an OID"),
        ("[payers.P1]", '[documents]\noidRoot = "1.02"\n[payers.P1]', "oidRoot must be an OID"),
        ("[payers.P1]", '[documents]\noidroot = "1.2"\n[payers.P1]', "Did you mean oidRoot"),
        ("[payers.P1]", "[documents]\nsigningKey = 1\n[payers.P1]", "must be the name of a PEM file"),
        ("[payers.P1]", '[documents]\nsigningKey = "a"\n[payers.P1]', "are set together"),
        ("[payers.P1]", '[ledger]\nurl = "mysql://x"\n[payers.P1]', "ledger.url must be"),
        ("[payers.P1]", "[ledger]\nurl = 5\n[payers.P1]", "ledger.url must be text"),
        ("[payers.P1]", "[ledger]\n[payers.P1]", "ledger.url must be"),
        (
            "[payers.P1]",
            '[ledger]\nurl = "postgresql://u@h/d"\npassword_env = "A"\npassword_file = "b"\n[payers.P1]',
            "keep one",
        ),
    ],
)
def test_refused(tmp_path: Path, wrong: str, right: str, message: str) -> None:
    assert wrong in GOOD
    path = write(tmp_path, GOOD.replace(wrong, right, 1))
    with pytest.raises(SettingsError, match=r"edi\.toml") as refused:
        load_settings(path, tmp_path)
    assert message in str(refused.value)


LONG = "k" * 5000
WRONG_KINDS = {
    "huge number": f"deep = {'9' * 5000}",
    "no number": "[receivers.main]\nid = nan",
    "endless number": "[submitter]\nid = inf",
    "date": "[receivers]\nmain = 2026-11-02",
    "no date": "[receivers]\nmain = 2026-13-02",
    "list": "receivers = [[[[]]]]",
    "list of tables": '[[receivers]]\nid = "AB"',
    "deep tables": "[" + ".".join("a" * 3000) + "]",
    "deep lists": "a = " + "[" * 3000 + "]" * 3000,
    "long key": f"{LONG} = 1",
    "key with an escape": '"\\u001b[31m" = 1',
    "receiver with an escape": '[receivers."\\u001b[31m"]\nid = "AB"',
    "long receiver": f'[receivers.{LONG}]\nid = "AB"',
    "receiver of no name": '[receivers.""]\nid = "AB"',
    "payer with an escape": '[payers."\\u001b[31m"]\nprofil = "x"',
    "profile with a zero": '[payers.P1]\nprofile = "a\\u0000.toml"',
    "overlay with a zero": '[payers.P1]\noverlay = "a\\u0000.toml"',
    "key with a zero": '[documents]\nsigningKey = "\\u0000"\nsigningCertificate = "a"',
    "address with a zero": '[ledger]\nurl = "sqlite:///\\u0000"',
    "two at once": "[ledger]\n[ledger]",
    "half a text": 'a = "',
}


@pytest.mark.parametrize("text", WRONG_KINDS.values(), ids=WRONG_KINDS.keys())
def test_a_wrong_file_is_told_in_one_short_line(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SettingsError) as refused:
        load_settings(path, tmp_path)
    message = str(refused.value)
    assert message.startswith(str(path))
    assert message.isprintable()
    assert len(message) < len(str(path)) + 300


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.dates()
_NAMES = st.sampled_from(sorted({key for keys in KEYS.values() for key in keys})) | st.text(max_size=9)


@given(
    st.dictionaries(
        _NAMES,
        st.recursive(
            _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4)
        ),
        max_size=4,
    )
)
def test_whatever_the_tables_hold_they_are_settings_or_refused(data: dict[str, Any]) -> None:
    with suppress(SettingsError):
        settings_of(data, Path("edi.toml"))


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _large(path: Path) -> None:
    path.write_bytes(b"#" * (1 << 20) + b"#")


NO_FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "folder": (Path.mkdir, "it is a folder"),
    "pipe": (os.mkfifo, "it is no regular file"),
    "device": (_device, "it is no regular file"),
    "link to nothing": (lambda path: path.symlink_to("nowhere"), "No such file"),
    "link to itself": (lambda path: path.symlink_to(path.name), "symbolic links"),
    "too large": (_large, "larger than 1 MiB"),
}


@pytest.mark.parametrize(("make", "why"), NO_FILES.values(), ids=NO_FILES.keys())
@pytest.mark.parametrize("name", ["edi.toml", "other.toml", "profile.toml", "asks.toml", "columns.toml"])
def test_only_a_regular_file_of_bounded_size_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, make: Callable[[Path], None], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if name not in ("edi.toml", "other.toml"):
        payer = {"profile.toml": 'profile = "profile.toml"', "asks.toml": 'overlay = "asks.toml"'}.get(
            name, ""
        )
        write(tmp_path, f"[payers.P1]\n{payer}\n")
    make(tmp_path / name)
    more = {"other.toml": ("--config", name), "columns.toml": ("--columns", name)}.get(name, ())
    Path("visits.ndjson").write_text("")
    done = CliRunner().invoke(cli, ["check", "visits.ndjson", *more])
    assert done.exit_code == 2
    assert name in done.stderr
    assert "defect" not in done.stderr
    assert why in done.stderr or done.stderr.startswith("Usage")  # the option itself asks for a file


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path / "other.toml", tmp_path)


def test_documents_have_a_root_of_their_own_unless_one_is_registered(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    documents = load_settings(path, tmp_path).documents
    assert documents == Documents(default_oid_root("SUB01"))
    assert documents.oid_root.startswith("2.25.")
    assert documents.oid_root != DEFAULTS.documents.oid_root
    own = '[documents]\noidRoot = "2.16.840.1.113883.3.9999"\nsigningKey = "a.key"\nsigningCertificate = "a.crt"\n'
    path = write(tmp_path, GOOD + own)
    assert load_settings(path, tmp_path).documents == Documents(
        "2.16.840.1.113883.3.9999", tmp_path / "a.key", tmp_path / "a.crt"
    )


def test_every_setting_is_in_the_docs(repo: Path) -> None:
    page = (repo / "docs" / "settings.md").read_text()
    keys = {key for table, keys in KEYS.items() if table not in ("contact", "file") for key in keys}
    assert {key for key in keys if f"`{key}`" not in page and f"{key}]`" not in page} == set()
