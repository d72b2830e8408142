"""One method on saved data, in a process of its own.

``python -m benchmarks.survey.methods NAME FOLDER REPEATS SECONDS`` reads, imports, does the work
once on few rows, then times it REPEATS times or until SECONDS are over (at least once). It prints
the times in one line and the result's numbers in the next. With no repeats it does all but the
work, which tells how much memory that takes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.survey.data import MARGINS, NAMES, load
from benchmarks.survey.tasks import CAP, TOLERANCE

FORMULA = " ~ " + " + ".join(NAMES)
WARM = 2_209  # rows of the untimed work before the timed
Columns = dict[str, np.ndarray]
Job = Callable[[], Any]


@dataclass(frozen=True)
class Method:
    """A job made from columns, the columns that it needs, and how its result becomes numbers."""

    prepare: Callable[[Columns], Job]
    columns: tuple[str, ...]
    numbers: Callable[[Any, Columns], np.ndarray]


def sample_of(frame: Any, weights: np.ndarray | None = None, strata: Any = ()) -> Any:
    """A sample as a reader of files makes it."""
    from scslab.analysis.design import make_design
    from scslab.analysis.sample import Sample
    from scslab.survey.answers import Answers, Variable

    variables = {
        name: Variable(name, kind="number" if frame[name].dtype.kind in "if" else "text")
        for name in frame
    }
    design = make_design(weights, strata=strata, n=len(frame))
    return Sample(Answers(frame, variables, source="benchmark"), design)


def designed(columns: Columns) -> Any:
    """A sample with weights and strata."""
    import pandas as pd

    answers = {k: v for k, v in columns.items() if k not in ("weight", "stratum")}
    frame = pd.DataFrame(answers, copy=False)
    return sample_of(frame, columns["weight"], [columns["stratum"]])


def ordinal(columns: Columns) -> Job:
    """Ordinal logit with weights and linearised standard errors."""
    from scslab.analysis.models.ordinal import fit_ordinal

    sample = designed(columns)
    return lambda: fit_ordinal(sample, "y" + FORMULA)


def ordinal_unweighted(columns: Columns) -> Job:
    """What statsmodels fits: no weights, standard errors of the model."""
    import pandas as pd

    from scslab.analysis.models.ordinal import fit_ordinal

    sample = sample_of(pd.DataFrame(columns, copy=False))
    return lambda: fit_ordinal(sample, "y" + FORMULA, errors="model")


def bootstrap(count: int) -> Callable[[Columns], Job]:
    """Ordinal logit with standard errors from replicates that were made beforehand."""

    def prepare(columns: Columns) -> Job:
        from scslab.analysis.models.ordinal import fit_ordinal
        from scslab.analysis.replicates import with_replicates

        sample = designed(columns)
        made = with_replicates(sample.design, "bootstrap", count=count)
        sample = replace(sample, design=made)
        return lambda: fit_ordinal(sample, "y" + FORMULA)

    return prepare


def linear(columns: Columns) -> Job:
    """Linear regression with linearised standard errors."""
    from scslab.analysis.models.linear import fit_linear

    sample = designed(columns)
    return lambda: fit_linear(sample, "y" + FORMULA)


def logit(columns: Columns) -> Job:
    """Logit with linearised standard errors."""
    from scslab.analysis.models.logit import fit_logit

    sample = designed(columns)
    return lambda: fit_logit(sample, "yes" + FORMULA)


def means(columns: Columns) -> Job:
    """Means by the 31 regions."""
    from scslab.analysis.estimate import mean

    sample = designed(columns)
    return lambda: mean(sample, "x1", by="region", deff="none")


def raking(kind: str, cap: float | None) -> Callable[[Columns], Job]:
    """Raking to three margins, each of equal shares; start weights are 1."""

    def prepare(columns: Columns) -> Job:
        import pandas as pd

        from scslab.analysis.weighting.rake import rake

        frame = pd.DataFrame(columns, copy=False)
        if kind != "codes":
            frame = frame.astype(str)
        if kind == "categories":
            frame = frame.astype("category")
        sample = sample_of(frame)
        wanted = {k: {str(i + 1): 1 / m for i in range(m)} for k, m in MARGINS}
        return lambda: rake(sample, wanted, cap=cap, tolerance=TOLERANCE)

    return prepare


def statsmodels_ordinal(columns: Columns) -> Job:
    """OrderedModel by bfgs; it takes no weights."""
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    X = np.column_stack([columns[k] for k in NAMES])

    def job() -> np.ndarray:
        model = OrderedModel(columns["y"], X, distr="logit")
        found = model.fit(method="bfgs", disp=False, maxiter=500)
        return np.concatenate([found.params[: len(NAMES)], found.bse[: len(NAMES)]])

    return job


def of_model(model: Any, columns: Columns) -> np.ndarray:
    """Coefficients, then their standard errors."""
    found = model.fitted
    k = len(found.coefficients)
    return np.concatenate([found.coefficients, found.standard_errors[:k]])


def of_means(found: Any, columns: Columns) -> np.ndarray:
    """Means in the regions' order, then their standard errors."""
    rows = sorted(found.rows, key=lambda row: int(row.groups[0][1]))
    return np.array([row.value for row in rows] + [row.se for row in rows])


