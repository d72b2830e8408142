"""Replicate weights: those of R where no luck is in them, and sound where there is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from weighting.r_samples import inside, sample

from reference.values import data, load
from scslab.analysis.design import Design, make_design, rank_df
from scslab.analysis.hadamard import can_make, hadamard
from scslab.analysis.replicates import with_replicates
from scslab.analysis.replicates_read import replicates_from
from scslab.analysis.variance import covariance
from scslab.core.draws import address, decision, unit_for
from scslab.core.errors import ScslabError

RECORDS = load("replicates")
DESIGNS = sorted({i.split("/")[0] for i in RECORDS})
KINDS = {"given-BRR": "BRR", "given-Fay": "Fay", "mrbbootstrap": "other"}


def made(record: dict[str, Any], luck_from_file: bool = True) -> Design:
    plan, design = record["design"]["replicate"], sample(record).design
    if plan["file"] is None or not luck_from_file:
        return with_replicates(design, plan["type"], mse=plan["mse"], rho=plan["rho"] or 0.0)
    frame = data(record["data"])
    columns = data(plan["file"])
    if record["data"] == "generated":
        keyed = frame[["stratum", "half"]].merge(columns, how="left", on=["stratum", "half"])
        columns = keyed.drop(columns=["stratum", "half"])
    kind = KINDS.get(plan["type"], plan["type"])
    kind = "bootstrap" if kind == "subbootstrap" else kind
    told = RECORDS[record["id"].split("/")[0] + "/design"]["values"]
    scales: dict[str, Any] = {}
    if kind in ("other", "bootstrap"):  # R scales Canty and Davison's by the size of strata
        scales = {"scale": told["scale"], "rscales": np.atleast_1d(told["rscales"])}
    read = replicates_from(
        columns.to_numpy(float), kind, weights=design.weights, combined=False, rho=plan["rho"],
        mse=plan["mse"], **scales,
    )  # fmt: skip
    return replace(design, replicates=read)


@pytest.mark.parametrize("name", DESIGNS)
def test_weights_scales_and_degrees_of_freedom_are_those_of_r(name):
    record = RECORDS[f"{name}/design"]
    told, design = record["values"], made(record)
    replicates = design.replicates
    assert replicates.weights.shape[1] == told["replicates"]
    assert rank_df(replicates.weights) == told["df"]
    scales = replicates.scale * replicates.rscales
    order = np.lexsort((scales, replicates.weights.sum(axis=0).round(6)))
    sums = np.array(told["replicate_sums"])
    told_scales = told["scale"] * np.broadcast_to(told["rscales"], len(sums)).astype(float)
    told_order = np.lexsort((told_scales, sums.round(6)))
    assert replicates.weights.sum(axis=0)[order] == pytest.approx(sums[told_order], rel=1e-9)
    assert scales[order] == pytest.approx(told_scales[told_order], rel=1e-9)


@pytest.mark.parametrize(
    "name", [i for i in RECORDS if i.endswith(("/mean-numeric", "/total-numeric", "/domain-mean"))]
)
def test_standard_errors_are_those_of_r(name):
    record = RECORDS[name]
    told, design = record["values"], made(record)
    if record["design"]["domain"]:
        design = design.within(inside(record))
    values = data(record["data"])[told["names"]].to_numpy(float)

    def fit(w: np.ndarray) -> np.ndarray:
        return w @ values / (1.0 if "total" in name else w.sum())

    found = fit(design.weights)
    errors = np.sqrt(np.diag(covariance(design, found, np.zeros((1, 1)), fit)))
    assert found == pytest.approx(told["estimate"], rel=1e-6)
    assert errors == pytest.approx(told["se"], rel=1e-5)
    assert rank_df(design.replicates.weights) == told["df"]


@pytest.mark.parametrize("name", ["halves_BRR", "halves_Fay"])
def test_balanced_totals_do_not_hang_on_the_matrix(name):
    """Ours is another Hadamard matrix than R's; variances of totals are the same."""
    record = RECORDS[f"{name}/total-numeric"]
    ours, theirs = made(record, luck_from_file=False), made(record)
    values = data("generated")[["x1", "y"]].to_numpy(float)

    def fit(w: np.ndarray) -> np.ndarray:
        return w @ values

    for design in (ours, theirs):
        found = covariance(design, fit(design.weights), np.zeros((1, 1)), fit)
        assert np.sqrt(np.diag(found)) == pytest.approx(record["values"]["se"], rel=1e-5)


