"""What is made from visit.schema.json: the types of edi.visit.record, and visit.xsd."""

from __future__ import annotations

import pytest
from intake_reading import as_xml
from lxml import etree
from schema_record import Change, changed, full_record

from edi.visit.fields import field_at
from edi.visit.generate.files import generated
from edi.visit.generate.record_types import record_types
from edi.visit.schema import schema_text

FILES = generated()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_file_is_what_the_schema_makes_of_it(file: object) -> None:
    """`python -m edi.visit.generate` writes it anew."""
    assert file.read_text(encoding="utf-8") == FILES[file]


def test_objects_of_one_title_share_a_type_and_require_what_all_of_them_do() -> None:
    provider = record_types().partition("class Provider(TypedDict):")[2].partition("class ")[0]
    assert "    npi: NotRequired[str]" in provider
    assert '    taxIdType: NotRequired[Literal["EIN", "SSN"]]' in provider
    assert "    address: NotRequired[Address]" in provider


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.update(visitId="a b"),
        lambda record: record.update(visitID="V1"),
        lambda record: record["patient"].pop("birthDate"),
        lambda record: record["patient"].update(gender="X"),
        lambda record: record["patient"].update(birthDate="2017-02-29"),
        lambda record: record["patient"].update(lastName="a" * 61),
        lambda record: record["payer"].update(payerId="1"),
        lambda record: record["claim"].update(releaseOfInformation="perhaps"),
        lambda record: record["procedures"][0].update(quantity=1000),
        lambda record: record["procedures"][0].update(surfaces="MX"),
        lambda record: record["otherInsurance"][0].update(paidAmount="1.234"),
    ],
)
def test_the_xsd_refuses(change: Change) -> None:
    xsd = etree.XMLSchema(etree.fromstring(schema_text("xsd").encode()))
    assert xsd.validate(etree.fromstring(as_xml("visit", full_record()).encode()))
    assert not xsd.validate(etree.fromstring(as_xml("visit", changed(change)).encode()))


def test_the_xsd_says_what_a_field_means_and_becomes() -> None:
    words = [each.text for each in etree.fromstring(schema_text("xsd").encode()).iter("{*}documentation")]
    assert f"{field_at('payer', 'name').schema['description']} X12: NM1 NM103." in words
