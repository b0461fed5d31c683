"""Texts of the record in C-CDA documents: whatever stands in them, a reader of XML gets them back."""

from __future__ import annotations

import uuid
from typing import Any

from cda_maker import ENCLOSURE, NS, enclosed, example, note, tree
from hypothesis import example as case
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.visit.chart import says_nothing

_ODD = "&<>\"'; \t\n\r\x00\x0b\x1c\x7f\x85\xa0\u2028é\ufffe😀]"


def legible(text: str) -> str:
    """What XML can hold of a text (its production 2): another character is a space."""
    return "".join(each if _is_char(ord(each)) else " " for each in text).strip()


def _is_char(code: int) -> bool:
    return code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code > 0xFFFF


_TEXT = st.text(
    st.one_of(st.sampled_from(_ODD), st.characters(exclude_categories=["Cs"])), min_size=1, max_size=30
).filter(lambda text: legible(text) and not says_nothing(text))


def block(root: Any, code: str) -> Any:
    """The narrative block of a section."""
    (found,) = (
        each for each in root.iterfind(".//c:section", NS) if each.find("c:code", NS).get("code") == code
    )
    return found.find("c:text", NS)


@settings(max_examples=150, deadline=None)
@given(_TEXT)
@case("a ]]>")
@case('"<i>"&amp;\r\n\tsecond  \rthird\x0b\x85 fourth\n')
@case("a\x1cb")
def test_a_text_comes_back_from_wherever_it_stands(text: str) -> None:
    visit = example()
    visit["patient"]["lastName"] = visit["billingProvider"]["npi"] = text
    visit["clinical"]["findings"] = [text]
    visit["clinical"]["pulpTests"] = [{"toothNumber": "8", "method": "cold", "result": text}]
    root = tree(note(visit, text))
    told = legible(text)
    assert root.findtext("c:recordTarget//c:family", namespaces=NS) == told
    assert root.find("c:custodian//c:id", NS).get("extension") == told
    assert root.find("c:id", NS).get("extension") == legible(f"{text}/{visit['visitId']}/note/1")
    assert [each.text for each in block(root, "61149-1").iterfind("c:list/c:item", NS)] == [told]
    assert [each.text for each in block(root, "30954-2").iterfind(".//c:td", NS)][:3] == ["cold", "8", told]
    paragraph = block(root, "29554-3").find("c:paragraph", NS)
    first, *more = told.splitlines()
    assert paragraph.text == first
    assert [each.tail or "" for each in paragraph.iterfind("c:br", NS)] == [each.strip() for each in more]


@settings(max_examples=60, deadline=None)
@given(_TEXT)
def test_a_file_is_called_as_its_description_and_its_name_say(text: str) -> None:
    enclosure = ENCLOSURE._replace(id=text, title=text, made=None)
    root = tree(enclosed(example(), b"x", enclosure))
    assert root.findtext("c:title", namespaces=NS) == legible(text)
    assert root.find("c:id", NS).get("extension") == legible(f"2005100013/nsp.2026.0511.0007/file/{text}/1")


@settings(max_examples=60, deadline=None)
@given(last=_TEXT, first=st.one_of(st.none(), _TEXT), member=_TEXT)
def test_a_patient_is_known_by_a_uuid_of_names_and_numbers(last: str, first: str | None, member: str) -> None:
    visit = example()
    patient = visit["patient"] = visit["patient"] | {"lastName": last}
    del patient["firstName"]
    if first:
        patient["firstName"] = first
    visit["subscriber"]["memberId"] = member
    known = (visit["payer"]["payerId"], member, last, first or "", patient["birthDate"])
    people = uuid.uuid5(uuid.NAMESPACE_OID, "2.16.840.1.113883.1.3")
    told = tree(note(visit)).find("c:recordTarget/c:patientRole/c:id", NS).get("extension")
    assert told == str(uuid.uuid5(people, "\x1f".join(known)))


def test_documents_of_a_practice_do_not_share_its_people() -> None:
    """What is remembered of a practice is told in no other's document, nor after it has changed."""
    names = ("crash-1-first-visit", "fall-1-first-visit", "crash-1-first-visit")
    first, other, again = (note(example(name)) for name in names)
    assert first == again
    assert b"Solberg" in first
    assert b"Solberg" not in other
    visit = example()
    visit["renderingProvider"]["lastName"] = "Berg"
    assert b"Solberg" not in note(visit)
    visit["serviceFacility"] = {**visit["billingProvider"], "organizationName": "Harbor Hospital"}
    place = tree(note(visit)).find("c:componentOf//c:healthCareFacility/c:location/c:name", NS)
    assert place.text == "Harbor Hospital"
