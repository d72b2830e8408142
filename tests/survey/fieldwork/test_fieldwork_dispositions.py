"""Dispositions and rates, against the figures of another package and worked by hand."""

import math

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.survey.fieldwork import counts, dispose, disposition_table, rates
from scslab.survey.fieldwork.dispositions import OUTCOMES, SAYS, SHOWN


def cases(**times):
    """Codes, by group: one code stands for each."""
    of = {"I": 1100, "P": 1200, "R": 2110, "NC": 2200, "O": 2300, "UO": 3190, "NE": 4700}
    return np.concatenate([np.full(k, of[g]) for g, k in times.items()])


def test_rates_as_outcomerate_prints_them():
    # R outcomerate 1.1.0 (README): I 4, P 2, R 1, NC 1, O 1, UH 1, UO 1, NE 1, three digits.
    got = rates(cases(I=4, P=2, R=1, NC=1, O=1, UO=2, NE=1))
    want = {
        "RR1": 0.364,
        "RR2": 0.545,
        "RR5": 0.444,
        "RR6": 0.667,
        "COOP1": 0.500,
        "REF1": 0.091,
        "CON1": 0.727,
    }
    assert {k: round(got[k], 3) for k in want} == want


def test_rates_of_volunteers_by_hand():
    # 100 invited: 60 do not begin, 8 are screened out, 12 break off (2 with enough), 20 complete.
    codes = np.repeat([2112, 4800, 2120, 1200, 1100], [60, 8, 10, 2, 20])
    got = rates(codes)
    assert got["participation"] == pytest.approx(22 / 100)
    assert got["completion"] == pytest.approx(20 / 32)
    assert got["screened"] == pytest.approx(8 / 40)


def test_order_of_rates():
    rng = np.random.default_rng(2)
    for _ in range(50):
        got = rates(rng.choice(list(OUTCOMES), 200))
        assert got["RR1"] <= got["RR2"] <= got["RR6"] <= 1
        assert got["RR1"] <= got["RR5"] <= got["RR6"]
        assert got["RR1"] <= got["COOP1"]
        assert got["REF1"] <= got["CON1"] - got["RR2"] + 1e-12


def test_rates_of_nobody_are_missing():
    assert all(math.isnan(x) for x in rates(np.array([], dtype=np.int16)).values())


def test_codes_are_a_thousand_times_the_number():
    for code, outcome in OUTCOMES.items():
        assert code == round(1000 * float(outcome.number))
        assert code <= np.iinfo(np.int16).max


def test_a_drawn_sample():
    yes, no = True, False
    started = np.array([yes, yes, no, yes])
    finished = np.array([yes, no, yes, yes])
    reached = np.array([yes, yes, yes, no])
    assert dispose(started, finished, reached).tolist() == [1100, 2120, 2112, 2200]
    assert dispose(started, finished, not_begun=3190).tolist() == [1100, 2120, 3190, 1100]


def test_the_table_of_volunteers():
    codes = np.repeat([2112, 4800, 2120, 1100], [60, 8, 12, 20])
    table = disposition_table(codes, kind="opt-in", source="Wave 1", synthetic=True)
    assert (table.n, table.source, table.synthetic) == (100, "Wave 1", True)
    body = [row.cells for row in table.rows if row.kind == "body"]
    assert body == [
        ("1.1", "Complete", 20, 0.2),
        ("2.112", "Implicit refusal: invited, did not begin", 60, 0.6),
        ("2.12", "Break-off", 12, 0.12),
        ("4.80", "Screened out: quota filled", 8, 0.08),
    ]
    foot = {row.cells[1]: row.cells[3] for row in table.rows if row.kind == "foot"}
    assert foot[SAYS["participation"]] == 0.2
    assert foot[SAYS["completion"]] == 20 / 32
    assert not any("Response rate" in str(row.cells[1]) for row in table.rows)
    assert "has no response rate" in table.notes[1]
    assert "10th edition (2023)" in table.notes[0]


def test_the_table_of_a_drawn_sample():
    table = disposition_table(cases(I=6, R=2, NC=2), kind="drawn", source="Wave 1")
    foot = {row.cells[0]: row.cells[3] for row in table.rows if row.kind == "foot"}
    assert foot["RR1"] == 0.6
    assert foot["CON1"] == 0.8
    assert set(SHOWN["drawn"]) - {"completion"} <= set(foot)
    assert len(table.notes) == 1


def test_a_table_of_nobody():
    table = disposition_table(np.array([], dtype=np.int16), kind="drawn", source="Wave 1")
    assert table.n == 0
    assert all(row.cells[3] is None for row in table.rows)


def test_an_unknown_code_is_told():
    with pytest.raises(ScslabError, match="an unknown disposition"):
        counts(np.array([1100, 5]))
