"""What a claim can carry, and how the rest is spelled."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.visit.charset import ALLOWED, clean_text, is_plain, plain_spelling, unsafe_characters

_STRINGS = st.one_of(st.text(), st.text(alphabet='":,[]{}\\ab~*^é'), st.text(alphabet=sorted(ALLOWED)))
_RECORDS = st.recursive(
    st.one_of(_STRINGS, st.integers(), st.floats(allow_nan=False), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["a", "code", "line1"]), inner, max_size=3),
    ),
    max_leaves=12,
)


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    return [value] if isinstance(value, str) else []


@given(record=st.dictionaries(st.sampled_from(["visitId", "b"]), _RECORDS))
def test_a_plain_record_has_no_unsafe_character(record: dict[str, Any]) -> None:
    strings = _strings(record)
    if is_plain(record):
        assert not any(unsafe_characters(text) for text in strings)
    elif not any(character in text for text in strings for character in '"\\'):
        numbers_too_big = "0" * 17 in repr(record) or any(len(word) > 17 for word in repr(record).split())
        assert any(unsafe_characters(text) for text in strings) or numbers_too_big


@pytest.mark.parametrize("text", [":a", "a:", ":", "a:b", '":"', "a~", "*", "^", "é", "\x7f", "\n", "\ud800"])
def test_an_unsafe_string_is_seen_wherever_it_stands(text: str) -> None:
    for record in ({"k": text}, {"k": [text]}, {"k": ["a", text, "b"]}, {"k": {"l": text, "m": "x"}}):
        assert not is_plain(record)


@given(text=_STRINGS)
def test_cleaned_text_can_be_carried_and_is_clean_for_good(text: str) -> None:
    clean = clean_text(text)
    assert set(clean) <= ALLOWED
    assert clean == " ".join(clean.split())
    assert clean_text(clean) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Plain text; 3.5 mm (tooth 9)", "Plain text; 3.5 mm (tooth 9)"),
        ("Probing: 3 mm", "Probing - 3 mm"),
        ("seen at 10:30", "seen at 10.30"),
        ("epinephrine 1:100,000", "epinephrine 1/100,000"),
        ("2 * 3 mm ~ 4 mm", "2x3 mm ca. 4 mm"),
        ("lesion ~5 mm", "lesion ca. 5 mm"),
        ("“open” – ‘wide’…", "\"open\" - 'wide'..."),
        ("Zoë Müller-Ångström", "Zoe Muller-Angstrom"),
        ("ﬁlm ½ ≤ 5 µm × 2", "film 1/2 <= 5 um x 2"),
        ("two\r\nlines\tand  gaps ", "two lines and gaps"),
        ("歯 9", "? 9"),
        ("e\u0301t\u0301", "et"),
        # a mark that may mean something else is not read as a time, a ratio or "about"
        ("12:345", "12/345"),
        ("ratio 1 : 2", "ratio 1 - 2"),
        ("a:b", "a-b"),
        ("seen~often", "seen-often"),
        ("A* and B^2", "A and B 2"),
        ("№ 9 ☺", "No 9 ?"),
    ],
)
def test_free_text_keeps_its_words(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("character", "plain"), [("ñ", "n"), ("Ø", "O"), ("’", "'"), ("ß", "ss"), ("歯", None), ("\0", None)]
)
def test_a_plain_spelling_is_known_or_not(character: str, plain: str | None) -> None:
    assert plain_spelling(character) == plain
