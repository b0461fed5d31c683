"""Nights of a practice that has no luck: what was sent, refused, mended, taken back or cut off the night before."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from ledger_runs import House, samples, stopped_at, written

from edi.x12.output import _SECONDS_TO_LOCK, whole_file


@pytest.fixture
def house(tmp_path: Path, ledger_url: str) -> House:
    return House(tmp_path, ledger_url)


def next_night(folder: Path) -> None:
    """What lies in the output folder is of last night."""
    for left in folder.glob(".edi-*"):
        os.utime(left, (0, time.time() - 2 * _SECONDS_TO_LOCK))


class TestCutOff:
    RECORDS = samples(5)

    @pytest.mark.parametrize("between", ["nothing", "another house", "another file"])
    def test_what_may_have_been_sent_is_not_sent_again_the_next_night(
        self, house: House, tmp_path: Path, between: str
    ) -> None:
        """Whoever writes into the folder before, with another ledger or none, takes away no trace of the run."""
        with stopped_at("moved file 1"):
            house.killed(self.RECORDS)
        sent = written([house.out])[0]
        data = sent.read_bytes()
        sent.unlink()
        next_night(house.out)
        if between == "another house":
            other = House(tmp_path / "other", "sqlite:///edi.db")
            (other.folder / "edi.toml").write_text(
                (other.folder / "edi.toml").read_text().replace("TEST]", "OTHER]")
            )
            assert other.convert(samples(1, seed=2), house.out).accepted == 1
            for file in house.out.glob("OTHER-*"):
                file.unlink()
        elif between == "another file":
            with whole_file(house.out / "page.html") as stream:
                stream.write(b"")
            (house.out / "page.html").unlink()
        tally = house.convert(self.RECORDS)
        assert (tally.accepted, tally.unchanged) == (0, len(self.RECORDS))
        assert [Path(name).name for name in tally.finished] == [sent.name, "TEST-000000002.837"]
        sent.write_bytes(data)
        house.assert_whole(self.RECORDS)

    @pytest.mark.parametrize("step", ["files safe", "intended, not committed"])
    def test_what_was_never_intended_is_swept_by_its_own_ledger(self, house: House, step: str) -> None:
        with stopped_at(step):
            house.killed(self.RECORDS)
        assert list(house.out.glob(".edi-*"))
        assert house.convert([]).taken_back == []
        assert not list(house.out.glob(".edi-*"))
