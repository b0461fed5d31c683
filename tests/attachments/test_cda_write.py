"""C-CDA documents: what stands in them, what does not, and that HL7's own checks find nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cda_maker import (
    ENCLOSURE,
    FILM,
    NS,
    STAMP,
    VISITS,
    Official,
    enclosed,
    example,
    note,
    official_of,
    tree,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.attachments.cda import (
    DOCUMENTS,
    NOTE,
    Enclosure,
    document_code,
    frame,
    kinds_for,
)
from edi.claim.codes import REPORT_TYPE
from edi.sample import visits
from edi.visit.absent import drop_absent

NAMES = sorted(path.stem for path in VISITS.glob("*.json"))
US_REALM = "2.16.840.1.113883.10.20.22.1.1"
PROCEDURE_NOTE = "2.16.840.1.113883.10.20.22.1.6"
PROGRESS_NOTE = "2.16.840.1.113883.10.20.22.1.9"
UNSTRUCTURED = "2.16.840.1.113883.10.20.22.1.10"
DEMANDED = {
    PROCEDURE_NOTE: {"55109-3", "29554-3", "59768-2", "59769-0", "51847-2"},
    PROGRESS_NOTE: {"51847-2"},
}
HEADER = (
    "realmCode",
    "typeId",
    "templateId",
    "id",
    "code",
    "title",
    "effectiveTime",
    "confidentialityCode",
    "languageCode",
    "setId",
    "versionNumber",
    "recordTarget",
    "author",
    "custodian",
    "legalAuthenticator",
    "documentationOf",
    "componentOf",
    "component",
)


@pytest.fixture(scope="module")
def official(shared: Path) -> Official:
    return official_of(shared)


def claims(root: Any, template: str) -> None:
    """The document claims the R2.1 header and its own template, each with its extension: without that, no rule of
    HL7's Schematron looks at it."""
    claimed = {(each.get("root"), each.get("extension")) for each in root.findall("c:templateId", NS)}
    for each in (US_REALM, template):
        assert {(each, None), (each, "2015-08-01")} <= claimed


def sections(root: Any) -> dict[str, Any]:
    found = root.findall(".//c:section", NS)
    return {each.find("c:code", NS).get("code"): each for each in found}


def words(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def said(value: Any) -> Iterator[str]:
    """Every text of a clinical record but the names of its attachments."""
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, list):
        for each in value:
            yield from said(each)
    else:
        for each in value.values():
            yield from said(each)


def structure(document: bytes, visit: Any) -> None:
    """Our own checks of a structured document."""
    root = tree(document)
    planned = visit.get("claim", {}).get("purpose") == "predetermination"
    template = PROGRESS_NOTE if planned else PROCEDURE_NOTE
    claims(root, template)
    assert tuple(dict.fromkeys(each.tag.partition("}")[2] for each in root)) == HEADER
    found = sections(root)
    assert len(found) == len(root.findall(".//c:section", NS))
    assert DEMANDED[template] <= set(found)
    for section in found.values():
        assert section.find("c:title", NS).text
        assert words(section.find("c:text", NS))
    ids = [each.get("ID") for each in root.iter() if each.get("ID")]
    assert len(set(ids)) == len(ids)
    for reference in root.findall(".//c:reference", NS):
        assert reference.get("value").removeprefix("#") in ids


@pytest.mark.parametrize("name", NAMES)
def test_the_clinical_record_of_every_example(name: str) -> None:
    visit = example(name)
    document = note(visit, "First line.\nSecond line.")
    structure(document, visit)
    text = words(tree(document))
    for each in (*said(visit.get("clinical", {})), "First line. Second line."):
        assert each in text
    assert note(visit, "First line.\nSecond line.") == document


@pytest.mark.parametrize("name", NAMES)
def test_hl7_finds_nothing_in_any_example(name: str, official: Official) -> None:
    visit = example(name)
    assert official.violations(note(visit)) == []
    assert official.violations(note(visit, "", STAMP._replace(version=2))) == []
    assert official.violations(enclosed(visit, FILM.read_bytes())) == []


def test_hl7_finds_nothing_in_the_contracts_visit(shared: Path, official: Official) -> None:
    visit = drop_absent(json.loads((shared / "contract" / "visit.json").read_text()))
    assert official.violations(note(visit)) == []


