"""Payer profiles: shipped ones load, a user's own is refused without source and date, and the run uses them."""

from __future__ import annotations

import datetime
import json
import pickle
import re
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from rule_cases import TODAY, base

from edi.errors import SettingsError
from edi.flows import convert
from edi.flows.job import Job
from edi.rules import DEFAULT, PROFILE_SOURCES, RULES, apply_rules
from edi.rules.payers_page import page
from edi.rules.profile_entries import ATTACHMENT_TYPES, CHART_FIELDS, ENTRIES
from edi.rules.profile_reader import parse_profile, payer_profiles, shipped_names, shipped_profile
from edi.rules.profile_text import entries_in_force, template
from edi.sample import visits
from edi.settings import load_settings
from edi.visit.facts import Facts
from edi.visit.schema import schema_text

_WHO = 'source = "Manual, page 3"\ndate = "2026-01"\n'
SHIPPED = [name for name in shipped_names() if name != "default"]


def entry(key: str, value: str) -> str:
    return f'title = "P"\n[{key}]\nvalue = {value}\n{_WHO}'


def found(name: str, record: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (each.rule, each.severity) for each in apply_rules(Facts(record, as_of=TODAY), shipped_profile(name))
    ]


def test_the_default_and_every_file_are_shipped(repo: Path) -> None:
    files = sorted(path.stem for path in (repo / "edi" / "rules" / "payers").iterdir())
    assert shipped_names() == ("default", *files)
    assert shipped_profile("default") is DEFAULT


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_profile_says_who_says_so(name: str) -> None:
    profile = shipped_profile(name)
    data = tomllib.loads((files("edi.rules") / "payers" / f"{name}.toml").read_text(encoding="utf-8"))
    assert profile.title == data["title"]
    assert profile.about
    assert profile.sources
    own = [each for each in entries_in_force(profile) if each.own]
    assert {each.key for each in own} == set(profile.sources)
    assert all(each.source.text and each.source.date for each in entries_in_force(profile))
    assert pickle.loads(pickle.dumps(profile)) == profile


def test_every_number_of_the_default_profile_has_a_source() -> None:
    numbers = {
        key for key in ENTRIES if type(getattr(DEFAULT, "severities" if key == "severity" else key)) is int
    }
    assert numbers == set(PROFILE_SOURCES)


def test_lists_agree_with_the_schema() -> None:
    properties = json.loads(schema_text("visit"))
    text = json.dumps(properties)
    kinds = re.search(r'"enum": (\["radiograph".*?\])', text)
    assert kinds
    assert tuple(json.loads(kinds[1])) == ATTACHMENT_TYPES
    assert set(CHART_FIELDS) == set(properties["properties"]["clinical"]["properties"])


