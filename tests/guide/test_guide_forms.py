"""Each form takes what is right and refuses what is nearly right."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.guide.forms import FORMS, Form, forms_of, npi_check


def takes(name: str, value: str) -> bool:
    form = FORMS[name]
    return bool(re.fullmatch(form.pattern, value)) and (form.check is None or form.check(value))


GOOD_AND_BAD = {
    "DATE": ("20260228", "20260229 2026022 202602280 20261301 20260100 00000101"),
    "D8": ("20240229 20000229 19991231", "19000229 20250229 20240230 20240431 2024-01-01"),
    "RD8": ("20240101-20240101 20240228-20240301", "20240102-20240101 20240101 20240101-20240230"),
    "YYMMDD": ("260101 240229 000229", "250229 261301 26010 20260101"),
    "HHMM": ("0000 2359", "2400 1260 930 093000"),
    "TM": ("0930 093059 0930591 09305912", "09305 2400 096000 093060 093059123"),
    "SEPARATOR": ("^ : | ~", "A z 5 ::"),
    "LEVEL": ("1 20 999999999999", "0 01 1000000000000 A"),
    "COUNTER": ("1 50 999999", "0 01 1000000 1.0"),
    "OCTETS": ("0 1336 0064", "-5 1.5 1234567890123456 many"),
    "WHOLE": ("1 12", "0 1.5 -1 2."),
    "NPI": ("1234567893 1245319599", "1234567890 123456789 12345678930 123456789X"),
    "TAXID": ("123456789", "12-3456789 12345678 1234567890"),
    "TAXONOMY": ("122300000X 1223E0200X", "122300000 1223E0200x 1223E-200X"),
    "STATE": ("CA PR ON AE", "ZZ ca C CAL"),
    "POSTAL": ("12345 123456789 K1A0B1", "12345-6789 12 1234567890123456"),
    "COUNTRY": ("US MX", "U USA us"),
    "CURRENCY": ("USD CAD", "US usd DOLL"),
    "ICD10": ("K0401 K041 S02540A C7A1 U071 Z00", "K04.01 K0 04101 K0401ABCD k0401"),
    "ICD9": ("5220 V723 E8889 522 52200", "522.0 V7 E88 5220000 52"),
    "SNODENT": ("210965D", "21 21-0965"),
    "CDT": ("D3351 D0140", "D335 3351 D33510 d3351 D335A"),
    "POS": ("11 02", "1 111 1A"),
    "TOOTH": ("1 32 A T 51 82 AS TS", "0 33 50 83 01 U US ASS"),
}


def test_every_form_has_examples() -> None:
    assert set(GOOD_AND_BAD) == set(FORMS)


@pytest.mark.parametrize("name", GOOD_AND_BAD)
def test_good_and_bad_values(name: str) -> None:
    good, bad = GOOD_AND_BAD[name]
    assert [value for value in good.split() if not takes(name, value)] == []
    assert [value for value in bad.split() if takes(name, value)] == []


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_patterns_can_stand_inside_a_bigger_one(form: Form) -> None:
    assert re.compile(form.pattern).groups == 0
    assert form.pattern.isascii()
    assert "\\d" not in form.pattern  # it would take digits of other scripts
    assert re.fullmatch(rf"(?:(?:{form.pattern})\*)?", "") is not None


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@given(data=st.data())
def test_lengths_are_what_the_pattern_matches(form: Form, data: st.DataObject) -> None:
    value = data.draw(st.from_regex(form.pattern, fullmatch=True))
    assert form.low <= len(value) <= form.high


@given(st.integers(1000, 2999), st.integers(0, 13), st.integers(0, 32))
def test_days_are_those_of_the_calendar(year: int, month: int, day: int) -> None:
    try:
        real = bool(date(year, month, day))
    except ValueError:
        real = False
    assert takes("D8", f"{year}{month:02}{day:02}") is real
    if year // 100 == 20:
        assert takes("YYMMDD", f"{year % 100:02}{month:02}{day:02}") is real


@given(st.integers(0, 999_999_999))
def test_one_check_digit_of_ten_is_right(stem: int) -> None:
    assert sum(npi_check(f"{stem:09}{digit}") for digit in range(10)) == 1


@given(st.integers(0, 9_999_999_999), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: int, place: int, shift: int) -> None:
    npi = f"{number:010}"
    wrong = npi[:place] + str((int(npi[place]) + shift) % 10) + npi[place + 1 :]
    assert not (npi_check(npi) and npi_check(wrong))


def test_a_form_with_alternatives() -> None:
    assert [form.name for form in forms_of("D8|RD8")] == ["D8", "RD8"]
    assert forms_of("") == ()
    with pytest.raises(KeyError):
        forms_of("D9")
