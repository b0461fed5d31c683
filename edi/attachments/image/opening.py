"""Images opened with Pillow, within bounds: a small file may ask for more memory than the machine has."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from edi.attachments.image import tiff

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

FORMATS: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/tiff": "TIFF"}
"""The images that are sent, each with Pillow's name for its format."""
_MOST_PIXELS: Final = 80_000_000  # a panoramic film has some 10 million, few photographs have 50


class ImageError(Exception):
    """The image cannot be decoded. `cut` tells that its data end too early."""

    def __init__(self, *, cut: bool = False) -> None:
        super().__init__()
        self.cut = cut


class ImageSizeError(Exception):
    """The image has more pixels or pages than are decoded."""


@contextmanager
def opened_image(stream: BinaryIO, media_type: str) -> Iterator[ImageFile]:
    """An image of a media type in FORMATS. Its size is known to be within bounds, and its pixels are not decoded yet.

    Raises ImageError and ImageSizeError, also for what Pillow meets in the body of the `with` statement."""
    # These classes alone: Image.open loads the code of every format that there is.
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile
    from PIL.TiffImagePlugin import TiffImageFile

    readers: dict[str, Callable[[BinaryIO], ImageFile]] = {
        "image/png": PngImageFile,
        "image/jpeg": JpegImageFile,
        "image/tiff": TiffImageFile,
    }
    is_tiff = media_type == "image/tiff"
    if is_tiff:
        _bound_tiff(stream)
    try:
        with warnings.catch_warnings(), _silenced() if is_tiff else nullcontext():
            warnings.simplefilter("ignore")  # what Pillow only warns of does not keep it from decoding
            with readers[media_type](stream) as image:
                bound_pixels(image.width * image.height)
                yield image
    except (ImageError, ImageSizeError):
        raise
    except Exception as error:  # whatever Pillow stumbles over in a hostile file
        raise ImageError(cut="truncated" in str(error)) from None


def bound_pixels(pixels: int) -> None:
    """Raise ImageSizeError when an image has more pixels than are decoded."""
    if pixels > _MOST_PIXELS:
        raise ImageSizeError


def _bound_tiff(stream: BinaryIO) -> None:
    directories = tiff.Directories(stream)
    pages = sum(1 for _ in directories.pages())
    if pages > tiff.MOST_PAGES:
        raise ImageSizeError
    if not pages or not directories.within_bounds:
        raise ImageError
    stream.seek(0)


@contextmanager
def _silenced() -> Iterator[None]:
    """Without the process's standard error: libtiff tells there what it finds wrong, and Pillow cannot stop it."""
    try:
        kept = os.dup(2)
    except OSError:  # the process has none
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
