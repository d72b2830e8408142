"""The rule of agreement: closed cases, and its coverage under a true model."""

import numpy as np
import pytest
from ledger_setups import finding

from scslab.evaluation.ledger.agree import agree, significance, unit_of
from scslab.evaluation.ledger.records import Measured


def share(value: float, se: float = 0.02, n: int = 400, *bases: int) -> Measured:
    return Measured(value, se, n, bases=bases or (n,), is_share=True)


def effect(value: float, p: float, se: float = 0.1, n: int = 400) -> Measured:
    return Measured(value, se, n, p=p, bases=(n,))


def test_one_simulation_closed():
    # Variance: 0.02^2 of the mean, 0.02^2 x 400 / 100 of the printed sample, 0.01^2 / 12.
    row = agree(finding("q", value="0.85", n="100"), [share(0.77)])
    half = 1.959964 * np.sqrt(0.0004 + 0.0016 + 0.0001 / 12)
    assert (row.low[0], row.high[0]) == pytest.approx((0.77 - half, 0.77 + half))
    assert row.agrees == "yes"
    assert agree(finding("q", value="0.86", n="100"), [share(0.77)]).agrees == "no"
    assert agree(finding("q", value="0.85", n="400"), [share(0.77)]).agrees == "no"


def test_few_seeds_take_standard_errors_many_their_variance():
    few = agree(finding("q", n="400"), [share(0.5)] * 9)
    many = agree(finding("q", n="400"), [share(0.5 + 0.01 * (-1) ** k) for k in range(10)])
    rounding = 0.0001 / 12
    assert few.high[0] - few.low[0] == pytest.approx(
        2 * 1.959964 * np.sqrt(0.0004 / 9 + 0.0004 + rounding)
    )
    assert many.high[0] - many.low[0] == pytest.approx(
        2 * 1.959964 * np.sqrt(0.0001 * 10 / 9 / 10 + 0.0004 + rounding)
    )


def test_without_a_printed_n_that_of_the_simulation_is_taken():
    row = agree(finding("q"), [share(0.5)])
    assert row.notes == ("no n is printed: that of the simulation is taken",)
    assert row.high == agree(finding("q", n="400"), [share(0.5)]).high


def test_a_printed_n_counts_the_nearest_base():
    # Urban, 1,800 of 2,209: the paper prints the n of all.
    of_all = agree(finding("q", n="2209"), [share(0.5, 0.02, 1800, 1800, 2209)])
    of_group = agree(finding("q", n="1800"), [share(0.5, 0.02, 1800, 1800, 2209)])
    assert of_all.high == of_group.high == agree(finding("q"), [share(0.5)]).high


def test_a_share_that_nobody_gave_still_has_a_variance():
    row = agree(finding("q", value="0.01", n="200"), [share(0.0, 0.0, 200)] * 3)
    assert row.agrees == "yes"
    assert row.low == (0.0,)
    assert agree(finding("q", value="0.05", n="200"), [share(0.0, 0.0, 200)] * 3).agrees == "no"


def test_units_of_the_last_digit():
    said = {
        ("0.8", "share"): 0.01,
        ("0.0245", "distribution"): 0.0001,
        ("1", "share"): 0.01,
        ("3.60", "mean"): 0.01,
        ("4", "mean"): 1,
        ("9590000", "count"): 10_000,
        ("2457001", "count"): 1,
        ("1e-3", "log-odds"): 0.001,
    }
    for (printed, kind), unit in said.items():
        assert unit_of(printed, kind) == pytest.approx(unit), printed


SIGNS = [
    ("+", "", [(0.3, 0.01)] * 3, "yes", 1.0),
    ("+", "", [(0.3, 0.2)] * 3, "no", 0.0),
    ("+", "", [(-0.3, 0.01)] * 3, "no", 0.0),
    ("-", "significant", [(-0.3, 0.01)] * 3, "yes", 1.0),
    ("0", "", [(0.3, 0.2)] * 3, "yes", 1.0),
    ("0", "negative, not significant", [(0.3, 0.01)] * 3, "no", 0.0),
    ("+", "not significant", [(0.3, 0.2)] * 3, "yes", 1.0),
    ("+", "not significant", [(0.3, 0.01)] * 3, "no", 0.0),
    ("+", "", [(0.3, 0.01), (0.3, 0.01), (0.1, 0.4)], "yes", 2 / 3),
    ("+", "", [(0.3, 0.01), (0.1, 0.4)], "no", 0.5),
]


@pytest.mark.parametrize(("sign", "note", "seeds", "agrees", "shown"), SIGNS)
def test_signs(sign: str, note: str, seeds: list, agrees: str, shown: float):
    row = agree(finding("q", kind="sign", value=sign, note=note), [effect(*s) for s in seeds])
    assert (row.agrees, row.shown_as_printed) == (agrees, pytest.approx(shown))
    assert row.simulated[0] == pytest.approx(np.mean([s[0] for s in seeds]))
    assert row.low[0] < row.simulated[0] < row.high[0]


