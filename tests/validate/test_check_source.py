"""The checks of a loop, written out as one function."""

from __future__ import annotations

import random

import pytest
from disorder import CLAIM, bases, disordered, judged

from edi.validate.frame import Frame
from edi.validate.situations import Due
from edi.validate.walk import Walk


def test_one_look_at_a_loop_sees_all_that_a_check_alone_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look passes over a check whose gate is shut; then the check alone finds nothing either."""
    settle, seen = Walk._settle, set[str]()

    def both(walk: Walk, frame: Frame, position: int) -> None:
        due: Due = walk.machine.checks[frame.node]
        looked = due.look(frame)
        for number, check in enumerate(due.checks):
            if not check.is_shared and any(check.failing(frame)):
                seen.add(check.situation.id)
                assert number in looked
        settle(walk, frame, position)

    monkeypatch.setattr(Walk, "_settle", both)
    chance = random.Random(1)
    words = ("", "1", "2", "PB", "7", "AA", "18", "S", "R", "D2750", "AD:D2391", "20991231", "OO", "-1", "M")
    for _ in range(150):
        segments, _ = disordered(chance.choice(bases(CLAIM)), chance.randint, chance.choice((0, 1)))
        for _ in range(6):
            at = chance.randrange(1, len(segments) - 1)
            fields = segments[at].split("*")
            place = chance.randint(1, len(fields))
            fields[place : place + 1] = [chance.choice(words)]
            segments[at] = "*".join(fields)
        judged(CLAIM, segments)
    assert len(seen) > 15
