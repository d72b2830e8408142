"""What is measured beside what, and the goals of each.

This module and `measure` load no library: a child inherits the peak memory of the process that
starts it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Runner = Literal["scslab", "R", "statsmodels", "svy"]
Numbers = list[float]
SMALL, MIDDLE, LARGE = 2_209, 100_000, 1_000_000
REPLICATES = 50  # that R is given: each takes it 0.1 s
CAP = 1.6  # in mean weights; binds: without it the largest weight is 1.74
TOLERANCE = 1e-8  # of every share


@dataclass(frozen=True)
class Agreement:
    """How far a result is from another, and how far it may be."""

    what: str
    difference: float
    limit: float

    @property
    def kept(self) -> bool:
        """Whether it is within the limit; a NaN is not."""
        return self.difference <= self.limit


Compare = Callable[[Numbers, Numbers], list[Agreement]]


@dataclass(frozen=True)
class Tool:
    """One way to do a task.

    Attributes
    ----------
    method : str
        Its name in the script of the runner.
    says : str
        How the table names it.
    seconds : float, optional
        Goal: it takes less.
    slower : float, optional
        Goal: it takes at least so many times as long as the first tool of the task.
    memory : float, optional
        Goal: the peak of the whole process is less than so many times the data.
    columns : int
        Of 8 bytes: the data.
    scaled : float
        What its time is multiplied by, where it did a part of the work.
    once : bool
        A slow one: one process, one time.
    large : bool
        Very slow: only if asked for.
    like : str
        The method of scslab that its result is compared with ("" for the first tool's).
    """

    runner: Runner
    method: str
    says: str
    seconds: float | None = None
    slower: float | None = None
    memory: float | None = None
    columns: int = 0
    scaled: float = 1.0
    once: bool = False
    large: bool = False
    like: str = ""
    compare: Compare | None = None


@dataclass(frozen=True)
class Task:
    """The same work by several tools, scslab's first."""

    title: str
    rows: int
    tools: tuple[Tool, ...]


def models(of_errors: float, of_standard_errors: float) -> Compare:
    """Coefficients, then as many standard errors; differences in the second's standard errors."""

    def compare(found: Numbers, ours: Numbers) -> list[Agreement]:
        k = len(ours) // 2
        if len(found) != 2 * k or not k:
            return [Agreement(f"{len(found)} figures instead of {2 * k}", float("inf"), 0.0)]
        apart = [abs(a - b) / e for a, b, e in zip(found[:k], ours[:k], ours[k:], strict=True)]
        errors = [abs(a / b - 1) for a, b in zip(found[k:], ours[k:], strict=True)]
        return [
            Agreement("coefficients, in standard errors", worst(apart), of_errors),
            Agreement("standard errors, relative", worst(errors), of_standard_errors),
        ]

    return compare


def figures(limit: float) -> Compare:
    """Figures, by the largest relative difference."""

    def compare(found: Numbers, ours: Numbers) -> list[Agreement]:
        if len(found) != len(ours) or not ours:
            return [Agreement(f"{len(found)} figures instead of {len(ours)}", float("inf"), 0.0)]
        apart = [abs(a - b) / abs(b) for a, b in zip(found, ours, strict=True)]
        return [Agreement("figures, relative", worst(apart), limit)]

    return compare


def weights_met(found: Numbers, _: Numbers) -> list[Agreement]:
    """Raked weights meet the margins."""
    return [Agreement("largest miss of a share", found[1], TOLERANCE)]


def weights_capped(found: Numbers, _: Numbers) -> list[Agreement]:
    """Raked weights meet the margins and the cap."""
    over = max(found[0] - CAP, 0.0)
    return [Agreement("largest weight above the cap", over, 1e-9), *weights_met(found, _)]


def same_weights(found: Numbers, ours: Numbers) -> list[Agreement]:
    """The same weights by different roads; what is left of the margins' misses is not compared."""
    return figures(1e-6)([found[0], *found[2:]], [ours[0], *ours[2:]])


def worst(values: list[float]) -> float:
    """The largest, or NaN if one is (which `max` may overlook)."""
    return float("nan") if any(v != v for v in values) else max(values)


SVYOLR = models(1e-2, 1e-3)  # R stops at a relative change of the likelihood of 1e-8
TITLE = "ordinal logit, linearised errors"
BFGS = "statsmodels OrderedModel, bfgs, unweighted"

TASKS: tuple[Task, ...] = (
    Task(
        TITLE,
        SMALL,
        (
            Tool("scslab", "ordinal", "scslab fit_ordinal"),
            Tool("R", "ordinal", "R svyolr", slower=30, compare=SVYOLR),
            Tool(
                "statsmodels",
                "statsmodels",
                BFGS,
                slower=200,
                like="ordinal-unweighted",
                compare=models(2e-2, 1e-3),
            ),
        ),
    ),
    Task(
        TITLE,
        MIDDLE,
        (
            Tool("scslab", "ordinal", "scslab fit_ordinal"),
            Tool("R", "ordinal", "R svyolr", once=True, compare=SVYOLR),
            Tool(
                "statsmodels",
                "statsmodels",
                BFGS,
                once=True,
                large=True,
                like="ordinal-unweighted",
                compare=models(2e-2, 1e-3),
            ),
        ),
    ),
    Task(
        TITLE,
        LARGE,
        (
            Tool("scslab", "ordinal", "scslab fit_ordinal", seconds=2.0, memory=3.0, columns=23),
            Tool("R", "ordinal", "R svyolr", slower=75, once=True, large=True, compare=SVYOLR),
        ),
    ),
    Task(
        "the same, 500 bootstrap replicates",
        SMALL,
        (
            Tool("scslab", "bootstrap-500", "scslab fit_ordinal", seconds=1.0),
            Tool(
                "R",
                "bootstrap-50",
                "R svyolr, 50 replicates times 10",
                scaled=500 / REPLICATES,
                once=True,
                like="bootstrap-50",
                compare=models(1e-2, 1e-2),
            ),
        ),
    ),
    Task(
        "raking to 6 + 2 + 31 levels",
        LARGE,
        (
            Tool("scslab", "rake-codes", "scslab rake, codes", seconds=1.0, compare=weights_met),
            Tool("scslab", "rake-text", "scslab rake, texts", seconds=1.0, compare=weights_met),
            Tool(
                "scslab",
                "rake-categories",
                "scslab rake, categories",
                seconds=1.0,
                compare=weights_met,
            ),
            Tool("R", "rake", "R rake, factors", once=True, compare=same_weights),
            Tool("svy", "rake", "svy rake, codes", compare=same_weights),
        ),
    ),
    Task(
        f"raking with a cap of {CAP:g}",
        LARGE,
        (
            Tool(
                "scslab",
                "rake-codes-cap",
                "scslab rake, codes",
                seconds=1.0,
                compare=weights_capped,
            ),
            Tool(
                "scslab", "rake-text-cap", "scslab rake, texts", seconds=1.0, compare=weights_capped
            ),
            Tool("R", "rake-trim", "R trimWeights + rake, 5 rounds", once=True, large=True),
            Tool("svy", "rake-cap", "svy rake with trimming, codes", once=True),
        ),
    ),
    Task(
        "linear regression, linearised errors",
        MIDDLE,
        (
            Tool("scslab", "linear", "scslab fit_linear"),
            Tool("R", "linear", "R svyglm", once=True, compare=models(1e-5, 1e-5)),
        ),
    ),
    Task(
        "logit, linearised errors",
        MIDDLE,
        (
            Tool("scslab", "logit", "scslab fit_logit"),
            Tool("R", "logit", "R svyglm", once=True, compare=models(1e-5, 1e-5)),
        ),
    ),
    Task(
        "means by 31 groups",
        MIDDLE,
        (
            Tool("scslab", "means", "scslab mean"),
            Tool("R", "means", "R svyby", once=True, compare=figures(1e-6)),
            Tool("svy", "means", "svy mean", compare=figures(1e-6)),
        ),
    ),
)