def test_log_odds_must_be_near_and_as_significant_as_printed():
    def judged(value: str, note: str, *seeds: tuple[float, float]) -> str:
        found = finding("q", kind="log-odds", value=value, note=note)
        return agree(found, [effect(*s) for s in seeds]).agrees

    assert judged("0.314", "model 3; significant", (0.35, 0.001)) == "yes"
    assert judged("0.314", "model 3; significant", (0.35, 0.2)) == "no"
    assert judged("0.314", "model 3", (0.35, 0.2)) == "yes"
    assert judged("0.314", "not significant", (0.35, 0.001)) == "no"
    assert judged("0.9", "significant", (0.35, 0.001)) == "no"
    assert judged("-0.1", "p < 0.05", (0.05, 0.001)) == "no"


def test_of_several_effects_all_must_agree():
    def both(*parts: Measured, p: float = float("nan")) -> Measured:
        return Measured(float("nan"), float("nan"), 400, p=p, parts=parts)

    plus = finding("q", kind="sign", value="+")
    assert agree(plus, [both(effect(0.3, 0.01), effect(0.2, 0.02))]).agrees == "yes"
    off = agree(plus, [both(effect(0.3, 0.01), effect(0.2, 0.2))])
    assert (off.agrees, off.simulated) == ("no", (0.3, 0.2))
    # Of a term the joint test decides, though one coefficient alone would be significant.
    nil = finding("q", kind="sign", value="0")
    assert agree(nil, [both(effect(0.3, 0.04), effect(0.2, 0.2), p=0.1)]).agrees == "yes"
    assert agree(nil, [both(effect(0.3, 0.04), effect(0.2, 0.2))]).agrees == "no"


def test_of_a_distribution_all_parts_must_agree():
    def parts(*values: float) -> Measured:
        return Measured(float("nan"), float("nan"), 400, parts=tuple(share(v) for v in values))

    printed = finding("q", kind="distribution", value="0.50/0.30/0.20", n="400")
    assert agree(printed, [parts(0.52, 0.29, 0.19)]).agrees == "yes"
    assert agree(printed, [parts(0.52, 0.39, 0.09)]).agrees == "no"
    short = agree(printed, [parts(0.5, 0.5)])
    assert (short.agrees, short.reason) == (
        "cannot be produced",
        "3 printed values, 2 simulated",
    )


def test_seeds_without_a_value():
    gone = Measured(float("nan"), float("nan"), 0, detail="nobody is in the domain")
    row = agree(finding("q", n="400"), [share(0.5), share(0.5), gone])
    assert (row.agrees, row.seeds, row.notes) == ("yes", 2, ("1 of 3 seeds give no value",))
    row = agree(finding("q"), [share(0.5), gone])
    assert (row.agrees, row.reason) == ("cannot be produced", "nobody is in the domain")
    assert agree(finding("q"), []).agrees == "cannot be produced"


@pytest.mark.parametrize(("seeds", "n"), [(1, 2000), (5, 400), (20, 400)])
def test_a_value_printed_from_the_same_truth_agrees_in_95_of_100(seeds: int, n: int):
    rng = np.random.default_rng(seeds)
    truth, printed_n, tries = 0.3, 300, 1500
    agreed = 0
    for _ in range(tries):
        values = rng.binomial(n, truth, seeds) / n
        waves = [share(v, np.sqrt(v * (1 - v) / n), n) for v in values]
        printed = f"{rng.binomial(printed_n, truth) / printed_n:.2f}"
        agreed += agree(finding("q", value=printed, n=str(printed_n)), waves).agrees == "yes"
    assert 0.93 < agreed / tries < 0.97


def test_clusters_that_raise_the_variance_of_print_are_allowed_for():
    # Weights double the variance in both surveys: the design effect of the simulated one counts.
    rng = np.random.default_rng(3)
    truth, n, tries, agreed = 0.5, 500, 1500, 0
    spread = np.sqrt(2 * truth * (1 - truth) / n)
    for _ in range(tries):
        waves = [share(v, spread, n) for v in rng.normal(truth, spread, 12)]
        printed = f"{rng.normal(truth, spread):.3f}"
        agreed += agree(finding("q", value=printed, n=str(n)), waves).agrees == "yes"
    assert 0.93 < agreed / tries < 0.97


def test_a_value_of_another_truth_disagrees():
    rng = np.random.default_rng(4)
    agreed = 0
    for _ in range(300):
        waves = [share(v, 0.02, 500) for v in rng.normal(0.5, 0.02, 12)]
        agreed += agree(
            finding("q", value=f"{rng.normal(0.6, 0.02):.2f}", n="500"), waves
        ).agrees == ("yes")
    assert agreed < 15


NOTES = {
    "significant": True,
    "model 1; significant, the largest": True,
    "negative, not significant": False,
    "failed to reach significance": False,
    "lacks significance": False,
    "not at all significant": False,
    "does not reach statistical significance": False,
    "without significance": False,
    "insignificant": False,
    "n.s.": False,
    "p > 0.05": False,
    "p < 0.01": True,
    "significant; its square not significant": True,
    "significant, unlike income (n.s.)": True,
    "significant unlike income (n.s.)": True,
    "not significant; its square significant": False,
    "small but significant": True,
    "0.31*": True,
    "0.31***, model 3": True,
    "* see the appendix": None,
    "model 2; *": None,
    "*** p < 0.001": None,
    "0.31*** p < 0.001": True,
    "model 3": None,
}


@pytest.mark.parametrize("note", NOTES)
def test_whether_a_note_says_significant(note: str):
    assert significance(finding("q", kind="sign", value="+", note=note)) is NOTES[note]