def as_found(found: Any, columns: Columns) -> np.ndarray:
    """Numbers that a peer gave as they are."""
    return np.asarray(found)


def of_raked(found: Any, columns: Columns) -> np.ndarray:
    """As `of_weights`, of what scslab gives."""
    return of_weights(found[0].design.weights, columns)


def of_weights(weights: np.ndarray, columns: Columns) -> np.ndarray:
    """The largest weight, how far off the worst share is, the sum of squares over n, ten weights.

    In mean weights.
    """
    size = weights / weights.mean()
    shares = [np.bincount(columns[k] - 1, size, m) / len(size) * m for k, m in MARGINS]
    off = max(float(np.abs(s - 1).max() / len(s)) for s in shares)
    return np.concatenate([[size.max(), off, (size**2).mean()], size[:10]])


WEIGHTED = (*NAMES, "weight", "stratum")
MARGIN_NAMES = tuple(name for name, _ in MARGINS)
METHODS: dict[str, Method] = {
    "ordinal": Method(ordinal, ("y", *WEIGHTED), of_model),
    "ordinal-unweighted": Method(ordinal_unweighted, ("y", *NAMES), of_model),
    "bootstrap-50": Method(bootstrap(50), ("y", *WEIGHTED), of_model),
    "bootstrap-500": Method(bootstrap(500), ("y", *WEIGHTED), of_model),
    "linear": Method(linear, ("y", *WEIGHTED), of_model),
    "logit": Method(logit, ("yes", *WEIGHTED), of_model),
    "means": Method(means, ("x1", "region", "weight", "stratum"), of_means),
    "statsmodels": Method(statsmodels_ordinal, ("y", *NAMES), as_found),
    **{
        f"rake-{kind}{words}": Method(raking(kind, cap), MARGIN_NAMES, of_raked)
        for kind in ("codes", "text", "categories")
        for words, cap in (("", None), ("-cap", CAP))
    },
}


def measure(method: Method, folder: Path, repeats: int, seconds: float) -> None:
    """Do a method and print its times and numbers."""
    columns = load(folder, method.columns)
    job = method.prepare(columns)
    method.prepare({k: v[:WARM] for k, v in columns.items()})()
    times: list[float] = []
    found: Any = None
    while len(times) < repeats and (not times or sum(times) < seconds):
        found = None  # a result kept from the last time would count as memory of this one
        started = time.perf_counter()
        found = job()
        times.append(time.perf_counter() - started)
    print(*times)
    print(*(method.numbers(found, columns).tolist() if times else ()))


if __name__ == "__main__":
    measure(METHODS[sys.argv[1]], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
