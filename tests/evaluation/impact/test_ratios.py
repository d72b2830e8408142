"""Impact ratios of a bias audit, by hand."""

import math

import pandas as pd
import pytest

from scslab.evaluation.impact.bias import flags
from scslab.evaluation.impact.ratios import groups_of, ratio_interval


def rows(**counts: tuple[int, int]) -> pd.DataFrame:
    """Groups with (pool, selected); a name that begins with an underscore is missing."""
    return pd.DataFrame(
        {
            "group": pd.Categorical(
                [None if name.startswith("_") else name for name in counts],
                [name for name in counts if not name.startswith("_")],
                ordered=True,
            ),
            "pool": [n for n, _ in counts.values()],
            "selected": [k for _, k in counts.values()],
        }
    )


def test_rates_ratios_and_the_line() -> None:
    groups, missing = groups_of(
        rows(a=(200, 100), b=(100, 40), c=(100, 39), _none=(7, 7)), ("group",)
    )
    assert missing == 7
    assert [group.rate for group in groups] == [0.5, 0.4, 0.39]
    assert [round(group.ratio, 3) for group in groups] == [1.0, 0.8, 0.78]
    assert [group.best for group in groups] == [True, False, False]
    # At 0.8 a group is not below the line.
    assert [list(flags(group)) for group in groups] == [[], [], ["below 0.8"]]
    assert math.isnan(groups[0].low)


def test_a_group_under_two_percent_is_printed_but_no_reference() -> None:
    groups, _ = groups_of(rows(a=(980, 490), tiny=(19, 19), other=(1, 0)), ("group",))
    tiny = groups[1]
    assert tiny.small
    assert not tiny.best
    assert groups[0].best
    assert tiny.ratio == 2.0
    assert list(flags(tiny)) == ["under 2 %, may be left out"]


def test_exactly_two_percent_is_not_small() -> None:
    groups, _ = groups_of(rows(a=(980, 490), edge=(20, 20)), ("group",))
    assert not groups[1].small
    assert groups[1].best


def test_intersections_add_over_rows() -> None:
    frame = pd.DataFrame(
        {
            "sex": ["f", "f", "m", "m", "m"],
            "place": ["x", "x", "x", "y", None],
            "pool": [50, 50, 100, 100, 9],
            "selected": [25, 35, 30, 45, 9],
        }
    )
    groups, missing = groups_of(frame, ("sex", "place"))
    assert [(g.name, g.n, g.selected) for g in groups] == [
        ("f, x", 100, 60),
        ("m, x", 100, 30),
        ("m, y", 100, 45),
    ]
    assert [g.ratio for g in groups] == pytest.approx([1.0, 0.5, 0.75])
    assert missing == 9


def test_the_interval_by_hand() -> None:
    # Variance of the logarithm: 1/40 - 1/100 + 1/50 - 1/100 = 0.025.
    low, high = ratio_interval(40, 100, 50, 100)
    half = 1.959963984540054 * math.sqrt(0.025)
    assert (low, high) == pytest.approx((0.8 * math.exp(-half), 0.8 * math.exp(half)))


def test_nobody_selected_has_no_ratio() -> None:
    groups, _ = groups_of(rows(a=(100, 0), b=(100, 0)), ("group",))
    assert all(math.isnan(group.ratio) for group in groups)
    assert list(flags(groups[0])) == []
