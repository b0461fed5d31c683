"""Fields of any dental visit, as JSON, CSV and XML have them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from intake_reading import records

from edi.visit.parse import parse, reread
from edi.visit.schema import explain

CSV = (
    "visitId,procedures.code,procedures.oralCavity,procedures.teeth.0.toothNumber,procedures.teeth.1.toothNumber,"
    "procedures.teeth.0.surfaces,procedures.modifiers.0,missingTeeth.0.toothNumber,missingTeeth.0.status\n"
    "V1,D4341,10|20,2,3,MO,KX,19,missing\n"
)
XML = (
    "<visit><visitId>V1</visitId><procedures><code>D4341</code><oralCavity>10</oralCavity><oralCavity>20</oralCavity>"
    "<teeth><toothNumber>2</toothNumber><surfaces>MO</surfaces></teeth><teeth><toothNumber>3</toothNumber></teeth>"
    "<modifiers>KX</modifiers></procedures>"
    "<missingTeeth><toothNumber>19</toothNumber><status>missing</status></missingTeeth></visit>"
)


@pytest.mark.parametrize("text", [CSV, XML])
def test_lists_of_a_visit_come_from_csv_and_xml(text: str) -> None:
    (raw,) = records(text)
    assert json.loads(raw.data) == {
        "visitId": "V1",
        "procedures": [
            {
                "code": "D4341",
                "oralCavity": ["10", "20"],
                "teeth": [{"toothNumber": "2", "surfaces": "MO"}, {"toothNumber": "3"}],
                "modifiers": ["KX"],
            }
        ],
        "missingTeeth": [{"toothNumber": "19", "status": "missing"}],
    }


def test_one_area_of_the_mouth_is_no_list_in_any_format() -> None:
    csv = "visitId,procedures.code,procedures.oralCavity\nV1,D4341,10\n"
    xml = "<visit><visitId>V1</visitId><procedures><code>D4341</code><oralCavity>10</oralCavity></procedures></visit>"
    for text in (csv, xml):
        (raw,) = records(text)
        assert json.loads(raw.data)["procedures"] == [{"code": "D4341", "oralCavity": "10"}]


def test_the_schema_key_of_editors_means_nothing() -> None:
    data = b'{"$schema": "https://example.net/visit.schema.json", "visitId": "V1"}'
    assert parse(data) == ({"visitId": "V1"}, None)
    assert reread(data) == {"visitId": "V1"}


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ({"toothNumber": "8", "teeth": [{"toothNumber": "9"}]}, "/procedures/0/toothNumber"),
        ({"placement": "replacement"}, "/procedures/0/priorPlacement"),
        ({"oralCavity": "11"}, "/procedures/0/oralCavity"),
        ({"modifiers": ["kx"]}, "/procedures/0/modifiers/0"),
    ],
)
def test_what_a_line_contradicts_is_one_finding(line: dict[str, Any], path: str) -> None:
    record = {"visitId": "V1", "procedures": [{"code": "D2740", "fee": "900", **line}]}
    assert path in [finding.path for finding in explain(record)]
