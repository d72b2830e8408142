"""The likelihood of an item count as a mixture of who may have given it, with its derivatives.

Latent are the sensitive answer z (logit in x), the count of control items y0 (binomial, logit in
x, possibly another one where z = 1) and, with floor or ceiling effects, whether an open "yes" is
hidden (Imai 2011, equation 5; Blair and Imai 2012, section 4). Score and Hessian of a mixture come
from those of its parts, weighted by their chance given the count (Louis 1982).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln

SENSITIVE, CONTROL, CONTROL_YES, CEILING, FLOOR = range(5)  # the linear predictors


@dataclass(frozen=True)
class Predictor:
    """A linear predictor: the matrix f8[n, k] and which parameters go with its columns."""

    kind: int
    matrix: np.ndarray
    place: slice


@dataclass(frozen=True)
class ListModel:
    """Counts, treatment (bool) and predictors of those who answered; `items` is J.

    Predictors stand in the order of their kinds; `CONTROL_YES` has the place of `CONTROL` where
    control items do not depend on the sensitive answer.
    """

    counts: np.ndarray
    treated: np.ndarray
    items: int
    predictors: tuple[Predictor, ...]
    size: int

    def has(self, kind: int) -> bool:
        """Whether the model has a predictor of this kind."""
        return any(p.kind == kind for p in self.predictors)


Vectors = list[np.ndarray]  # one f8[n] a predictor


@dataclass(frozen=True)
class Way:
    """A way to the count: its log chance f8[n], and the derivatives of that by predictors."""

    log: np.ndarray
    slopes: dict[int, np.ndarray]


@dataclass(frozen=True)
class Pieces:
    """Log-likelihood f8[n], scores, and informations: observed, and complete (diagonal).

    Scores and informations are by predictors, not parameters: `observed[a][b]` is f8[n]. The
    complete information, of counts with the latent answers known, is never negative and so gives
    uphill steps anywhere.
    """

    log_likelihood: np.ndarray
    scores: Vectors
    observed: list[Vectors]
    complete: list[Vectors]


@dataclass(frozen=True)
class State:
    """At some parameters: linear predictors, logistic of them, and log of 1 less that."""

    eta: dict[int, np.ndarray]
    chance: dict[int, np.ndarray]
    low: dict[int, np.ndarray]


def state_at(model: ListModel, parameters: np.ndarray) -> State:
    """Everything that depends on one predictor alone."""
    eta = {p.kind: p.matrix @ parameters[p.place] for p in model.predictors}
    low = {kind: -np.logaddexp(0, v) for kind, v in eta.items()}
    return State(eta, {kind: expit(v) for kind, v in eta.items()}, low)


def log_binomial(model: ListModel, state: State, kind: int, count: np.ndarray) -> np.ndarray:
    """Log probability of a count of control items; -inf outside 0..J."""
    items = model.items
    whole = np.arange(items + 1.0)
    choose = gammaln(items + 1) - gammaln(whole + 1) - gammaln(items - whole + 1)
    # Counts of -1 and J + 1 take the two last places.
    table = np.append(choose, [-np.inf, -np.inf])
    return table[count.astype(np.int64)] + count * state.eta[kind] + items * state.low[kind]


def ways_to(model: ListModel, state: State) -> list[Way]:
    """The ways to each count.

    Sensitive answer no; yes and, in the treatment group, counted; yes and hidden at the ceiling;
    yes and hidden at the floor.
    """
    y, t = model.counts, model.treated
    said = y - t  # control items of a "yes" that was counted
    no, yes = state.low[SENSITIVE], state.low[SENSITIVE] + state.eta[SENSITIVE]
    open_yes = Way(
        yes + log_binomial(model, state, CONTROL_YES, said), slopes(model, state, 1, said)
    )
    found = [Way(no + log_binomial(model, state, CONTROL, y), slopes(model, state, 0, y)), open_yes]
    log = open_yes.log
    for kind, end in ((CEILING, model.items), (FLOOR, 0)):
        if not model.has(kind):
            continue
        told = (t & (said == end)).astype(float)  # a yes that gives itself away
        log = log + told * state.low[kind]
        open_yes.slopes[kind] = -told * state.chance[kind]
        full = np.full(len(y), float(end))
        hidden = yes + log_binomial(model, state, CONTROL_YES, full)
        hidden += state.low[kind] + state.eta[kind]
        own = slopes(model, state, 1, full)
        own[kind] = 1 - state.chance[kind]
        found.append(Way(np.where(t & (y == end), hidden, -np.inf), own))
    found[1] = Way(log, open_yes.slopes)
    return found


def slopes(model: ListModel, state: State, z: int, count: np.ndarray) -> dict[int, np.ndarray]:
    """Derivatives of log P(z) + log P(count | z) by the predictors."""
    kind = CONTROL_YES if z else CONTROL
    return {
        SENSITIVE: z - state.chance[SENSITIVE],
        kind: count - model.items * state.chance[kind],
    }


def log_sum(ways: list[Way]) -> np.ndarray:
    """Log of the sum of the ways' chances."""
    top = np.maximum.reduce([w.log for w in ways])
    total = np.zeros_like(top)
    for way in ways:
        total += np.exp(way.log - top)
    found: np.ndarray = top + np.log(total)
    return found