@pytest.mark.parametrize("least", [1, 2, 3, 4, 5, 12, 13, 20, 28, 36, 37, 93, 124, 200, 333])
def test_hadamard_rows_are_orthogonal(least):
    h = hadamard(least).astype(int)
    size = len(h)
    assert size >= least
    assert (h @ h.T == size * np.eye(size)).all()
    assert (h[0] == 1).all() and (h[:, 0] == 1).all()


def test_few_orders_are_missed():
    missed = [m for m in range(4, 401, 4) if not can_make(m)]
    assert missed[:5] == [52, 92, 100, 116, 156]
    assert len(hadamard(50)) == 56


def drawn(kind: str, seed: int = 1, count: int = 400, **fpc: Any) -> Design:
    strata = np.repeat([0, 1], [6, 10])
    design = make_design(np.ones(16), strata=[strata], **fpc)
    return with_replicates(design, kind, count=count, seed=seed)


@pytest.mark.parametrize(("kind", "draws"), [("bootstrap", 0), ("subbootstrap", 1)])
def test_each_bootstrap_draws_so_many_clusters_of_every_stratum(kind, draws):
    weights = drawn(kind).replicates.weights
    for rows in (slice(0, 6), slice(6, 16)):
        n = rows.stop - rows.start
        counts = weights[rows] * (n - draws) / n
        assert counts == pytest.approx(counts.round())
        assert counts.sum(axis=0) == pytest.approx(n - draws)


def test_a_bootstrap_without_return_draws_no_cluster_more_often_than_it_stands_for():
    design = drawn("bootstrap", fpc=[np.repeat([12.0, 25.0], [6, 10])])
    weights = design.replicates.weights
    assert weights[:6].max() == 2  # 12 = 2 x 6
    assert weights[6:].max() == 3  # 25 = 5 x 3 + 5 x 2
    assert weights[:6].sum(axis=0) == pytest.approx(6)
    whole = drawn("bootstrap", fpc=[np.repeat([6.0, 10.0], [6, 10])])
    assert (whole.replicates.weights == 1).all()


@pytest.mark.parametrize("kind", ["bootstrap", "subbootstrap"])
def test_bootstraps_give_the_variance_of_a_stratified_total(kind):
    y = np.random.default_rng(5).normal(size=16)
    design = drawn(kind, count=10_000)

    def fit(w: np.ndarray) -> np.ndarray:
        return w @ y[:, None]

    found = covariance(design, fit(design.weights), np.zeros((1, 1)), fit)[0, 0]
    parts = [(6, y[:6].var(ddof=1)), (10, y[6:].var(ddof=1))]
    if kind == "subbootstrap":
        exact = sum(n * v for n, v in parts)
    else:  # Canty and Davison correct by the harmonic mean of n
        mean = 2 / (1 / 6 + 1 / 10)
        exact = sum((n - 1) * v for n, v in parts) * mean / (mean - 1)
    assert found == pytest.approx(exact, rel=0.06)  # 4 standard deviations of 10,000 draws


def test_the_same_seed_gives_the_same_bits_and_another_seed_others():
    one, same, other = drawn("bootstrap"), drawn("bootstrap"), drawn("bootstrap", seed=2)
    assert (one.replicates.weights == same.replicates.weights).all()
    assert (one.replicates.weights != other.replicates.weights).any()


def test_draws_are_addressed():
    """Draw k of replicate r in stratum h is at (seed, "bootstrap", h, r n + k)."""
    weights = drawn("bootstrap", seed=9, count=3).replicates.weights
    own = np.uint64(address(np.uint64(address(np.uint64(9), decision("bootstrap"))), 1))
    told = np.zeros(10)
    for k in range(10):
        told[int(10 * unit_for(own, 2 * 10 + k))] += 1
    assert weights[6:, 2].tolist() == told.tolist()


def test_a_jackknife_of_a_mean_is_its_textbook_error():
    y = np.array([1.0, 4.0, 2.0, 7.0, 3.0])
    design = with_replicates(make_design(n=5))

    def fit(w: np.ndarray) -> np.ndarray:
        return np.array([w @ y / w.sum()])

    found = covariance(design, fit(design.weights), np.zeros((1, 1)), fit)[0, 0]
    assert found == pytest.approx(y.var(ddof=1) / 5)
    assert design.replicates.kind == "JK1"