def test_the_template_shows_every_entry_and_can_be_filled_in() -> None:
    assert parse_profile(template(), "t").sources == {}
    body = template().split('holds."')[1]
    filled = 'title = "All"\n' + re.sub(r"^# (?=\[\w|value|source|date)", "", body, flags=re.MULTILINE)
    profile = parse_profile(filled, "t")
    assert {key.split(".")[0] for key in profile.sources} == set(ENTRIES)
    assert profile.severities == {"APX-DOC-HISTORY": "error"}
    assert profile.required_attachments == {"D3351": ("radiograph", "photograph")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "title is missing"),
        ("title = 1", "title must be text"),
        ("title = ", "is not TOML"),
        ("title = " + "[" * 5000, "nests deeper"),
        (entry("renewal", "6"), "renewal is not an entry. Did you mean renewals?"),
        (entry("colour", "6"), "colour is not an entry. `edi payers --template` shows every entry."),
        (entry("renewals", '"6"'), "renewals.value must be 0 to 99"),
        (entry("renewals", "-1"), "renewals.value must be 0 to 99"),
        (entry("renewals", "true"), "renewals.value must be 0 to 99"),
        (entry("covered", '["D3350"]'), "covered.value must be a list of D3351, D3352, D3353"),
        (entry("covered", "[]"), "covered.value must be"),
        (entry("teeth_excluded", "[1]"), "teeth_excluded.value must be a list of tooth numbers"),
        (entry("attachments", "11"), "attachments.value must be 1 to 10"),
        (
            entry("required_documents.D3352", '["pulpTest"]'),
            "required_documents.D3352.value must be a list of",
        ),
        (entry("lifetime.D3310", "1"), "lifetime.D3310 is not an entry"),
        (entry("lifetime", "1"), "lifetime.value is not an entry"),
        (entry("severity.APX-DOC-FLIM", '"error"'), "Did you mean APX-DOC-FILM?"),
        (entry("severity.APX-DOC-FILM", '"fatal"'), "must be error, warning or info"),
        (entry("severity.APX-CHG-FORM", '"warning"'), "must stay error"),
        (entry("authorization_under_age", "19"), "no effect without prior_authorization"),
        ('title = "P"\nrenewals = 6', "renewals must be a table of value, source and date"),
        ('title = "P"\nlifetime = 6', "lifetime must be a table"),
        ('title = "P"\n[renewals]\nvalue = 6\ndate = "2026"', "renewals.source is missing"),
        ('title = "P"\n[renewals]\nvalue = 6\nsource = " "\ndate = "2026"', "renewals.source is missing"),
        ('title = "P"\n[renewals]\nvalue = 6\nsource = "x"', "renewals.date must be"),
        ('title = "P"\n[renewals]\nvalue = 6\nsource = "x"\ndate = "last year"', "renewals.date must be"),
        ('title = "P"\n[renewals]\nvalue = 6\nsource = "x"\ndate = "2026-13"', "renewals.date must be"),
        (entry("renewals", "6") + 'sorce = "x"', "renewals.sorce is not an entry. Did you mean source?"),
        (entry("min_age", "20") + f"[max_age]\nvalue = 10\n{_WHO}", "min_age.value is above max_age.value"),
    ],
)
def test_refused_with_the_key_and_the_cure(text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=r"^profile my\.toml") as refused:
        parse_profile(text, "my.toml")
    assert message in str(refused.value)


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if rule.scope.codes))
def test_a_dental_rule_may_be_milder_and_the_claim_is_still_written(name: str) -> None:
    assert parse_profile(entry(f"severity.{name}", '"info"'), "t").severities == {name: "info"}


def test_a_finding_names_the_source_of_the_limit() -> None:
    profile = parse_profile(entry("renewals", "0"), "t")
    (finding,) = apply_rules(Facts(base("renewal"), as_of=TODAY), profile)
    assert finding.message == (
        "This is D3352 number 1 on tooth 9; the payer pays 0 (Manual, page 3, 2026-01)."
    )


def test_what_the_shipped_profiles_change() -> None:
    assert found("delta-dental-nj", base("renewal")) == [("APX-AUTH-PRIOR", "error")]
    assert found("delta-dental-nj", base("first")) == [("APX-AUTH-PRIOR", "warning")]
    grown = {"/patient/birthDate": "2005-05-30"}
    assert found("delta-dental-nj", base("renewal", grown)) == []
    assert found("delta-dental", base("renewal")) == [("APX-SEQ-COMPLETION", "info")]
    assert found("hawaii-dental-service", base("renewal", {"/attachments/0/type": "report"})) == [
        ("APX-ATT-NO-IMAGE", "error")
    ]
    before = [{"serviceDate": "2025-01-05", "code": "D3351"}, {"serviceDate": "2025-04-05", "code": "D3353"}]
    again = base("first", {"/episode": {"toothNumber": "9", "visits": before, "restartReason": "New fall"}})
    assert found("geha", again) == [("APX-FREQ-LIFETIME", "warning")]
    assert found("default", again) == [("APX-SEQ-FIRST-AGAIN", "info")]
    film = {"/procedures/1": {"code": "D0220", "fee": "30"}}
    assert found("washington-apple-health", base("renewal", film)) == [("APX-CODE-FILM", "warning")]
    assert found("louisiana-medicaid", base("renewal")) == []


def write(folder: Path, profile: str) -> Path:
    path = folder / "edi.toml"
    path.write_text(f'[payers.PAY1]\nprofile = "{profile}"\n')
    return path


