"""Rows from comparisons of runs without waves."""

from dataclasses import replace

import pytest
from ledger_setups import finding

from scslab.core.results import Comparison
from scslab.evaluation.findings import findings
from scslab.evaluation.ledger.compared import from_comparison, from_comparisons


def of(
    name: str,
    simulated: float,
    interval: tuple[float, float] | None,
    published: float | None = None,
):
    found = findings()[name]
    return Comparison(
        finding=name,
        quantity=found.quantity,
        group=found.group,
        source=found.source,
        kind="share" if found.kind in ("share", "distribution") else found.kind,
        published=found.number if published is None else published,
        simulated=simulated,
        interval=interval,
        role="calibrated",
        note="",
    )


def test_a_count_with_its_poisson_interval_and_rounding():
    # 9,590,000 is rounded to 10,000: a standard deviation of 2,887 beside one of 20,408.
    row = from_comparison(of("S02", 9_560_000, (9_520_000, 9_600_000)), findings()["S02"])
    half = 1.959964 * ((80_000 / 2 / 1.959964) ** 2 + 10_000**2 / 12) ** 0.5
    assert (row.low[0], row.high[0]) == pytest.approx((9_560_000 - half, 9_560_000 + half))
    assert (row.agrees, row.role, row.seeds) == ("yes", "fitted", 1)
    far = from_comparison(of("S02", 9_400_000, (9_360_000, 9_440_000)), findings()["S02"])
    assert far.agrees == "no"


def test_a_share_adds_the_printed_sample():
    one = of("K01", 0.78, (0.77, 0.79))
    row = from_comparison(one, findings()["K01"])
    variance = (0.01 / 1.959964) ** 2 + 0.78 * 0.22 / 2209 + 0.0001 / 12
    assert row.high[0] == pytest.approx(0.78 + 1.959964 * variance**0.5)
    assert row.agrees == "yes"


def test_without_an_interval_nothing_agrees():
    row = from_comparison(of("K04", 0.49, None), findings()["K04"])
    assert row.agrees == "cannot be produced"
    assert row.reason.startswith("no interval")
    assert row.simulated == (0.49,)
    assert row.low == ()


RED = (0.0245, 0.1000, 0.7368, 0.1387)


def parts(*simulated: float) -> list[Comparison]:
    return [of("E01", s, (s - 0.02, s + 0.02), p) for s, p in zip(simulated, RED, strict=False)]


def test_parts_of_a_distribution_are_one_row():
    (row,) = from_comparisons(parts(0.03, 0.1, 0.73, 0.14), findings())
    assert (row.id, row.agrees, len(row.simulated)) == ("E01", "yes", 4)
    (row,) = from_comparisons(parts(0.03, 0.3, 0.53, 0.14), findings())
    assert row.agrees == "no"
    (row,) = from_comparisons(parts(0.03, 0.1), findings())
    assert (row.agrees, row.reason) == ("cannot be produced", "2 of 4 parts are compared")


def test_a_file_with_the_same_ids_for_other_findings_matches_nothing():
    mine = {"S02": finding("people on the moon", "2017", "count", "12", id="S02")}
    assert from_comparisons([of("S02", 9.5e6, (9.4e6, 9.6e6))], mine) == []


def test_a_file_with_other_ids_for_the_same_findings_is_judged_by_its_own_value():
    known = findings()["S02"]
    mine = {"Q7": replace(known, id="Q7", value="12000000")}
    (row,) = from_comparisons([of("S02", 9.5e6, (9.4e6, 9.6e6))], mine)
    assert (row.id, row.printed, row.agrees) == ("Q7", "12000000", "no")