def test_a_matrix_may_be_given():
    design = make_design(np.ones(4), strata=[np.array([1, 1, 2, 2])])
    matrix = np.array([[1, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 0], [1, 0, 0, 1]])
    found = with_replicates(design, "BRR", matrix=matrix).replicates.weights
    # As R's brrweights: the value of the first cell keeps the second cluster of a stratum.
    assert found[:, 1].tolist() == [2, 0, 0, 2]
    assert found[:, 0].tolist() == [0, 2, 0, 2]


LONE = {"strata": [np.array(["a", "a", "b"])]}


@pytest.mark.parametrize(
    ("given", "kind", "more", "message"),
    [
        (LONE, "JKn", {}, 'stratum "b" has one cluster only'),
        (LONE, "bootstrap", {}, 'stratum "b" has one cluster only'),
        (LONE, "subbootstrap", {}, 'stratum "b" has one cluster only'),
        (LONE, "BRR", {}, 'stratum "b" has 1'),
        (LONE, "JK1", {}, "JK1 is for a design without strata"),
        (LONE, "BRRR", {}, 'did you mean "BRR"'),
        ({}, "BRR", {}, "has 3"),
        ({}, "Fay", {"rho": 1.0}, "rho must be from 0 to below 1"),
        ({}, "bootstrap", {"count": 1}, "at least 2 replicates"),
        ({}, "bootstrap", {"limit_gib": 1e-7}, "3 rows x 50 replicates"),
    ],
)
def test_what_cannot_be_made_is_told(given, kind, more, message):
    with pytest.raises(ScslabError) as told:
        with_replicates(make_design(np.ones(3), **given), kind, **more)
    assert message in str(told.value)


@pytest.mark.parametrize(
    ("lonely", "count", "scale"), [("remove", 2, 1.0), ("average", 2, 1.5), ("adjust", 3, 1.0)]
)
def test_lonely_clusters_do_what_the_design_says(lonely, count, scale):
    found = with_replicates(make_design(np.ones(3), lonely=lonely, **LONE), "JKn").replicates
    assert found.weights.shape == (3, count)
    assert found.scale == scale
    if lonely == "adjust":
        assert found.weights[:, 2].tolist() == [2, 2, 0]
        assert found.rscales.tolist() == [0.5, 0.5, 0.5]


def test_finite_populations_that_are_left_out_are_said():
    design = make_design(np.ones(4), strata=[np.array([1, 1, 2, 2])], fpc=[np.full(4, 10.0)])
    said = dict(with_replicates(design, "BRR").about)["replicates"]
    assert said == "BRR, 4 replicates; finite populations left out"


COLUMNS = np.array([[0.0, 2.0], [2.0, 0.0], [1.0, 1.0]])


@pytest.mark.parametrize(
    ("kind", "more", "message"),
    [
        ("JKn", {}, "need their rscales"),
        ("Fay", {}, "need their rho"),
        ("BRR", {"rho": 0.5}, "have no rho"),
        ("BRR", {"scale": 1.0}, "scales of their own"),
        ("other", {}, "need their scale"),
        ("bootstrp", {}, 'did you mean "bootstrap"'),
        ("JK1", {"rscales": np.ones(3)}, "3 of 2"),
        ("JK1", {"weights": np.full(3, 30.0)}, "combined: false"),
        ("JK1", {"columns": COLUMNS * 20, "combined": False}, "combined: true"),
        ("JK1", {"columns": COLUMNS[:2]}, "3 rows, at least 2 columns"),
        ("JK1", {"columns": COLUMNS * np.nan}, "replicate 1: missing replicate weights"),
    ],
)
def test_what_cannot_be_read_is_told(kind, more, message):
    given = {"columns": COLUMNS, "weights": np.ones(3)} | more
    with pytest.raises(ScslabError) as told:
        replicates_from(given.pop("columns"), kind, **given)
    assert message in str(told.value)


def test_scales_by_kind():
    full = np.ones(3)

    def scale(kind: str, **more: Any) -> float:
        return replicates_from(COLUMNS, kind, weights=full, **more).scale

    assert scale("BRR") == 0.5
    assert scale("Fay", rho=0.5) == 2
    assert scale("JK1") == 0.5
    assert scale("bootstrap") == 1
    assert scale("ACS") == 2
    assert scale("JK2") == 1


def test_rank_counts_columns_that_say_something_new():
    rng = np.random.default_rng(1)
    base = rng.random((50, 4))
    mixed = np.column_stack([base, base @ rng.random((4, 3)), np.zeros(50)])
    assert rank_df(mixed) == 3
    assert rank_df(mixed * 1e6) == 3
    nearly = np.column_stack([base, base[:, 0] * (1 + 1e-7 * rng.random(50))])
    assert rank_df(nearly) == 3
