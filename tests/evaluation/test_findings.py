"""Published findings, and harm by group."""

import pandas as pd
import pytest

from scslab.analysis.estimate import wilson
from scslab.core.errors import ScslabError
from scslab.evaluation.findings import finding, findings
from scslab.evaluation.harm import SMALLEST_N, wrongful_by_group


def test_every_finding_has_a_source():
    assert len(findings()) > 20
    for name, found in findings().items():
        assert found.id == name
        assert found.source
        assert found.quantity
        assert found.value


def test_a_misspelt_finding_is_told_with_the_nearest():
    with pytest.raises(ScslabError, match='no finding "S022"'):
        finding("S022", "study.yaml:1")


def test_a_sign_is_no_number():
    signs = [f for f in findings().values() if not f.value.replace(".", "").lstrip("-").isdigit()]
    assert signs
    with pytest.raises(ScslabError, match="no single number"):
        _ = signs[0].number


def listings(rows: list[tuple]) -> pd.DataFrame:
    columns = ["regime", "month", "sex", "covered", "entries", "wrongful_entries"]
    return pd.DataFrame(rows, columns=columns)


def test_harm_adds_up_over_months():
    rows = [
        ("a", "2020-01", "female", 1000, 20, 2),
        ("a", "2020-02", "female", 1000, 20, 3),
        ("a", "2020-01", "male", 500, 3, 0),
        ("a", "2020-02", "male", 500, 4, 1),
    ]
    female, male = wrongful_by_group(listings(rows), "sex", ["female", "male"])
    assert (female.n, female.wrongful, female.share) == (40, 5, 0.125)
    assert (female.low, female.high) == wilson(5, 40)
    assert female.per_100k == pytest.approx(5 / 2000 * 12 * 100_000)
    assert female.shown
    assert (male.n, male.wrongful, male.shown) == (7, 1, False)
    assert female.n >= SMALLEST_N > male.n


def test_harm_keeps_regimes_apart_and_leaves_the_uncovered_out():
    rows = [
        ("a", "2020-01", "female", 1000, 20, 2),
        ("b", "2020-01", "female", 1000, 10, 9),
        ("b", "2020-01", "male", 0, 0, 0),
    ]
    found = wrongful_by_group(listings(rows), "sex", ["female", "male", "other"])
    assert [(g.regime, g.category, g.wrongful) for g in found] == [
        ("a", "female", 2),
        ("b", "female", 9),
    ]


def test_nobody_listed_is_no_share_and_no_division_by_zero():
    (group,) = wrongful_by_group(listings([("a", "2020-01", "female", 9, 0, 0)]), "sex", ["female"])
    assert (group.share, group.low, group.high, group.shown) == (0.0, 0.0, 1.0, False)
