"""One thing that was seen to happen, before it is put in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scslab.lab.month import Month


@dataclass(frozen=True)
class Seen:
    """What happened, in which stage of which month, and the row it happened to.

    Attributes
    ----------
    month : Month
        The month as kernels saw it: its rules, its shares.
    stage, kind : str
    row : ACT, DELIVERY or ENTRY row, or None
        As it is afterwards, or as it was when it ended.
    was : ENTRY row or None
        As it was before.
    facts : dict
        Whatever else the words need.
    """

    month: Month
    stage: str
    kind: str
    row: np.void | None
    was: np.void | None = None
    facts: dict[str, Any] = field(default_factory=dict)
