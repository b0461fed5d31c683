"""Whatever an overlay asks, the guide's own findings stay as they are, and nobody else's claims are judged."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from folders import X12
from hypothesis import given, settings
from hypothesis import strategies as st
from x12_maker import DENTAL, file_of, texts, whole_set

from edi.errors import SettingsError
from edi.finding import Finding
from edi.guide.condition import OVERLAY_SNIP
from edi.guide.overlay import VERSION, Overlay, load_overlays, read_overlay
from edi.guide.overlay_rules import OverlayRules
from edi.guide.shape import ElementUse, SegmentUse
from edi.guide.standard import ELEMENTS
from edi.settings import DEFAULTS, Settings
from edi.validate.run import validate_stream

FILES = sorted(X12.glob("*/*.837"))
ENTRY = '[[ask]]\nat = "{}"\n{}\nsource = "s"\ndate = "2026"\n'


def every_ask() -> Iterator[str]:
    """Every narrowing of every place of the guide that its usage, codes, length or repeat leave room for."""
    for loop in DENTAL.index.values():
        if loop is not DENTAL.root:
            yield from _usage(loop.id, loop.usage)
            if loop.repeat != 1 and loop.unit | (not any(each.unit for each in loop.loops())):
                yield ENTRY.format(loop.id, "repeat = 1")
        ids = [use.segment.id for use in loop.segments()]
        for use in loop.segments():
            if use.segment.id == "SE":
                continue
            name = use.segment.id + (f":{use.keys[0]}" if ids.count(use.segment.id) > 1 else "")
            yield from _usage(f"{loop.id}/{name}", use.usage)
            if use.repeat != 1 and len(use.keys) < 2:
                yield ENTRY.format(f"{loop.id}/{name}", "repeat = 1")
            for element, place in _elements(use):
                yield from _element(f"{loop.id}/{name} {place}", element)


def _elements(use: SegmentUse) -> Iterator[tuple[ElementUse, str]]:
    for number, element in enumerate(use.elements, start=1):
        yield element, f"{number:02}"
        yield from ((part, f"{number:02}-{count}") for count, part in enumerate(element.parts, start=1))


def _usage(place: str, usage: str) -> Iterator[str]:
    if usage == "S":
        yield ENTRY.format(place, 'usage = "required"')
        yield ENTRY.format(place, 'usage = "not used"')


def _element(place: str, element: ElementUse) -> Iterator[str]:
    if element.usage == "N":
        return
    yield from _usage(place, element.usage)
    if len(element.codes) > 1:
        yield ENTRY.format(place, f'codes = ["{element.codes[-1]}"]')
    if not element.codes and not element.form and not element.parts:
        standard = ELEMENTS[element.number]
        low, high = element.low or standard.low, element.high or standard.high
        if low < high:
            yield ENTRY.format(place, f"min_length = {high}")
            yield ENTRY.format(place, f"max_length = {low}")


ASKS = list(every_ask())


def overlay(*asks: str) -> Overlay:
    return read_overlay("\n".join(('title = "P"', *asks)), "p.toml")


@cache
def everything() -> OverlayRules:
    return OverlayRules(VERSION, overlay(*ASKS).situations)


def found(octets: bytes, what: OverlayRules | None = None) -> list[Finding]:
    return validate_stream(io.BytesIO(octets), "x", overlay_rules=what).findings


def own(findings: list[Finding]) -> list[Finding]:
    return [each for each in findings if each.snip != OVERLAY_SNIP]


@cache
def for_payer(payer_id: str, folder: Path) -> OverlayRules:
    (folder / "p.toml").write_text("\n".join(('title = "P"', *ASKS)))
    what = load_overlays(
        Settings(
            DEFAULTS.submitter, DEFAULTS.receivers, folder / "edi.toml", overlays=((payer_id, "p.toml"),)
        )
    )
    assert what is not None
    return what


@cache
def whole(full: bool) -> bytes:
    return file_of(
        [text.replace("2010BBNM1XPayer identifier", "CX014") for text in texts(whole_set(full=full))]
    )


def test_there_is_much_to_ask() -> None:
    assert len(ASKS) > 900


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_guides_own_findings_stay(file: Path) -> None:
    octets = file.read_bytes()
    assert own(found(octets, everything())) == found(octets)


@pytest.mark.parametrize("full", [True, False])
def test_asked_of_a_payer_is_asked_of_its_claims(
    full: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("payer")
    octets = whole(full)
    assert found(octets) == []
    assert found(octets, for_payer("CX014", folder)) == found(octets, everything()) != []
    assert found(octets, for_payer("CX0140", folder)) == []


@pytest.mark.parametrize("full", [True, False])
def test_a_place_has_one_finding_of_a_kind(full: bool) -> None:
    places = [
        (each.rule, each.position, each.loop, each.segment, each.element, each.message)
        for each in found(whole(full), everything())
    ]
    assert len(places) == len(set(places))


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(ASKS), min_size=1, max_size=4), st.sampled_from(FILES))
def test_any_overlay_of_any_file(asks: set[str], file: Path) -> None:
    octets = file.read_bytes()
    assert own(found(octets, OverlayRules(VERSION, overlay(*asks).situations))) == found(octets)


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_a_text_that_is_no_overlay_is_told_why(text: str) -> None:
    with pytest.raises(SettingsError, match=r"p\.toml"):
        read_overlay(text, "p.toml")
