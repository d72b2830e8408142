"""The steps of a judgement, and the rows of the rules behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scslab.core.values import Dated, Row, on


@dataclass(frozen=True)
class Step:
    """One step of a judgement: what happened, and the rows of the rules behind it."""

    says: str
    rows: tuple[Row, ...] = ()


def rows_of(when: date, *values: Dated | None) -> tuple[Row, ...]:
    """The rows of some dated values that are in force on a day."""
    return tuple(row for row in (on(v, when).row for v in values) if row is not None)
