"""Large images made smaller, when the user asks for it: re-encoded until they are within a limit."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, BinaryIO

from edi.attachments.image import FORMATS, ImageError, ImageSizeError, opened_image

if TYPE_CHECKING:
    from PIL import Image

_LEAST_SIDE = 200  # pixels; below that nobody sees an apex
_MARGIN = 0.95
_OPTIONS: dict[str, dict[str, object]] = {
    "PNG": {"optimize": True},
    "JPEG": {"quality": 90, "optimize": True},
    "TIFF": {"compression": "tiff_adobe_deflate"},
}


def reduced_image(stream: BinaryIO, media_type: str, limit: int) -> bytes | None:
    """The image of `stream` in its own format within `limit` octets, upright and without metadata; None when it cannot be
    read, has several pages, or would become too small to read."""
    from PIL import ImageOps

    try:
        with opened_image(stream, media_type) as image:
            if getattr(image, "n_frames", 1) > 1:
                return None
            return _reduced(ImageOps.exif_transpose(image), FORMATS[media_type], limit)
    except (ImageError, ImageSizeError):
        return None  # what is wrong with the file is told of the file as it is


def _reduced(image: Image.Image, kind: str, limit: int) -> bytes | None:
    from PIL.Image import Resampling

    scale = 1.0
    while True:
        width, height = max(1, int(image.width * scale)), max(1, int(image.height * scale))
        smaller = image if scale == 1.0 else image.resize((width, height), Resampling.LANCZOS)
        out = io.BytesIO()
        smaller.save(out, kind, **_OPTIONS[kind])
        if out.tell() <= limit:
            return out.getvalue()
        scale *= min(_MARGIN, math.sqrt(limit / out.tell()) * _MARGIN)
        if min(image.width * scale, image.height * scale) < _LEAST_SIDE:
            return None
