"""Logit regression of a sensitive answer under a randomising device."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, xlogy

from scslab.analysis.formula.matrix import Matrix, model_frame
from scslab.analysis.indirect.common import about, groups_of, missing_note, yes_of
from scslab.analysis.indirect.newton import climb
from scslab.analysis.indirect.randomised_device import Device
from scslab.analysis.indirect.randomised_response import assumptions
from scslab.analysis.indirect.records import Estimates
from scslab.analysis.sample import Sample
from scslab.analysis.variance import covariance
from scslab.core.errors import ScslabError
from scslab.core.printed import ResultTable
from scslab.survey.answers import Code


@dataclass(frozen=True)
class RandomisedRegression:
    """A logit regression of the sensitive answer: coefficients, and the shares it predicts."""

    coefficients: Estimates
    shares: Estimates
    log_likelihood: float
    rounds: int
    n: int

    def table(self) -> ResultTable:
        """The coefficients; `shares.table()` gives the shares."""
        return self.coefficients.table()


def randomised_regression(
    sample: Sample,
    answer: str,
    device: Device,
    covariates: str,
    *,
    yes: Code | None = None,
    by: str | None = None,
    level: float = 0.95,
) -> RandomisedRegression:
    """Logit regression of the sensitive answer under the randomising device.

    Maximises sum of w [y log P + (1 - y) log(1 - P)] with P = c logistic(x b) + d (Blair, Imai and
    Zhou 2015, section 3), under weights; standard errors follow the design.

    Parameters
    ----------
    covariates : str
        A formula without an outcome, such as "~ age + sex".

    Raises
    ------
    ScslabError
        As `randomised_shares`; covariates that repeat each other; no finite best fit.
    """
    answers = yes_of(sample, answer, yes)
    given = sample.design.inside & ~np.isnan(answers)
    if not given.any():
        raise ScslabError("nobody answered", where=answer)
    frame = model_frame(covariates, sample.within(given), outcome="none", intercept=True)
    design, y = sample.design.within(frame.rows), answers[frame.rows]
    groups = groups_of(sample, by, frame.rows)
    inside = [rows[frame.rows] for _, rows in groups]
    weights = design.weights[frame.rows]
    values, own, height, rounds = fit(frame.X, y, weights, device, inside)
    check_size(frame, values)

    def refit(w: np.ndarray) -> np.ndarray:
        return fit(frame.X, y, w[frame.rows], device, inside, values[: frame.X.shape[1]])[0]

    influence = np.zeros((len(answers), len(values)))
    influence[frame.rows] = own
    spread = covariance(design, values, influence, refit)
    lost = int(np.count_nonzero(sample.design.inside)) - int(np.count_nonzero(given))
    notes = (
        "Logit under the design (Blair, Imai and Zhou 2015).",
        *assumptions(device),
        *missing_note({"an answer": lost, **frame.dropped_by}),
        *frame.notes,
    )
    k, n = frame.X.shape[1], len(y)
    common = {"df": max(design.df + 1 - k, 1.0), "rows": n, "level": level, "notes": notes}
    coefficients = Estimates(
        id=f"randomised-regression-{answer}",
        title=f"Randomised response, logit: {answer}",
        names=frame.names,
        groups=("",) * k,
        estimates=values[:k],
        covariance=spread[:k, :k],
        n=(n,) * k,
        **common,
        **about(sample),
    )
    shares = Estimates(
        id=f"randomised-predicted-{answer}",
        title=f"Randomised response, predicted shares: {answer}",
        names=("Share, predicted",) * len(groups),
        groups=tuple(g for g, _ in groups),
        estimates=values[k:],
        covariance=spread[k:, k:],
        n=tuple(int(np.count_nonzero(rows)) for _, rows in groups),
        form="share",
        null=None,
        group_title="" if by is None else sample.answers.variable(by).says,
        **common,
        **about(sample),
    )
    return RandomisedRegression(coefficients, shares, height, rounds, n)


def fit(
    X: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray,
    device: Device,
    inside: list[np.ndarray],
    start: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, float, int]:
    """Coefficients and predicted shares, their influence f8[n, k], log-likelihood and rounds."""
    scaled = weights / weights[weights > 0].mean()
    c, d = device.slope, device.base

    def parts(b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        g = expit(X @ b)
        chance = np.clip(c * g + d, 1e-300, 1 - 1e-16)
        slope = c * g * (1 - g)
        score = slope * (y - chance) / (chance * (1 - chance))
        return chance, score, slope * (1 - 2 * g), slope**2 / (chance * (1 - chance))

    def step(b: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
        chance, score, bend, expected = parts(b)
        sharp = score**2 - bend * (y - chance) / (chance * (1 - chance))
        height = float(scaled @ (xlogy(y, chance) + xlogy(1 - y, 1 - chance)))
        gradient = X.T @ (scaled * score)
        by = [X.T @ (X * (scaled * s)[:, None]) for s in (sharp, expected)]
        return height, gradient, by[0], by[1]

    def value(b: np.ndarray) -> float:
        chance = parts(b)[0]
        return float(scaled @ (xlogy(y, chance) + xlogy(1 - y, 1 - chance)))

    begin = np.zeros(X.shape[1]) if start is None else start
    top = climb(step, value, begin, "the randomised response regression")
    g = expit(X @ top.parameters)
    score = parts(top.parameters)[1]
    own = np.linalg.solve(top.information, (X * (scaled * score)[:, None]).T).T
    values, columns = [top.parameters], [own]
    for rows in inside:
        part = weights * rows / (weights @ rows)
        mean = float(part @ g)
        values.append(np.array([mean]))
        pull = X.T @ (part * g * (1 - g))
        columns.append((part * (g - mean) + own @ pull)[:, None])
    return np.concatenate(values), np.hstack(columns), top.value, top.rounds


def check_size(frame: Matrix, values: np.ndarray) -> None:
    """No coefficient runs away.

    Raises
    ------
    ScslabError
        One does.
    """
    size = np.abs(values[: frame.X.shape[1]]) * np.maximum(frame.X.std(axis=0), 0.1)
    if size.max() > 15:
        at = int(size.argmax())
        raise ScslabError(
            "the randomised response regression has no finite best fit",
            where=frame.names[at],
            got=f"a coefficient of {values[at]:.1f}",
            why="the share is 0 or 1 for some values of a covariate",
            hint="leave out this covariate or join its categories",
        )
