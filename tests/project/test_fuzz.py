"""Broken inputs: every reader refuses them with a finding or a sentence (`tests/helpers/fuzz.py`)."""

from __future__ import annotations

import pytest
from fuzz import FOUND, READERS, fault_of, fuzz


def test_what_once_broke_a_reader() -> None:
    for file in FOUND.glob("*/*"):
        assert fault_of(READERS[file.parent.name], file.read_bytes()) is None, file


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_broken_inputs(name: str) -> None:
    tried, faults = fuzz(name, seed=1, count=60)
    assert (tried, [fault for _, fault in faults]) == (60, [])
