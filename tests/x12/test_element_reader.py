"""Values are read where the guide says that they stand, and what a template wrote is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.guide.registry import guide
from edi.x12.element_reader import reader
from edi.x12.template import composite, template

DENTAL = guide("005010X224A2")
assert DENTAL is not None

CLAIM = ["CLM", "BSE-1", "1200", "", "", "11:B:7", "Y", "A", "Y", "Y"]


def test_one_ref_gives_its_value() -> None:
    assert reader(DENTAL, "2300", "CLM", "CLM02")(CLAIM) == "1200"
    assert reader(DENTAL, "2300", "CLM", "CLM05-3")(CLAIM) == "7"
    assert reader(DENTAL, "2300", "CLM", "CLM05")(CLAIM) == "11:B:7"


def test_several_refs_give_their_values_in_order() -> None:
    assert reader(DENTAL, "2300", "CLM", "CLM05-1", "CLM02", "CLM01")(CLAIM) == ("11", "1200", "BSE-1")


def test_what_a_segment_does_not_have_is_empty() -> None:
    read = reader(DENTAL, "2300", "CLM", "CLM20", "CLM11-4", "CLM11-1", "CLM01")
    assert read(["CLM"]) == ("", "", "", "")
    assert read(["CLM", "1", "2", "", "", "11:B:1", "Y", "A", "Y", "Y", "", "AA"]) == ("", "", "AA", "1")


def test_components_are_split_at_the_files_own_separator() -> None:
    assert reader(DENTAL, "2300", "CLM", "CLM05-3")(["CLM", "1", "2", "", "", "11>B>8"], ">") == "8"


def test_a_reader_knows_its_place_by_any_code_of_the_key() -> None:
    number = reader(DENTAL, "2010AA", "REF:SY", "REF02")
    assert number.place == ("2010AA", "REF:EI")
    assert number.place == reader(DENTAL, "2010AA", "REF:EI", "REF02").place


@pytest.mark.parametrize(
    ("loop_id", "address", "ref", "fault"),
    [
        ("2299", "CLM", "CLM01", KeyError),
        ("2300", "REF:XX", "REF02", KeyError),
        ("2300", "CLM", "CLM03", ValueError),  # not used
        ("2300", "CLM", "CLM11-3", ValueError),  # a component that is not used
        ("2300", "CLM", "CLM21", ValueError),
        ("2300", "CLM", "CLM05-4", ValueError),
        ("2300", "CLM", "CLM01-1", ValueError),
        ("2300", "CLM", "REF02", ValueError),
    ],
)
def test_a_wrong_address_does_not_build(loop_id: str, address: str, ref: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        reader(DENTAL, loop_id, address, ref)


def test_an_element_that_may_repeat_is_not_read_as_one() -> None:
    acknowledgment = guide("005010X231A1")
    assert acknowledgment is not None
    assert reader(acknowledgment, "2100", "CTX", "CTX02")(["CTX", "", "NM1"]) == "NM1"
    for ref in ("CTX01", "CTX01-1"):
        with pytest.raises(ValueError, match=f"CTX has no {ref} that comes once"):
            reader(acknowledgment, "2100", "CTX", ref)


@given(st.tuples(*[st.text("ABC 123", max_size=5).map(str.rstrip)] * 4))
def test_what_a_template_writes_is_read_back(values: tuple[str, ...]) -> None:
    entity, last, first, number = "1", *values[:3]
    refs = ("NM102", "NM103", "NM104", "NM109")
    written = template(DENTAL, "2010BA", "NM1:IL", "NM102", "NM103", "NM104", "NM108", "NM109")
    segment = written(entity, last, first, "MI", number)
    assert reader(DENTAL, "2010BA", "NM1:IL", *refs)(segment.split("*")) == (entity, last, first, number)
    pointers = template(DENTAL, "2400", "SV3", "SV301-2", "SV302", "SV311")
    line = pointers("D3351", "10", composite("1", "2", "4"))
    assert reader(DENTAL, "2400", "SV3", "SV301-2", "SV311-3")(line.split("*")) == ("D3351", "4")