def test_hl7_looks_at_our_documents(official: Official) -> None:
    """The checks above can fail: a document with one thing taken out earns a violation."""
    document = note(example())
    for broken in (
        document.replace(b'<realmCode code="US"/>', b""),
        document.replace(b'code="55109-3"', b'code="55109-4"'),
        document.replace(b"<title>", b"<titel>").replace(b"</title>", b"</titel>"),
        enclosed(example(), b"x").replace(b"<nonXMLBody>", b"<nonXMLBody><id/>"),
    ):
        assert official.violations(broken)


_TEXT = st.text(min_size=1, max_size=80).filter(str.strip)
_FIELDS = ("chiefComplaint", "history", "diagnosis", "response", "complications", "rationale", "followUp")
_CHART = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys((*_FIELDS, "treatmentPlan"), _TEXT),
        "findings": st.lists(_TEXT, max_size=3),
        "medicament": st.fixed_dictionaries(
            {}, optional={"name": _TEXT, "action": st.sampled_from(["placed", "removed", "Replaced twice"])}
        ),
        "pulpTests": st.lists(
            st.fixed_dictionaries({"toothNumber": _TEXT, "method": _TEXT, "result": _TEXT}), max_size=2
        ),
        "radiographs": st.lists(
            st.fixed_dictionaries(
                {"date": st.just("2026-05-01")}, optional={"view": _TEXT, "finding": _TEXT}
            ),
            max_size=2,
        ),
    },
)


def _record(seed: int, place: int, chart: Any) -> Any:
    *_, (record, _) = visits(place, seed)
    return drop_absent({**record, "clinical": chart})


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 30), _CHART, st.one_of(st.just(""), _TEXT))
def test_any_record_has_a_sound_document(seed: int, place: int, chart: Any, narrative: str) -> None:
    visit = _record(seed, place, chart)
    structure(note(visit, narrative), visit)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32), place=st.integers(1, 30), chart=_CHART, title=st.one_of(st.just(""), _TEXT)
)
def test_hl7_finds_nothing_in_any_record(
    seed: int, place: int, chart: Any, title: str, official: Official
) -> None:
    visit = _record(seed, place, chart)
    assert official.violations(note(visit, title)) == []
    assert (
        official.violations(enclosed(visit, b"%PDF-", Enclosure("a", "report", "application/pdf", title)))
        == []
    )


def test_silence_is_null_where_the_template_demands_a_section_and_nothing_elsewhere() -> None:
    visit = example()
    del visit["clinical"], visit["diagnoses"]
    found = sections(tree(note(visit, "")))
    silent = {code for code, section in found.items() if section.get("nullFlavor") == "NI"}
    assert silent == DEMANDED[PROCEDURE_NOTE]
    assert set(found) - silent == {"47519-4"}


def test_a_predetermination_is_a_progress_note_of_planned_procedures() -> None:
    root = tree(note(example("predetermination")))
    assert root.find("c:code", NS).get("code") == "11506-3"
    planned = sections(root)["59772-4"]
    assert {each.get("moodCode") for each in planned.findall("c:entry/*", NS)} == {"RQO"}
    event = root.find("c:documentationOf/c:serviceEvent", NS)
    assert event.get("classCode") == "PCPR"
    assert event.find("c:effectiveTime/c:low", NS).get("nullFlavor") == "UNK"


def test_codes_are_those_of_the_record() -> None:
    root = tree(note(example()))
    values = root.findall(".//c:observation/c:value/c:translation", NS)
    assert [(each.get("code"), each.get("codeSystem")) for each in values] == [
        ("K04.5", "2.16.840.1.113883.6.90"),
        ("S03.2XXA", "2.16.840.1.113883.6.90"),
    ]
    (procedure,) = root.findall(".//c:procedure", NS)
    code = procedure.find("c:code", NS)
    assert (code.get("code"), code.get("codeSystem")) == ("D3351", "2.16.840.1.113883.6.13")
    assert procedure.find("c:targetSiteCode/c:originalText", NS).text == "Tooth 8 (Universal numbering)"
    assert procedure.find("c:effectiveTime", NS).get("value") == "20260511"


