"""Which characters of a record may stand in a claim, and the plain spelling of those that may not.

A claim is written with the default delimiters `* ^ : ~`; a value may hold the other characters of X12's basic
and extended sets. Identifiers and names must be clean already (a rule says so); free text is rewritten here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

DELIMITERS = "*^:~"
_BASIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"&'()+,-./;?= "
_EXTENDED = "abcdefghijklmnopqrstuvwxyz%@[]_{}\\|<>#$"
ALLOWED = frozenset(_BASIC + _EXTENDED)

_UNSAFE = re.compile(f"[^{re.escape(_BASIC + _EXTENDED)}]")
_JSON_SAFE = "".join(ALLOWED - {'"', "\\"}).encode()

_SPELLINGS = {
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **{"×": "x", "÷": "/", "±": "+/-", "≤": "<=", "≥": ">=", "≈": "ca. ", "→": "->", "°": " deg"},
    **{"µ": "u", "μ": "u", "⁄": "/", "•": "-", "·": "-", "…": "..."},
    **{"ß": "ss", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l"},
    **{"Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Þ": "Th", "þ": "th", "ı": "i"},
}

_TIME = re.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?!\d)")
_RATIO = re.compile(r"(?<=\d):(?=\d)")
_LABEL = re.compile(r"\s*:(?=\s|$)")
_ABOUT = re.compile(r"~\s*(?=\d)")
_TIMES = re.compile(r"(?<=\d)\s*\*\s*(?=\d)")


def is_plain(record: Mapping[str, Any]) -> bool:
    """True when no string of the record holds a character that a claim could not carry as it is.

    False may be a false alarm (a backslash, a file name); `unsafe_characters` then tells for each string.
    """
    try:
        return is_plain_json(orjson.dumps(record))
    except TypeError:  # a lone surrogate, an integer past 64 bits
        return False


def is_plain_json(data: bytes) -> bool:
    """`is_plain` of a record's JSON text, which has no blanks between its values."""
    # Bytes that are harmless everywhere go first, in C. What is left of a plain record is `""` for each string
    # and `:` after each key; a colon inside a string keeps its two quotes apart, so that a quote remains.
    return not data.translate(None, _JSON_SAFE).replace(b'""', b"").strip(b":")


def has_unsafe(text: str) -> bool:
    """Whether a character of `text` may not stand in a claim."""
    return _UNSAFE.search(text) is not None


def unsafe_characters(text: str) -> list[str]:
    """The characters of `text` that may not stand in a claim, each once, in order."""
    return list(dict.fromkeys(_UNSAFE.findall(text)))


@lru_cache(maxsize=4096)
def plain_spelling(character: str) -> str | None:
    """The characters that stand for one character in a claim ("é" -> "e"), or None where none is known."""
    spelled = _SPELLINGS.get(character)
    if spelled is None:
        parts = unicodedata.normalize("NFKD", character)
        spelled = "".join(_SPELLINGS.get(part, part) for part in parts if not unicodedata.combining(part))
    return spelled if spelled and not _UNSAFE.search(spelled) else None


def clean_text(text: str) -> str:
    """Free text as a claim can carry it: the same words in allowed characters, on one line, single spaces.

    The same input always gives the same output; cleaning twice changes nothing more.
    """
    if _UNSAFE.search(text):
        text = "".join(map(_spelled_out, text))
        text = _TIME.sub(r"\1.\2", text)
        text = _RATIO.sub("/", text)
        text = _LABEL.sub(" -", text)
        text = _ABOUT.sub("ca. ", text)
        text = _TIMES.sub("x", text)
        text = _UNSAFE.sub(_last_resort, text)
    return " ".join(text.split())


def _spelled_out(character: str) -> str:
    if character in ALLOWED or character in DELIMITERS:
        return character
    if character.isspace() or unicodedata.category(character)[0] == "C":
        return " "
    if unicodedata.combining(character):  # an accent of its own, after the letter that it sits on
        return ""
    return plain_spelling(character) or "?"


def _last_resort(match: re.Match[str]) -> str:
    return "-" if match[0] in ":~" else " "
