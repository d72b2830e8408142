"""What the ledger says and knows: what is wanted, what was measured, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from scslab.survey.answers import Code

NAN = float("nan")
Where = tuple[tuple[str, tuple[Code, ...]], ...]  # variable and its codes; all must hold
Role = Literal["fitted", "input", "held out"]
Agrees = Literal["yes", "no", "cannot be produced"]
Base = Literal["valid", "everybody"]


@dataclass(frozen=True)
class Share:
    """Share whose answers have one of the codes, in every variable."""

    of: Where
    base: Base = "valid"


@dataclass(frozen=True)
class Mean:
    """Mean of a variable."""

    variable: str


@dataclass(frozen=True)
class Coefficient:
    """A coefficient of a model; `turned` changes its sign."""

    model: str
    name: str
    turned: bool = False


@dataclass(frozen=True)
class Coefficients:
    """One coefficient, or several that must all agree."""

    of: tuple[Coefficient, ...]

    @property
    def models(self) -> frozenset[str]:
        """Their models."""
        return frozenset(c.model for c in self.of)


@dataclass(frozen=True)
class Rate:
    """A rate of the fieldwork."""

    name: str


@dataclass(frozen=True)
class Change:
    """Difference of a mean between two groups, `end` less `start`; relative to `start`."""

    variable: str
    start: Where
    end: Where
    relative: bool = False


@dataclass(frozen=True)
class Distribution:
    """Shares of all answers of a variable, in parts."""

    variable: str
    parts: tuple[tuple[Code, ...], ...]


Measure = Share | Mean | Coefficients | Rate | Change | Distribution


@dataclass(frozen=True)
class Wanted:
    """What a finding asks of a wave; `how` says by which wording it was understood.

    `among` is whom the ledger limits the quantity to, whatever the finding's group; `of_some` says
    so for a reader where the finding's group does not.
    """

    measure: Measure
    where: Where = ()
    how: str = field(default="", compare=False)
    among: Where = field(default=(), compare=False)
    of_some: str = field(default="", compare=False)


@dataclass(frozen=True)
class NotProduced:
    """Why a finding cannot be produced, and the nearest wording that could."""

    reason: str
    nearest: str = ""


@dataclass(frozen=True)
class Measured:
    """One figure of one wave.

    Attributes
    ----------
    value, se, p : float
        NaN where unknown; `p` is of a coefficient or a change against 0.
    n : int
        Respondents that it rests on; 0 if it could not be measured.
    low, high : float
        Its own interval at 95 %, of this wave alone.
    detail : str
        What a reader should know, or why there is none.
    parts : tuple of Measured
        Of a distribution or of several coefficients; the figure itself is then NaN.
    bases : tuple of int
        Respondents in every group that a printed n may count: all, and each part of the group.
    is_share : bool
        Whether it lies between 0 and 1.
    """

    value: float
    se: float
    n: int
    p: float = NAN
    detail: str = ""
    low: float = NAN
    high: float = NAN
    parts: tuple[Measured, ...] = ()
    bases: tuple[int, ...] = ()
    is_share: bool = False


@dataclass(frozen=True)
class LedgerRow:
    """One published finding beside what the study gives.

    Figures are tuples: one number, or one a part. `low` and `high` bound where the printed value
    must lie. `shown_as_printed` is the share of seeds with the printed sign and significance.
    """

    id: str
    source: str
    quantity: str
    group: str
    kind: str
    printed: str
    role: Role
    agrees: Agrees
    simulated: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    seeds: int = 0
    shown_as_printed: float | None = None
    reason: str = ""
    nearest: str = ""
    notes: tuple[str, ...] = ()
