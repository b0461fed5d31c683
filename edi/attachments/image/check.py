"""The check of an image before it is sent: it must decode, with nothing missing."""

from __future__ import annotations

import io
from itertools import count
from typing import Final

from edi.attachments.image import jpeg, png
from edi.attachments.image.dicom import dicom_problem
from edi.attachments.image.opening import FORMATS, ImageError, ImageSizeError, bound_pixels, opened_image
from edi.visit.facts import FileProblem

_DICOM: Final = "application/dicom"
CHECKED: Final = frozenset((*FORMATS, _DICOM))
"""The media types of images."""
LARGEST: Final = 64 * 1024 * 1024
"""Octets of the largest image that is decoded. A larger one is refused for its size, whatever the payer takes."""


def image_problem(octets: bytes, media_type: str) -> FileProblem | None:
    """The problem of an image of a media type in CHECKED; None when all of it can be seen."""
    if media_type == _DICOM:
        return dicom_problem(octets)
    try:
        if media_type == "image/jpeg":
            _decode_jpeg(octets)
        elif media_type == "image/png":
            _decode_png(octets)
        else:
            _decode_tiff(octets)
    except ImageError as error:
        return "truncated" if error.cut else "does-not-open"
    except ImageSizeError:
        return "too-many-pixels"
    return None


def _decode_jpeg(octets: bytes) -> None:
    parts = jpeg.layout(octets)
    if parts is None:
        raise ImageError
    bound_pixels(parts.frame.width * parts.frame.height)
    if jpeg.is_cut(parts):
        raise ImageError(cut=True)
    with opened_image(io.BytesIO(jpeg.bare_scan(octets, parts)), "image/jpeg") as image:
        image.draft("L", (1, 1))  # every code is read, and an eighth of the pixels is made of them
        image.load()


def _decode_png(octets: bytes) -> None:
    with opened_image(io.BytesIO(octets), "image/png") as image:
        if png.is_cut(octets):
            raise ImageError(cut=True)
        image.verify()  # the checksum of every chunk
    with opened_image(io.BytesIO(octets), "image/png") as image:
        image.load()


def _decode_tiff(octets: bytes) -> None:
    with opened_image(io.BytesIO(octets), "image/tiff") as image:
        pixels = 0
        for page in count():
            try:
                image.seek(page)
            except EOFError:
                return
            pixels += image.width * image.height
            bound_pixels(pixels)
            image.load()
