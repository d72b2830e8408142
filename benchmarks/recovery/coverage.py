"""How often intervals hold the truth, by quantity, with the error of so few waves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np

from benchmarks.recovery.surveys import Setup, Surveyed, waves
from scslab.evaluation.ledger.measure import measure
from scslab.evaluation.ledger.records import Coefficient, Coefficients, Measured, Share, Wanted
from scslab.lab.waves.lives import Moment

LEVEL = 0.95
GOAL = (0.93, 0.97)
COLUMNS = ("set-up", "quantity", "truth", "mean", "bias / se", "se / spread", "covered", "error")
Kind = Literal["share", "coefficient"]


@dataclass(frozen=True)
class Quantity:
    """What is to be found again."""

    name: str
    kind: Kind
    wanted: Wanted


@dataclass(frozen=True)
class Coverage:
    """How often intervals of one quantity held the truth.

    Attributes
    ----------
    truth, mean : float
        In the society; the mean over waves.
    bias : float
        Mean less truth, in standard errors of one wave.
    honesty : float
        Mean standard error over the spread of the estimates.
    covered, waves : int
    """

    setup: str
    quantity: Quantity
    truth: float
    mean: float
    bias: float
    honesty: float
    covered: int
    waves: int

    @property
    def share(self) -> float:
        """Share of the waves whose interval held the truth."""
        return self.covered / self.waves

    @property
    def error(self) -> float:
        """Its Monte-Carlo error, if intervals hold what they say."""
        return sqrt(LEVEL * (1 - LEVEL) / self.waves)


def quantities() -> list[Quantity]:
    """Shares of approval, of all and of two groups, and the coefficients of the ordinal model."""
    approves = Share((("approval", (4.0, 5.0)),))
    urban, party = (("residence", (1.0,)),), (("party", (1.0,)),)
    found = [
        Quantity("approves", "share", Wanted(approves)),
        Quantity("strongly approves", "share", Wanted(Share((("approval", (5.0,)),)))),
        Quantity("disapproves", "share", Wanted(Share((("approval", (1.0, 2.0)),)))),
        Quantity("approves, urban", "share", Wanted(approves, urban)),
        Quantity("approves, Party members", "share", Wanted(approves, party)),
    ]
    for name in ("sex", "residence", "party", "app", "confidence"):
        wanted = Wanted(Coefficients((Coefficient("approval", name),)))
        found.append(Quantity(f"effect of {name}", "coefficient", wanted))
    return found


def measured(one: Surveyed, what: Sequence[Quantity]) -> list[Measured]:
    """The figures of one survey."""
    return [measure(q.wanted, one.sample, one.model, {}) for q in what]


def coverage(
    moment: Moment,
    setup: Setup,
    truth: Sequence[float],
    count: int,
    done: Callable[[int], None] | None = None,
) -> list[Coverage]:
    """Survey a society so many times and count how often the truth lay in the intervals."""
    what = quantities()
    figures = np.empty((count, len(what), 4))
    for k, one in enumerate(waves(moment, setup, count)):
        figures[k] = [(m.value, m.se, m.low, m.high) for m in measured(one, what)]
        if done is not None:
            done(k + 1)
    if not np.isfinite(figures).all():
        raise SystemExit(f"{setup.name}: some waves give no figure")
    found = []
    for place, quantity in enumerate(what):
        value, se, low, high = figures[:, place].T
        found.append(
            Coverage(
                setup.name,
                quantity,
                truth[place],
                float(value.mean()),
                float((value.mean() - truth[place]) / se.mean()),
                float(se.mean() / value.std(ddof=1)),
                int(((low <= truth[place]) & (truth[place] <= high)).sum()),
                count,
            )
        )
    return found


def together(rows: Sequence[Coverage], kind: Kind) -> float:
    """Coverage of all quantities of a kind."""
    mine = [row.share for row in rows if row.quantity.kind == kind]
    return sum(mine) / len(mine)


def table(rows: Sequence[Coverage]) -> str:
    """One line a quantity, as aligned Markdown."""
    lines = [list(COLUMNS)]
    for row in rows:
        lines.append(
            [
                row.setup,
                row.quantity.name,
                f"{row.truth:.3f}",
                f"{row.mean:.3f}",
                f"{row.bias:+.2f}",
                f"{row.honesty:.2f}",
                f"{100 * row.share:.1f} %",
                f"{100 * row.error:.1f}",
            ]
        )
    widths = [max(len(line[k]) for line in lines) for k in range(len(COLUMNS))]
    rule = ["-" * w if k < 2 else "-" * (w - 1) + ":" for k, w in enumerate(widths)]
    shown = [
        [
            cell.ljust(w) if k < 2 else cell.rjust(w)
            for k, (cell, w) in enumerate(zip(line, widths, strict=True))
        ]
        for line in lines
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in [shown[0], rule, *shown[1:]])
