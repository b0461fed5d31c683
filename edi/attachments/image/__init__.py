"""Images: checked and opened within bounds."""

from edi.attachments.image.check import CHECKED, LARGEST, image_problem
from edi.attachments.image.opening import FORMATS, ImageError, ImageSizeError, opened_image

__all__ = ["CHECKED", "FORMATS", "LARGEST", "ImageError", "ImageSizeError", "image_problem", "opened_image"]
