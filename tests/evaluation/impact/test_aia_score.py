"""Canada's assessment: the score of the official tool, exact at its limits, and its range."""

import math

import numpy as np
import pytest
from whole_forms import answered, least, most

from scslab.evaluation.impact.aia_form import (
    DESIGN,
    IMPLEMENTATION,
    PHASE,
    Question,
    form,
)
from scslab.evaluation.impact.aia_score import Range, official, score


def as_the_tool(raw: float, mitigation: float, most_raw: float, most_mitigation: float):
    """`calculateFinalScore` of src/store.ts, line by line, in floating point."""
    percentage, deduction = 0.8, 0.15
    total = raw
    if mitigation >= percentage * (most_mitigation / 2):
        total = math.floor((1 - deduction) * raw + 0.5)  # Math.round
    if total <= most_raw * 0.25:
        return total, 1
    if total <= most_raw * 0.5:
        return total, 2
    return total, 3 if total <= most_raw * 0.75 else 4


@pytest.mark.parametrize(
    ("raw", "level"), [(0, 1), (25, 1), (26, 2), (50, 2), (51, 3), (75, 3), (76, 4), (100, 4)]
)
def test_a_limit_belongs_to_the_lower_level(raw: int, level: int) -> None:
    assert official(raw, 0, 100, 50) == (raw, level)


def test_exactly_eighty_percent_of_half_the_mitigation_is_enough() -> None:
    # Half of 50 is 25, and 80 % of it 20.
    assert official(60, 19, 100, 50) == (60, 3)
    assert official(60, 20, 100, 50) == (51, 3)
    # Of the form: half of 154 is 77, and 80 % of it 61.6.
    assert official(100, 61, 167, 154)[0] == 100
    assert official(100, 62, 167, 154)[0] == 85


@pytest.mark.parametrize(("raw", "current"), [(10, 9), (30, 26), (50, 43), (70, 60), (7, 6)])
def test_halves_are_rounded_up(raw: int, current: int) -> None:
    # 8.5, 25.5, 42.5, 59.5; 5.95. Python's own round would give 8 and 42.
    assert official(raw, 25, 100, 50)[0] == current


def test_the_reduction_can_lower_the_level() -> None:
    assert official(88, 0, 100, 50) == (88, 4)
    assert official(88, 25, 100, 50) == (75, 3)  # 74.8


def test_whole_numbers_give_what_the_tool_gives_in_floating_point() -> None:
    for raw in range(168):
        for mitigation in range(78):
            assert official(raw, mitigation, 167, 154) == as_the_tool(raw, mitigation, 167, 154)


def test_the_form_is_that_of_the_tool() -> None:
    found = form()
    assert (found.version, found.most("risk"), found.most("mitigation")) == ("1.0.1", 167, 154)
    assert sum(q.counts == "risk" for q in found.questions) == 70
    assert sum(q.counts == "mitigation" for q in found.questions) == 90
    assert "MIT License" in found.licence
    assert "Government of Canada" in found.licence
    assert [len(duty.levels) for duty in found.duties] == [4] * 7


def test_the_test_of_the_tool_itself() -> None:
    # tests/unit/store.spec.ts: three sectors, expected [3, 0, 3, 1].
    answers = {PHASE: (DESIGN,), "decisionSector1": ("item1-1", "item2-1", "item3-1")}
    found = score(answers)
    assert (found.raw.low, found.mitigation.low, found.current.low) == (3, 0, 3)
    assert official(3, 0, found.most_raw, found.most_mitigation) == (3, 1)


def test_whole_forms_by_hand() -> None:
    full = score(answered(most))
    assert full.complete
    # The largest risk answers open every further question; "Unsure" and "No" are not among them.
    assert (full.raw, full.mitigation) == (Range(167, 167), Range(77, 77))
    assert (full.current, full.level) == (Range(142, 142), Range(4, 4))  # 141.95 of 167
    bare = score(answered(least))
    assert bare.complete
    ones = ["aboutSystem11", "impact6", "impact7", "impact9", "impact24", "impact11", "impact13"]
    ones += ["impact15", "impact28", "aboutDataSource3", "aboutDataSource7", "aboutDataSource8"]
    # Twelve questions give 1 point at least, the kind of automation 2.
    assert bare.raw.low == len(ones) + 2
    assert (bare.mitigation.low, bare.level.low) == (0, 1)


def test_nothing_answered_is_the_whole_range() -> None:
    found = score({})
    assert (found.raw, found.current, found.level) == (Range(0, 167), Range(0, 167), Range(1, 4))
    assert found.mitigation == Range(0, 77)  # of one phase, not of both
    assert not found.complete


def test_a_question_that_is_ruled_out_counts_nothing() -> None:
    some = score({PHASE: (DESIGN,), "aboutAlgorithm8": ("item2-0",)})
    # 3 for learning, and 1 for watching it, are out of reach.
    assert some.raw == Range(0, 163)
    assert "aboutAlgorithm8A" not in some.unanswered


def test_no_whole_form_lies_outside_the_range_of_its_parts() -> None:
    rng = np.random.default_rng(3)

    def at_random(question: Question) -> tuple[str, ...]:
        if question.form == "several":
            return tuple(i.value for i in question.items if rng.random() < 0.5)
        return (str(rng.choice([item.value for item in question.items])),)

    for _ in range(40):
        whole = answered(at_random)
        end = score(whole)
        part = {k: v for k, v in whole.items() if rng.random() < 0.5}
        found = score(part)
        assert found.raw.low <= end.raw.low <= found.raw.high
        assert found.mitigation.low <= end.mitigation.low <= found.mitigation.high
        assert found.current.low <= end.current.low <= found.current.high
        assert found.level.low <= end.level.low <= found.level.high


def test_pages_add_up_to_the_whole() -> None:
    found = score({PHASE: (IMPLEMENTATION,), "impact30": ("item1-4",)})
    for counts, whole in (("risk", found.raw), ("mitigation", found.mitigation)):
        pages = [page for page in found.pages if page.counts == counts]
        assert sum(page.points.low for page in pages) == whole.low
        assert sum(page.points.high for page in pages) == whole.high
    assert any(page.id == "fairnessImplementation" for page in found.pages)
    assert all("Design" not in page.id for page in found.pages)
