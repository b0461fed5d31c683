"""A buffer between a stream and the reader: text that was read and not yet taken."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

CHUNK = 1 << 16  # octets read at once; larger pieces cost new pages of memory each time


class Source:
    """`more` adds to `text`; the reader cuts off what it takes from the beginning. Text is decoded as Latin-1, one
    character a byte."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream: BinaryIO = stream
        self.text = ""
        self.done = False
        self._joined = False

    def more(self) -> bool:
        """Read another chunk onto the text; False at the end of the file."""
        chunk = self._stream.read(CHUNK)
        self.done = not chunk
        text = chunk.decode("latin-1")
        self.text += _on_one_line(text) if self._joined else text
        return not self.done

    def join_lines(self) -> None:
        """Drop the line breaks of all that is still to be taken."""
        self._joined = True
        self.text = _on_one_line(self.text)

    def abandon(self) -> None:
        """Drop the rest of the file, which cannot be read."""
        self.text, self._stream = "", BytesIO()

    def octets(self, count: int) -> bytes:
        """Take up to `count` octets, from the text first, then from the stream; b"" at the end of the file."""
        if self.text:
            taken, self.text = self.text[:count], self.text[count:]
            return taken.encode("latin-1")
        piece = self._stream.read(min(count, CHUNK))
        self.done = not piece
        return piece


def _on_one_line(text: str) -> str:
    return text.replace("\r", "").replace("\n", "")