def test_codes_of_another_form_are_told_and_not_coded() -> None:
    visit = example()
    visit["diagnoses"] = ["necrosis", "k041"]
    visit["procedures"] = [{"code": "X1", "fee": "1"}, {"code": "D0220", "fee": "1"}]
    root = tree(note(visit))
    assert [each.get("code") for each in root.findall(".//c:value/c:translation", NS)] == ["K04.1"]
    assert root.findall(".//c:procedure", NS) == []
    (film,) = root.findall(".//c:entry/c:act[@moodCode='EVN']/c:code[@codeSystemName='CDT']", NS)
    assert film.get("code") == "D0220"
    assert "necrosis" in words(root)
    assert "X1" in words(root)


@pytest.mark.parametrize(
    ("action", "given_to_the_patient"),
    [("placed", True), ("Replaced after irrigation", True), ("removed", False), (None, False)],
)
def test_only_a_medicament_that_was_given_is_one_administered(
    action: str | None, given_to_the_patient: bool
) -> None:
    visit = example()
    visit["clinical"]["medicament"] = {"name": "calcium hydroxide"} | ({"action": action} if action else {})
    found = sections(tree(note(visit)))
    assert ("29549-3" in found) is given_to_the_patient
    place = found["29549-3" if given_to_the_patient else "29554-3"]
    assert "calcium hydroxide" in words(place)


def test_the_header_names_who_treated_and_who_keeps_the_record() -> None:
    root = tree(note(example()))
    assert words(root.find("c:recordTarget/c:patientRole/c:patient/c:name", NS)) == "Hanna E Lindgren"
    for place in ("author/c:assignedAuthor", "legalAuthenticator/c:assignedEntity"):
        who = root.find(f"c:{place}", NS)
        assert who.find("c:id", NS).get("extension") == "2005100112"
        assert words(who.find("c:assignedPerson", NS)) == "Ingrid M Solberg"
        assert who.find("c:telecom", NS).get("value") == "tel:+12185550119;ext=4"
    keeper = root.find(".//c:representedCustodianOrganization", NS)
    assert keeper.find("c:id", NS).get("extension") == "2005100013"
    assert words(keeper.find("c:name", NS)) == "North Shore Pediatric Dentistry LLC"
    assert words(keeper.find("c:addr", NS)) == "2214 Harbor View Rd Duluth MN 55802-0119 US"


@pytest.mark.parametrize(
    ("contact", "where"),
    [
        ({"phone": "(614) 555-0142", "fax": "6145550143"}, "tel:+16145550142"),
        ({"phone": "1 614 555 0142", "extension": "x 7"}, "tel:+16145550142;ext=7"),
        ({"phone": "030 901820 11"}, "tel:03090182011"),
        ({"email": "desk+a b@practice.example"}, "mailto:desk%2Ba%20b@practice.example"),
        ({"fax": "6145550143"}, "fax:+16145550143"),
        ({"extension": "7"}, None),
        (None, None),
    ],
)
def test_the_practice_is_reached_as_its_contact_says(contact: Any, where: str | None) -> None:
    visit = example()
    visit["billingProvider"]["contact"] = {"name": "Desk", **contact} if contact else None
    document = note(drop_absent(visit))
    for each in tree(document).findall(".//c:representedOrganization/c:telecom", NS):
        assert (each.get("value"), each.get("nullFlavor")) == (where, None if where else "NI")


def test_where_no_person_is_named_software_writes_and_the_practice_holds_the_signature() -> None:
    visit = example()
    del visit["renderingProvider"]
    root = tree(note(visit))
    author = root.find("c:author/c:assignedAuthor", NS)
    assert author.find("c:assignedPerson", NS) is None
    assert author.find("c:assignedAuthoringDevice/c:softwareName", NS).text == "edi"
    signed_by = root.find("c:legalAuthenticator/c:assignedEntity/c:assignedPerson", NS)
    assert words(signed_by) == "Signature on file"


def test_what_the_record_does_not_know_of_a_patient_is_null() -> None:
    visit = example()
    visit["patient"] |= {"gender": "U"}
    patient = tree(note(visit)).find("c:recordTarget/c:patientRole/c:patient", NS)
    for tag in ("administrativeGenderCode", "raceCode", "ethnicGroupCode"):
        assert dict(patient.find(f"c:{tag}", NS).attrib) == {"nullFlavor": "UNK"}


