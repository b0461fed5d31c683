"""Metadata of images (names, places, notes of a camera or a program), which is left out of what is sent.

`without_metadata` passes a PNG, JPEG or TIFF on without it; the picture, its colours and the way it is to be turned stay as they
are. Of other types everything passes: a PDF or a text is a document about the patient, not a picture with notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from edi.attachments.metadata import jpeg, png, tiff
from edi.attachments.metadata.reading import chunks

Cleaner = Callable[[BinaryIO, set[str]], Iterator[bytes]]

_CLEANERS: dict[str, Cleaner] = {
    "image/png": png.without_metadata,
    "image/jpeg": jpeg.without_metadata,
    "image/tiff": tiff.without_metadata,
}


def without_metadata(stream: BinaryIO, media_type: str | None, removed: set[str]) -> Iterator[bytes]:
    """The octets of `stream`, from its start, in chunks of some 64 KiB, without what may name patient or place.

    The kinds of what was left out are added to `removed`: "Exif", "location", "text", "comment", "XMP", "IPTC",
    "data behind the picture". What cannot be taken apart passes as it is: whether a file is whole is told elsewhere."""
    return _CLEANERS.get(media_type or "", _whole)(stream, removed)


def _whole(stream: BinaryIO, _removed: set[str]) -> Iterator[bytes]:
    return chunks(stream)
