"""Segments, runs and loops that are moved, dropped, doubled or swapped in valid sets: few findings, the right number of claims, and
work that grows with the file."""

from __future__ import annotations

import io
import random
import time

import pytest
from acknowledgment import answered, faults_of
from disorder import CLAIM, GUIDES, Change, bases, disordered, file_of, judged
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st
from x12_maker import texts, whole_set

from edi.validate.tree import Tree

MOST = 10
"""Findings at most for each piece that is not where it was, besides one for each of its segments."""


def most(made: list[Change]) -> int:
    """How many findings changes may make: a swap changes the place of two pieces."""
    return sum(each.count + MOST * (2 if each.kind == "swapped" else 1) for each in made)


@pytest.mark.parametrize("version", GUIDES)
@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(1, 2))
def test_one_or_two_changes_make_few_findings(version: str, data: st.DataObject, changes: int) -> None:
    base = data.draw(st.sampled_from(bases(version)))
    segments, made = disordered(base, lambda low, high: data.draw(st.integers(low, high)), changes)
    verdict = judged(version, segments)
    assert len(verdict.findings) <= most(made)
    if version == CLAIM:
        assert verdict.claims == sum(each.startswith("CLM*") for each in segments)
    tree = Tree(io.BytesIO(file_of(version, segments)), "x")
    shown = [each.finding for part in tree.parts() for each in getattr(part, "noted", ())]
    assert sorted(map(repr, shown)) == sorted(map(repr, verdict.findings))
    text, found = answered(file_of(version, segments))
    assert faults_of(text) == []
    assert [each.finding for each in found] == verdict.findings


def test_what_is_doubted_begins_no_earlier_than_what_is_kept() -> None:
    """One trouble soon after another, in a set that is shorter than what may be doubted."""
    segments = list(bases("005010X210")[1].segments)
    moved = segments[13:15]
    assert [each[:3] for each in moved] == ["TRN", "DTP"]
    found = judged("005010X210", [*segments[:13], *segments[15:-1], *moved, segments[-1]]).findings
    assert len(found) <= 3


def test_the_time_that_disorder_takes_grows_with_the_file() -> None:
    segments = texts(whole_set(full=False))
    head, claim, chance = segments[:10], segments[10:23], random.Random(1)

    def seconds(times: int) -> float:
        body = list(head)
        for number in range(2, times + 2):
            one = [each.replace("HL*2*", f"HL*{number}*") for each in claim]
            one.insert(chance.randint(1, 12), one.pop(chance.randint(1, 12)))
            body += one
        start = time.process_time()
        judged(CLAIM, [*body, "SE*0*0001"])
        return time.process_time() - start

    seconds(20)
    assert seconds(160) < 3 * seconds(80)


@pytest.mark.slow
def test_what_is_in_disorder_all_over_is_read_with_little_effort() -> None:
    """Where trouble comes upon trouble, no more is looked at and taken again than a few segments for each."""
    segments = texts(whole_set(full=False))

    def judge(count: int) -> None:
        body = (segments[10:23] * count)[:count]
        random.Random(1).shuffle(body)
        verdict = judged(CLAIM, [segments[0], *body, "SE*0*0001"])
        assert verdict.claims == sum(each.startswith("CLM*") for each in body)
        assert len(verdict.findings) < count

    judge(40)
    assert growth(judge, 300) < 6