def identifiers(document: bytes) -> dict[str, tuple[str, str]]:
    root = tree(document)
    paths = {
        "document": "c:id",
        "set": "c:setId",
        "patient": "c:recordTarget/c:patientRole/c:id",
        "visit": "c:componentOf/c:encompassingEncounter/c:id",
        "replaced": "c:relatedDocument/c:parentDocument/c:id",
    }
    found = ((name, root.find(path, NS)) for name, path in paths.items())
    return {name: (each.get("root"), each.get("extension")) for name, each in found if each is not None}


def test_identifiers_stand_under_the_root_and_tell_things_apart() -> None:
    visit = example()
    first, second = (identifiers(note(visit, stamp=STAMP._replace(version=version))) for version in (1, 2))
    film = identifiers(enclosed(visit, b"x"))
    assert all(root.startswith(STAMP.oid_root + ".") for root, _ in (first | second | film).values())
    assert "replaced" not in first
    assert second["replaced"] == first["document"] != second["document"]
    assert first["set"] == second["set"] != film["set"]
    assert len({first["document"], second["document"], film["document"]}) == 3
    for name in ("patient", "visit"):
        assert first[name] == film[name]
    # An attachment may be called as the note is.
    assert identifiers(enclosed(visit, b"x", ENCLOSURE._replace(id=NOTE)))["document"] != first["document"]
    other = example()
    other["patient"]["firstName"] = "Hanne"
    assert identifiers(note(other))["patient"] != first["patient"]
    assert not any("Lindgren" in extension or "SMD" in extension for _, extension in first.values())


@pytest.mark.parametrize("size", [0, 1, 2, 3, 786_431, 786_432, 786_433])
def test_a_file_is_inside_byte_for_byte(size: int) -> None:
    octets = bytes(range(256)) * (size // 256 + 1)
    octets = octets[:size]
    document = enclosed(example(), octets)
    text = tree(document).find("c:component/c:nonXMLBody/c:text", NS)
    assert dict(text.attrib) == {"mediaType": "image/png", "representation": "B64"}
    assert base64.b64decode(text.text or "", validate=True) == octets


def test_an_unstructured_document_claims_its_template_and_tells_what_is_in_it() -> None:
    root = tree(enclosed(example(), FILM.read_bytes()))
    claims(root, UNSTRUCTURED)
    assert tuple(dict.fromkeys(each.tag.partition("}")[2] for each in root)) == HEADER
    assert root.find("c:code", NS).get("code") == "52040-3"
    assert root.find("c:title", NS).text == "Periapical radiograph, tooth 8, 2026-05-11"
    untold = tree(enclosed(example(), b"x", Enclosure("a", "explanationOfBenefits", "text/plain")))
    assert untold.find("c:code", NS).get("code") == "52030-4"
    assert untold.find("c:title", NS).text == "Explanation of benefits of another payer"


def test_a_title_that_looks_like_the_place_of_the_file_is_only_a_title() -> None:
    octets = b"the file"
    root = tree(enclosed(example(), octets, ENCLOSURE._replace(title=">-<text>-</text>")))
    assert base64.b64decode(root.find("c:component/c:nonXMLBody/c:text", NS).text) == octets


def test_a_type_that_no_document_may_hold_is_misuse() -> None:
    with pytest.raises(ValueError, match="application/dicom"):
        frame(example(), ENCLOSURE._replace(media_type="application/dicom"), STAMP)
    with pytest.raises(KeyError):
        frame(example(), ENCLOSURE._replace(kind="smell"), STAMP)


def test_every_kind_of_attachment_has_a_code_that_it_answers() -> None:
    for kind in REPORT_TYPE:
        assert kind in document_code(kind).kinds
    known = {*REPORT_TYPE, NOTE}
    for code, document in DOCUMENTS.items():
        assert document.code == code
        assert document.kinds
        assert set(document.kinds) <= known
        assert kinds_for(code) == document.kinds
    assert kinds_for("0000-0") == ()
    assert NOTE in kinds_for(tree(note(example())).find("c:code", NS).get("code"))
