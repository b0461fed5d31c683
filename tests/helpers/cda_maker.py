"""C-CDA documents for the tests: written from the examples, and HL7's own checks where ../shared has them."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from folders import EXAMPLES
from lxml import etree

from edi.attachments.cda import Enclosure, SigningKey, Stamp, structured
from edi.attachments.content import Octets
from edi.attachments.packaging import package_file
from edi.attachments.segments import X314
from edi.visit.absent import drop_absent

STAMP = Stamp("2.25.329800735698586629295641978511506172918", "2026-11-30")
NS = {"c": "urn:hl7-org:v3", "sdtc": "urn:hl7-org:sdtc", "ds": "http://www.w3.org/2000/09/xmldsig#"}
VISITS = EXAMPLES / "visits"
FILM = VISITS / "films" / "crash-1-first-visit-tooth8.png"
ENCLOSURE = Enclosure("xr-1", "radiograph", "image/png", "Periapical radiograph, tooth 8", "2026-05-11")


def example(name: str = "crash-1-first-visit") -> Any:
    """An example record as the flows have it."""
    return drop_absent(json.loads((VISITS / f"{name}.json").read_text()))


def note(
    visit: Any,
    narrative: str = "What was done, and why.",
    stamp: Stamp = STAMP,
    key: SigningKey | None = None,
) -> bytes:
    return structured(visit, narrative, stamp, key)


def enclosed(
    visit: Any,
    octets: bytes,
    enclosure: Enclosure = ENCLOSURE,
    stamp: Stamp = STAMP,
    key: SigningKey | None = None,
) -> bytes:
    package = package_file(X314, visit, enclosure, Octets(octets), stamp, key)
    assert package.form == "HL"
    return b"".join(package.content.chunks())


def tree(document: bytes) -> Any:
    return etree.fromstring(document)


class Official:
    """HL7's schema and Schematron of C-CDA R2.1, by way of check_cda.py beside them."""

    def __init__(self, folder: Path) -> None:
        spec = importlib.util.spec_from_file_location("check_cda", folder / "check_cda.py")
        assert spec
        assert spec.loader
        self._check: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self._check)
        self._rules = self._check.schema(), self._check.schematron()

    def violations(self, document: bytes) -> list[str]:
        """What both find; empty when the document is valid."""
        with tempfile.NamedTemporaryFile(suffix=".xml") as file:
            file.write(document)
            file.flush()
            return list(self._check.violations(file.name, *self._rules))


@cache
def official_of(shared: Path) -> Official:
    """Made once: to compile them takes seconds."""
    return Official(shared / "standards" / "cda")