def log_likelihood(model: ListModel, parameters: np.ndarray, weights: np.ndarray) -> float:
    """Weighted log-likelihood."""
    return float(weights @ log_sum(ways_to(model, state_at(model, parameters))))


def pieces(model: ListModel, parameters: np.ndarray) -> Pieces:
    """Log-likelihood with derivatives by the linear predictors."""
    state = state_at(model, parameters)
    ways = ways_to(model, state)
    log = log_sum(ways)
    kinds = [p.kind for p in model.predictors]
    nothing = np.zeros(len(log))
    posterior = [np.exp(way.log - log) for way in ways]
    scores = [nothing.copy() for _ in kinds]
    second = [[nothing.copy() for _ in kinds] for _ in kinds]
    for share, way in zip(posterior, ways, strict=True):
        for a, one in enumerate(kinds):
            if one not in way.slopes:
                continue
            weighted = share * way.slopes[one]
            scores[a] += weighted
            for b, two in enumerate(kinds[: a + 1]):
                if two in way.slopes:
                    second[a][b] += weighted * way.slopes[two]
    complete = curvature(model, state, posterior)
    for a in range(len(kinds)):
        for b in range(a + 1):
            own = complete[a][b] - second[a][b] + scores[a] * scores[b]
            second[a][b] = second[b][a] = own
    return Pieces(log, scores, second, complete)


def curvature(model: ListModel, state: State, posterior: Vectors) -> list[Vectors]:
    """Minus the expected second derivatives of the ways: nothing but a diagonal."""
    kinds = [p.kind for p in model.predictors]
    found = [[np.zeros(len(model.counts)) for _ in kinds] for _ in kinds]
    for a, kind in enumerate(kinds):
        spread = state.chance[kind] * (1 - state.chance[kind])
        if kind == SENSITIVE:
            found[a][a] = spread
        elif kind == CONTROL:
            found[a][a] = model.items * spread * posterior[0]
        elif kind == CONTROL_YES:
            found[a][a] = model.items * spread * (1 - posterior[0])
        else:
            end = model.items if kind == CEILING else 0
            hidden = posterior[2 if kind == CEILING or not model.has(CEILING) else 3]
            told = model.treated & (model.counts - 1 == end)
            found[a][a] = spread * (told * posterior[1] + hidden)
    return found


def row_scores(model: ListModel, found: Pieces) -> np.ndarray:
    """Scores by the parameters, f8[n, p]."""
    scores = np.zeros((len(model.counts), model.size))
    for predictor, score in zip(model.predictors, found.scores, strict=True):
        scores[:, predictor.place] += predictor.matrix * score[:, None]
    return scores


def gradient(model: ListModel, found: Pieces, weights: np.ndarray) -> np.ndarray:
    """Weighted sum of the scores, f8[p]."""
    total = np.zeros(model.size)
    for predictor, score in zip(model.predictors, found.scores, strict=True):
        total[predictor.place] += (weights * score) @ predictor.matrix
    return total


def information(
    model: ListModel, by_predictor: list[Vectors], weights: np.ndarray, diagonal: bool = False
) -> np.ndarray:
    """Information by the parameters, f8[p, p], from that by the predictors."""
    total = np.zeros((model.size, model.size))
    for a, one in enumerate(model.predictors):
        for b, two in enumerate(model.predictors[: a + 1]):
            if diagonal and a != b:
                continue
            block = (one.matrix * (weights * by_predictor[a][b])[:, None]).T @ two.matrix
            total[one.place, two.place] += block
            if a != b:
                total[two.place, one.place] += block.T
    return total
