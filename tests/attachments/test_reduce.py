"""Images made smaller: to the limit and not below it, and never so small that nobody could see an apex."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from edi.attachments.reduce import reduced_image

TYPES = ("image/png", "image/jpeg", "image/tiff")


def image(media_type: str, width: int, height: int) -> bytes:
    """An image that is the same on every run and hard to compress."""
    out = io.BytesIO()
    noise = random.Random(7).randbytes(width * height)
    Image.frombytes("L", (width, height), noise).save(out, media_type.partition("/")[2])
    return out.getvalue()


def reduced(octets: bytes, media_type: str, limit: int) -> bytes | None:
    return reduced_image(io.BytesIO(octets), media_type, limit)


@pytest.mark.parametrize("media_type", TYPES)
def test_an_image_of_exactly_the_limit_is_within_it(media_type: str) -> None:
    octets = image(media_type, 420, 400)
    whole = reduced(octets, media_type, 2**30)
    assert whole is not None
    assert reduced(octets, media_type, len(whole)) == whole
    smaller = reduced(octets, media_type, len(whole) - 1)
    assert smaller is not None
    assert len(smaller) < len(whole)
    assert Image.open(io.BytesIO(smaller)).width < 420


@pytest.mark.parametrize("media_type", TYPES)
def test_no_side_falls_below_what_shows_an_apex(media_type: str) -> None:
    octets = image(media_type, 900, 220)
    size = len(octets)
    while (smaller := reduced(octets, media_type, size)) is not None:
        assert len(smaller) <= size
        assert Image.open(io.BytesIO(smaller)).height >= 200
        size = len(smaller) - 1
    assert size > len(octets) / 3
