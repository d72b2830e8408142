"""The quality screen flags planted cheaters, by the indices of R's careless, and drops nobody."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, MissingCode, Variable
from scslab.survey.screen import (
    Attention,
    Clause,
    Grid,
    Impossible,
    Screen,
    ScreenPlan,
    screen,
)
from scslab.survey.screen.duplicates import group_sizes
from scslab.survey.screen.multivariate import mahalanobis
from scslab.survey.screen.straight import even_odd, longest_run, variability

ITEMS = tuple(f"q{k}" for k in range(1, 19))
SIZES = (5, 4, 6, 3)


def answers_of(columns: dict[str, object], **variables: Variable) -> Answers:
    frame = pd.DataFrame(columns)
    kinds = {
        name: "text" if frame[name].dtype == object or str(frame[name].dtype) == "str" else "number"
        for name in frame
    }
    said = {
        name: variables.get(name, Variable(name, kind=kinds[name]))  # type: ignore[arg-type]
        for name in frame
    }
    return Answers(frame, said, source="test")


@pytest.fixture(scope="module")
def careless() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).parent / "careless_values.csv")


def test_indices_equal_careless(careless: pd.DataFrame) -> None:
    x = careless[list(ITEMS)].to_numpy().T
    known = ~np.isnan(x).all(axis=0)
    assert (longest_run(x)[known] == careless["longstring"][known]).all()
    np.testing.assert_allclose(variability(x), careless["irv"], rtol=1e-12, atol=1e-14)
    ends = np.cumsum(SIZES)
    scales = [x[end - size : end] for end, size in zip(ends, SIZES, strict=True)]
    np.testing.assert_allclose(even_odd(scales), careless["evenodd"], rtol=1e-9, atol=1e-12)
    found = mahalanobis(x)
    np.testing.assert_allclose(found.squared, careless["mahad"], rtol=1e-10)
    assert found.redundant == ()


def test_turning_items_round_by_hand_or_by_plan_is_one_even_odd(careless: pd.DataFrame) -> None:
    ends = np.cumsum(SIZES)
    grids = tuple(
        Grid(ITEMS[end - size : end], scale=(1, 5)) for end, size in zip(ends, SIZES, strict=True)
    )
    columns = {name: careless[name] for name in ITEMS}
    straight = screen(answers_of(columns), ScreenPlan(scales=grids)).check("even_odd")
    np.testing.assert_allclose(straight.values, careless["evenodd"], rtol=1e-9, atol=1e-12)
    columns["q2"] = 6 - columns["q2"]
    turned = (replace(grids[0], reverse=("q2",)), *grids[1:])
    again = screen(answers_of(columns), ScreenPlan(scales=turned)).check("even_odd")
    np.testing.assert_array_equal(again.values, straight.values)
    assert again.flagged.sum() == (straight.values > -0.3).sum() > 0


def planted(n: int = 2000, seed: int = 5) -> tuple[Answers, dict[str, np.ndarray], ScreenPlan]:
    """Honest respondents with traits, and a tenth who cheat in one of four ways."""
    draw = np.random.default_rng(seed)
    items = tuple(f"i{k}" for k in range(24))
    trait = np.repeat(draw.normal(size=(n, 4)) * 0.9, 6, axis=1)
    x = np.clip(np.round(3 + trait + draw.normal(size=(n, 24)) * 0.7), 1, 5)
    reverse = tuple(items[k] for k in range(1, 24, 3))
    for k in range(1, 24, 3):
        x[:, k] = 6 - x[:, k]
    seconds = draw.lognormal(6, 0.3, n)
    who = draw.permutation(n)[:200].reshape(4, 50)
    kinds = dict(zip(("line", "random", "fast", "copy"), who, strict=True))
    x[kinds["line"]] = draw.integers(1, 6, size=(50, 1))
    x[kinds["random"]] = draw.integers(1, 6, size=(50, 24))
    seconds[kinds["fast"]] = draw.uniform(20, 80, 50)
    x[kinds["copy"]] = x[np.repeat(kinds["copy"][:10], 5)]
    grids = tuple(
        Grid(block, tuple(item for item in block if item in reverse), (1, 5))
        for block in (items[6 * k : 6 * k + 6] for k in range(4))
    )
    plan = ScreenPlan(
        seconds="seconds", items=items, grids=grids, scales=grids, duplicates=items,
        mahalanobis_p=0.001, irv_below=0.3,
    )  # fmt: skip
    columns = {name: x[:, k] for k, name in enumerate(items)} | {"seconds": seconds}
    return answers_of(columns), kinds, plan


def rates(result: Screen, check: str, cheats: np.ndarray, all_cheats: np.ndarray) -> tuple:
    """Hit rate among these cheaters, false-alarm rate among the honest."""
    honest = np.setdiff1d(np.arange(result.n), all_cheats)
    flagged = result.check(check).flagged
    return flagged[cheats].mean(), flagged[honest].mean()


@pytest.mark.parametrize(
    ("kind", "check", "hits", "alarms"),
    [
        ("line", "longest_run", 1.0, 0.001),
        ("line", "straight_grids", 1.0, 0.001),
        ("line", "opposed_items", 0.7, 0.03),  # the fifth that ticks the middle says nothing
        ("line", "variability", 1.0, 0.001),
        ("random", "even_odd", 0.5, 0.25),
        ("random", "mahalanobis", 0.9, 0.05),
        ("fast", "speeders", 1.0, 0.001),
        ("copy", "duplicates", 1.0, 0.001),
    ],
)
def test_planted_cheaters_are_found(kind: str, check: str, hits: float, alarms: float) -> None:
    answers, kinds, plan = planted()
    result = screen(answers, plan)
    hit, alarm = rates(result, check, kinds[kind], np.concatenate(list(kinds.values())))
    assert hit >= hits
    assert alarm <= alarms


def test_two_flags_catch_cheaters_and_spare_the_honest() -> None:
    answers, kinds, plan = planted()
    result = screen(answers, plan)
    all_cheats = np.concatenate(list(kinds.values()))
    honest = np.setdiff1d(np.arange(result.n), all_cheats)
    assert result.flagged(at_least=2)[kinds["line"]].mean() == 1.0
    assert result.flagged(at_least=2)[honest].mean() < 0.02
    assert result.n == answers.n == 2000  # nobody is dropped


def test_overlap_and_tables_add_up() -> None:
    answers, _, plan = planted()
    result = screen(answers, plan)
    rows = [row.cells for row in result.overlap().rows]
    assert sum(row[1] for row in rows) == 2000
    assert sum(row[0] * row[1] for row in rows) == sum(c.n_flagged for c in result.checks)
    assert rows[2][3] == result.flagged(at_least=2).sum()
    shown = {row.cells[0]: row.cells[3] for row in result.table().rows}
    assert shown["Too fast"] == result.check("speeders").flagged.sum()
    assert {t.id for t in result.tables()} == {"screen", "screen-overlap"}  # nothing is missing


def test_speeders_by_share_of_the_median_and_by_seconds() -> None:
    answers = answers_of({"s": [90.0, 100.0, 300.0, 330.0, np.nan]})
    result = screen(answers, ScreenPlan(seconds="s"))  # median of four: 200, a third: 66.7
    assert result.check("speeders").n_flagged == 0
    assert result.check("speeders").threshold == pytest.approx(200 / 3)
    assert result.check("speeders").judged == 4
    slow = screen(answers, ScreenPlan(seconds="s", seconds_below=95))
    assert slow.flagged().tolist() == [True, False, False, False, False]


def test_pages_too_fast() -> None:
    answers = answers_of({"p1": [30.0, 30, 5], "p2": [60.0, 60, 61], "p3": [9.0, 9, 1]})
    check = screen(answers, ScreenPlan(page_seconds=("p1", "p2", "p3"))).checks[0]
    np.testing.assert_allclose(check.values, [0, 0, 2 / 3])
    assert check.flagged.tolist() == [False, False, True]


def test_contradictions_count_and_skip_the_missing() -> None:
    answers = answers_of(
        {
            "born": [1980.0, 1990, 2000, np.nan],
            "born2": [1980.0, 1991, 1985, 1970],
            "age": [40.0, 30, 15, 12],
            "sex": ["m", "f", "m", "f"],
            "children": [0.0, 2, 4, np.nan],
        }
    )
    plan = ScreenPlan(
        agree=(("born", "born2"),),
        agree_within=1,
        impossible=(
            Impossible(
                "a parent under 16", (Clause("age", "<", 16), Clause("children", ">=", 1))
            ),
        ),
    )  # fmt: skip
    check = screen(answers, plan).check("inconsistent")
    np.testing.assert_array_equal(check.values, [0, 0, 2, np.nan])
    assert check.flagged.tolist() == [False, False, True, False]
    assert "a parent under 16" in check.rule
    text = ScreenPlan(impossible=(Impossible("x", (Clause("sex", "in", ("m", "x")),)),))
    assert screen(answers, text).flagged().tolist() == [True, False, True, False]


def test_duplicates_of_answers_and_ids() -> None:
    answers = answers_of(
        {
            "a": [1.0, 1, np.nan, np.nan, 2, np.nan],
            "b": [1.0, 1, 3, 3, 2, np.nan],
            "device": ["x", "y", "z", "x", None, None],
        }
    )
    result = screen(answers, ScreenPlan(duplicates=("a", "b"), duplicate_ids=("device",)))
    np.testing.assert_array_equal(result.check("duplicates").values, [1, 1, 1, 1, 0, np.nan])
    np.testing.assert_array_equal(
        result.check("duplicate_ids").values, [1, 0, 0, 1, np.nan, np.nan]
    )


def test_duplicates_do_not_overflow() -> None:
    columns = [np.arange(500.0) + k for k in range(40)]  # 500 to the power 40 combinations
    assert group_sizes(columns).sum() == 0
    assert (group_sizes([np.append(c, c[0]) for c in columns])[[0, -1]] == 1).all()


def missing_answers() -> Answers:
    frame = pd.DataFrame({f"q{k}": [1.0 + k, np.nan, np.nan, np.nan] for k in range(6)})
    codes = (MissingCode(98, "Don't know", "dk"), MissingCode(97, "Not asked", "not_asked"))
    said = {name: Variable(name, missing=codes) for name in frame}
    marks = {name: np.array([0, 1, 2, -1], np.int16) for name in frame}
    marks["q0"] = np.array([0, 0, 2, -1], np.int16)
    frame.loc[1, "q0"] = 3.0
    return Answers(frame, said, marks)


def test_nonresponse_by_reason() -> None:
    result = screen(missing_answers(), ScreenPlan(items=tuple(f"q{k}" for k in range(6))))
    np.testing.assert_array_equal(result.check("dont_know").values, [0, 5, 0, 0])
    np.testing.assert_allclose(result.check("nonresponse").values, [0, 5 / 6, np.nan, 1])
    assert result.check("nonresponse").flagged.tolist() == [False, True, False, True]
    assert result.unanswered == (("blank", 6), ("not_asked", 6), ("dk", 5))
    assert [row.cells[0] for row in result.reasons().rows] == ["blank", "not asked", "dk"]


def test_a_block_without_covariance_leaves_the_other_checks() -> None:
    result = screen(missing_answers(), ScreenPlan(items=tuple(f"q{k}" for k in range(6))))
    assert "mahalanobis" not in [check.name for check in result.checks]
    assert any("fewer than two respondents in common" in text for text in result.warnings)


def test_attention_checks_not_asked_are_not_failed() -> None:
    frame = pd.DataFrame({"check": [4.0, 2.0, np.nan, np.nan]})
    codes = (MissingCode(98, "", "dk"), MissingCode(97, "", "not_asked"))
    answers = Answers(
        frame,
        {"check": Variable("check", missing=codes)},
        {"check": np.array([0, 0, 1, 2], np.int16)},
    )
    check = screen(answers, ScreenPlan(attention=(Attention("check", (4,)),))).checks[0]
    np.testing.assert_array_equal(check.values, [0, 1, 1, np.nan])
    assert check.flagged.tolist() == [False, True, True, False]


def test_field_dates_include_both_days() -> None:
    days = ["2024-02-29 23:59", "2024-03-01 00:00", "2024-03-31 23:59", "2024-04-02", None]
    frame = pd.DataFrame({"start": pd.to_datetime(days, format="ISO8601")})
    answers = Answers(frame, {"start": Variable("start", kind="datetime")})
    plan = ScreenPlan(started="start", field=("2024-03-01", "2024-03-31"))
    check = screen(answers, plan).checks[0]
    np.testing.assert_array_equal(check.values, [1, 0, 0, 2, np.nan])
    assert check.flagged.tolist() == [True, False, False, True, False]


def test_a_redundant_item_is_named_and_changes_nothing() -> None:
    draw = np.random.default_rng(2)
    x = draw.normal(size=(4, 300))
    more = np.vstack([x[:2], 3 - x[0] + 2 * x[1], x[2:], np.ones(300)])
    found = mahalanobis(more)
    assert found.redundant == (2, 5)
    np.testing.assert_allclose(found.squared, mahalanobis(x).squared, rtol=1e-9)
    answers = answers_of({f"q{k}": row for k, row in enumerate(more)})
    result = screen(answers, ScreenPlan(items=tuple(f"q{k}" for k in range(6))))
    assert any(w.startswith("q2 is left out of the Mahalanobis") for w in result.warnings)
    assert "4 df" in result.check("mahalanobis").rule


def test_different_scales_are_told() -> None:
    answers = answers_of({"a": [1.0, 5, 3], "b": [2.0, 10, 0]})
    result = screen(answers, ScreenPlan(items=("a", "b")))
    assert "1 to 5: a; 0 to 10: b" in result.warnings[0]
    assert result.warnings[0] in result.table().notes


def test_permuted_rows_permute_flags() -> None:
    answers, _, plan = planted(n=400)
    order = np.random.default_rng(0).permutation(400)
    moved = replace(answers, frame=answers.frame.iloc[order].reset_index(drop=True))
    np.testing.assert_array_equal(
        screen(moved, plan).counts(), screen(answers, plan).counts()[order]
    )


GOOD = {"a": [1.0, 2], "b": [2.0, 1], "t": ["x", "y"], "s": [5.0, -1], "none": [np.nan, np.nan]}


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (ScreenPlan(), "the screen has nothing to check"),
        (ScreenPlan(items=("a", "bb")), 'items: no variable "bb"\n  try: did you mean "b"?'),
        (ScreenPlan(items=("a",)), "items: a block needs at least two different items"),
        (ScreenPlan(items=("a", "t")), 'items: "t" is text, not a number'),
        (ScreenPlan(seconds="s"), "s: negative seconds\n  got: 1 rows; the first is row 2 (-1)"),
        (ScreenPlan(seconds="none"), "seconds: all answers are missing\n  got: none"),
        (ScreenPlan(seconds="a", fastest=2.0), "fastest: a share outside 0 to 1"),
        (ScreenPlan(started="t", field=("2024-01-02", "2024-01-01")), "field: field dates"),
        (ScreenPlan(started="t"), "field: field dates are needed"),
        (ScreenPlan(started="a", field=("2024-01-01", "2024-01-02")), "is number, not a date"),
        (ScreenPlan(scales=(Grid(("a", "b")),)), "needs at least three scales"),
        (ScreenPlan(grids=(Grid(("a", "b"), ("c",)),)), '"c" is reversed but no item'),
        (
            ScreenPlan(impossible=(Impossible("x", (Clause("t", "=", 1),)),)),
            "the condition t = 1 cannot be checked",
        ),
    ],
)
def test_mistakes(plan: ScreenPlan, message: str) -> None:
    with pytest.raises(ScslabError) as error:
        screen(answers_of(GOOD), plan)
    assert message in str(error.value)


def test_unknown_check_and_senseless_count() -> None:
    result = screen(answers_of(GOOD), ScreenPlan(items=("a", "b")))
    with pytest.raises(ScslabError, match='no check "speeder"'):
        result.check("speeder")
    with pytest.raises(ScslabError, match="at_least must be 1 or more"):
        result.flagged(at_least=0)


def test_a_hundred_thousand_respondents_take_a_few_seconds_at_most() -> None:
    answers, _, plan = planted(n=100_000)
    start = time.perf_counter()
    screen(answers, plan)
    assert time.perf_counter() - start < 4