def test_a_run_judges_each_payer_by_its_profile(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(entry("prior_authorization", "true"))
    settings = load_settings(write(tmp_path, "mine.toml"), tmp_path)
    source = tmp_path / "visits.ndjson"
    other = base("held") | {"visitId": "OTHER", "payer": {"payerId": "ELSE1", "name": "Else"}}
    source.write_text("".join(json.dumps(each) + "\n" for each in (base("held"), other)))
    job = Job(inputs=(str(source),), settings=settings, as_of=datetime.date(2026, 10, 15), jobs=1)
    report = convert(job, tmp_path / "out")
    assert (report.accepted, report.rejected) == (1, 1)
    (reject,) = [json.loads(line) for line in (tmp_path / "out" / "rejects.ndjson").read_text().splitlines()]
    assert [each["rule"] for each in reject["findings"]] == ["APX-AUTH-PRIOR"]
    assert "(Manual, page 3, 2026-01)" in reject["findings"][0]["message"]


def test_a_long_narrative_needs_room_among_the_payer_s_attachments(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(entry("attachments", "1"))
    settings = load_settings(write(tmp_path, "mine.toml"), tmp_path)
    source = tmp_path / "visits.ndjson"
    source.write_text(json.dumps(base("held")) + "\n")
    job = Job(inputs=(str(source),), settings=settings, as_of=datetime.date(2026, 10, 15), jobs=1)
    convert(job, tmp_path / "out")
    (line,) = (tmp_path / "out" / "rejects.ndjson").read_text().splitlines()
    (finding,) = json.loads(line)["findings"]
    assert finding["rule"] == "APX-ATT-COUNT"
    assert "has 1 attachments already" in finding["message"]


@pytest.mark.slow
def test_the_mildest_profile_lets_no_claim_through_that_the_guide_refuses(tmp_path: Path) -> None:
    mild = 'title = "Mild"\n' + "".join(
        f'[severity.{name}]\nvalue = "info"\n{_WHO}' for name, rule in RULES.items() if rule.scope.codes
    )
    (tmp_path / "mild.toml").write_text(mild)
    records = [record for record, category in visits(400, 9, faulty=0.8) if category != "schema"]
    ids = sorted({record["payer"]["payerId"] for record in records})
    (tmp_path / "edi.toml").write_text("".join(f'[payers.{each}]\nprofile = "mild.toml"\n' for each in ids))
    (tmp_path / "visits.ndjson").write_text("".join(json.dumps(record) + "\n" for record in records))
    settings = load_settings(tmp_path / "edi.toml", tmp_path)
    job = Job(
        inputs=(str(tmp_path / "visits.ndjson"),),
        settings=settings,
        as_of=datetime.date(2026, 10, 15),
        jobs=1,
    )
    report = convert(job, tmp_path / "out")
    assert report.accepted > len(records) / 3
    rejects = [json.loads(line) for line in (tmp_path / "out" / "rejects.ndjson").read_text().splitlines()]
    errors = {
        each["rule"] for reject in rejects for each in reject["findings"] if each["severity"] == "error"
    }
    assert errors
    assert not [name for name in errors if name not in RULES or RULES[name].scope.codes]


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ("gehaa", 'There is no profile "gehaa". Did you mean geha?'),
        ("none.toml", "none.toml cannot be read"),
        ("bad.toml", "profile bad.toml: title is missing"),
        ("latin.toml", "latin.toml is not UTF-8 text"),
    ],
)
def test_a_profile_that_cannot_be_used_stops_the_run(tmp_path: Path, profile: str, message: str) -> None:
    (tmp_path / "bad.toml").write_text("")
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe9"')
    path = write(tmp_path, profile)
    with pytest.raises(SettingsError, match=r"edi\.toml: payers\.\w+\.profile: ") as refused:
        payer_profiles(load_settings(path, tmp_path))
    assert message in str(refused.value)


def test_the_committed_page_is_current(repo: Path) -> None:
    committed = (repo / "docs" / "payers.md").read_text(encoding="utf-8")
    assert committed == page(), "run: python -m edi.rules.payers_page > docs/payers.md"
    done = subprocess.run(
        [sys.executable, "-m", "edi.rules.payers_page"], cwd=repo, capture_output=True, check=True
    )
    assert done.stdout.decode("utf-8") == page()
    assert all(f"`{key}" in page() for key in ENTRIES)
