"""XML: visits streamed out of a document, checked against visit.xsd, nothing fetched or expanded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from growth import growth
from intake_reading import as_text, as_xml, judged, read, records, refused
from lxml import etree
from schema_record import changed, drop, full_record, places

from edi.visit.absent import drop_absent
from edi.visit.intake import RawRecord, Unreadable, read_inputs
from edi.visit.schema import is_valid, schema_text

VISIT = as_xml("visit", full_record())
XSD = etree.XMLSchema(etree.fromstring(schema_text("xsd").encode()))


def visits(*parts: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<visits>\n{"".join(parts)}</visits>\n'


def test_every_field_comes_through_and_the_document_is_valid() -> None:
    for document in (VISIT, visits(VISIT, VISIT)):
        assert XSD.validate(etree.fromstring(document.encode()))
        for raw in records(document):
            assert json.loads(raw.data) == as_text(full_record())
            assert judged(raw) == []


def test_visits_have_their_lines() -> None:
    first, second = records(visits(VISIT, "<!-- a comment -->\n", VISIT))
    assert first.source.line == 3
    assert second.source.line == 3 + VISIT.count("\n") + 1


def test_whatever_the_schema_takes_the_xsd_takes() -> None:
    for path in places(full_record()):
        record = as_text(changed(lambda record, path=path: drop(record, path)))  # type: ignore[misc]
        if is_valid(drop_absent(record)):
            assert XSD.validate(etree.fromstring(as_xml("visit", record).encode())), path


def test_empty_elements_are_absent() -> None:
    document = "<visit><visitId>V1</visitId><accident/><diagnoses/><patient>\n</patient><narrative> </narrative></visit>"
    (raw,) = records(document)
    assert drop_absent(json.loads(raw.data)) == {"visitId": "V1"}


def test_children_come_in_any_order() -> None:
    root = etree.fromstring(VISIT)
    for element in list(root.iter()):
        if element.tag not in ("clinical", "visit") or len(element):
            element[:] = sorted(element, key=lambda child: child.tag, reverse=True)
    assert XSD.validate(root)
    (raw,) = records(etree.tostring(root))
    assert judged(raw) == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "path"),
    [
        ("<visit>", "<visit id='7'>", "SCH-XML-ATTRIBUTE", ""),
        ("<narrative>", "<narrative lang='en'>", "SCH-XML-ATTRIBUTE", ""),
        ("<patient>", "<patient>Dana", "SCH-XML-TEXT", ""),
        ("visitId>", "visitID>", "SCH-UNKNOWN-KEY", "/visitID"),
        ("<narrative>", "<narrative>a</narrative><narrative>", "SCH-TYPE", "/narrative"),
        ("<narrative>", "<narrative><b>x</b>", "SCH-TYPE", "/narrative"),
        ("<releaseOfInformation>true", "<releaseOfInformation>yes", "SCH-XSD", ""),
        ("<visit>", "<visit xmlns='urn:x'>", "SCH-UNKNOWN-KEY", ""),
    ],
)
def test_what_has_no_place_in_a_record_is_a_finding(old: str, new: str, rule: str, path: str) -> None:
    bad, good = records(visits(VISIT.replace(old, new), VISIT))
    (finding,) = judged(bad)
    assert (finding.rule, finding.path) == (rule, path)
    assert judged(good) == []


def test_attributes_and_stray_text_stay_refused_when_the_reject_comes_back() -> None:
    for old, new in (("<visit>", "<visit id='7'>"), ("<patient>", "<patient>Dana")):
        (raw,) = records(VISIT.replace(old, new))
        assert not is_valid(json.loads(raw.data))
        assert raw.finding is not None
        assert raw.finding.visit_id == "V-2026.1_a"
    instance = "<visit xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:noNamespaceSchemaLocation='visit.xsd'>"
    assert judged(records(VISIT.replace("<visit>", instance))[0]) == []


def test_another_element_between_visits_is_a_finding() -> None:
    good, bad = records(visits(VISIT, "<vist><visitId>V2</visitId></vist>"))
    assert judged(good) == []
    assert [finding.rule for finding in judged(bad)] == ["SCH-UNKNOWN-KEY"]
    assert json.loads(bad.data) == {"visitId": "V2"}


def test_a_fault_in_the_document_keeps_the_visits_before_it() -> None:
    for broken in (
        "<visit><visitId>\n</vist>",
        "<visit><narrative>\0</narrative></visit>",
        "<visit>&nbsp;</visit>",
        "<visit>",
    ):
        first, rest = read(visits(VISIT, broken))
        assert isinstance(first, RawRecord)
        assert isinstance(rest, Unreadable)
        assert "line " in rest.message
        assert "Visits before that were taken" in rest.message


BOMB = "<!DOCTYPE visits [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (f"{BOMB}<visits><visit><visitId>&b;</visitId></visit></visits>", "DOCTYPE"),
        ('<!DOCTYPE visits SYSTEM "file:///etc/passwd"><visits/>', "DOCTYPE"),
        (
            '<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/passwd">]><visit><visitId>&x;</visitId></visit>',
            "DOCTYPE",
        ),
        ("<a/>", "outermost"),
        ("<visits xmlns='urn:x'/>", "namespace"),
        ("<", "line 1"),
        ("<visits>" + "<a>" * 5000, "line 1 it has elements more than 255 deep"),
        (
            f"<visits><visit><visitId>{'a' * 10_100_000}</visitId></visit></visits>",
            "a text of more than 10 MB",
        ),
    ],
)
def test_documents_that_are_not_read(document: str, words: str) -> None:
    assert words in refused(document)


def test_no_document_at_all() -> None:
    assert refused("", format="xml")
    assert refused("hello", format="xml")
    assert "UTF-16" in refused(VISIT.encode("utf-16"))
    assert read("<visits/>") == []


def test_a_bom_five_megabytes_and_many_visits() -> None:
    assert judged(records("\ufeff" + visits(VISIT))[0]) == []
    (raw,) = records(f"<visit><narrative>{'x' * 5_000_000}</narrative></visit>")
    assert len(json.loads(raw.data)["narrative"]) == 5_000_000
    assert len(records(visits(*[VISIT] * 100))) == 100


def test_a_file_by_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(VISIT, encoding="utf-8")
    (raw,) = read_inputs([str(tmp_path)])
    assert isinstance(raw, RawRecord)
    assert raw.base == str(tmp_path)


def test_a_null_of_xml_is_told_where_it_stands() -> None:
    text = VISIT.replace("<visit>", "<visit xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>", 1)
    start = text.index("<narrative>")
    (raw,) = records(text[:start] + '<narrative xsi:nil="true"/></visit>')
    assert raw.finding is not None
    assert raw.finding.message.startswith("narrative (line ")
    assert 'attribute "xsi:nil"' in raw.finding.message
    assert "take the attribute out" in raw.finding.fix


def _of_one_element(count: int) -> str:
    return "<visit>" + "<serviceDate>today</serviceDate>" * count + "</visit>"


def _of_attributes(count: int) -> str:
    return "<visit " + " ".join(f'a{number}="1"' for number in range(count)) + "/>"


@pytest.mark.slow
@pytest.mark.parametrize("many", [_of_one_element, _of_attributes])
def test_very_many_of_one_thing_take_no_square_of_time(many: Callable[[int], str]) -> None:
    def judge(count: int) -> None:
        (raw,) = records(many(count))
        assert judged(raw)

    assert growth(judge, 10_000) < 8
