"""Nights with faults mixed in (`tests/helpers/soak.py`): three minutes of them where CI is set, some seconds elsewhere."""

from __future__ import annotations

import os

import pytest
from soak import soak


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
def test_nights_with_faults() -> None:
    assert soak(180 if os.environ.get("CI") else 15, seed=1).nights
