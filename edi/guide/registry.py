"""Guides by version. The module of a guide is imported when the guide is first needed."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import NamedTuple

from edi.guide.shape import Guide


class Match(NamedTuple):
    """A guide, and whether the version asked for is its own: a near relative is read by it but is worth a finding."""

    guide: Guide
    exact: bool


_MODULES = {
    "005010X224A2": "edi.guide.claim_837d",
    "005010X210": "edi.guide.attachment_275.x210",
    "006020X314": "edi.guide.attachment_275.x314",
    "005010X213": "edi.guide.request_277.x213",
    "006020X313": "edi.guide.request_277.x313",
    "005010X231A1": "edi.guide.ack_999",
}
VERSIONS = tuple(_MODULES)
"""The guides that are here."""

_RELATIVES = {
    "005010X224": "005010X224A2",
    "005010X224A1": "005010X224A2",
    "005010X224A3": "005010X224A2",
    "005010X231": "005010X231A1",
    "06020X314": "006020X314",
}
"""Published forms of a guide that differ from the one here by errata only, and the misprint of 45 CFR 162.2002(c)."""

_UNREAD = {
    "005010X222": "the professional claim (837P)",
    "005010X223": "the institutional claim (837I)",
    "005010X298": "the professional claim for post-adjudication (837P)",
    "005010X299": "the institutional claim for post-adjudication (837I)",
    "005010X300": "the dental claim for post-adjudication (837D)",
    "004010X096": "the institutional claim (837I) of 4010",
    "004010X097": "the dental claim (837D) of 4010",
    "004010X098": "the professional claim (837P) of 4010",
    "005010X217": "the services review (278)",
    "005010X218": "the premium payment (820)",
    "005010X220": "the benefit enrollment (834)",
}
"""What other guides are, by their number without its errata, so that a file of theirs is told by name."""


def unread(version: str) -> str:
    """What a guide is that is not read here; "" when nothing is known of it."""
    return _UNREAD.get(version[:10], "")


@cache
def guide(version: str) -> Guide | None:
    """The guide that reads `version` (as GS08 or ST03 carry it), its near relatives included; None when unknown."""
    found = match(version)
    return found.guide if found else None


@cache
def match(version: str) -> Match | None:
    """As `guide`, and tells whether the version is exactly the guide's own."""
    own = _RELATIVES.get(version, version)
    module = _MODULES.get(own)
    if module is None:
        return None
    loaded: Guide = import_module(module).GUIDE
    return Match(loaded, version == own)
