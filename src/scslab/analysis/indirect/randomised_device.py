"""Randomising devices: what the chance of a yes says of the share.

Every design makes P(yes) = c * share + d with c and d known from its probabilities (Blair, Imai and
Zhou 2015, table 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from scslab.core.errors import ScslabError

Kind = Literal["mirrored", "crosswise", "forced", "disguised", "unrelated"]


@dataclass(frozen=True)
class Device:
    """P(yes) = slope * share + base, and the words that say where from."""

    slope: float
    base: float
    words: str


def device_of(
    kind: Kind,
    p: float,
    *,
    forced_yes: float | None = None,
    forced_no: float | None = None,
    other: float | None = None,
) -> Device:
    """The arithmetic of a randomising device.

    Parameters
    ----------
    kind : str
        "mirrored" (Warner 1965): with chance p the question, else its opposite.
        "crosswise" (Yu, Tian and Tang 2008): "same answer to both" as yes, with an unrelated
        item that holds with chance p.
        "forced" (Boruch 1971): with chance p the truth, else a yes (`forced_yes`) or a no.
        "disguised" (Kuk 1990): a yes shows a red card with chance p, a no with chance `other`
        (1 - p if not given).
        "unrelated" (Greenberg et al. 1969): with chance p the question, else an unrelated one,
        to which the share `other` says yes.

    Raises
    ------
    ScslabError
        Probabilities outside 0-1, that do not add up, or that tell nothing of the answer.

    Examples
    --------
    >>> device_of("forced", 2 / 3, forced_yes=1 / 6).base.__round__(4)
    0.1667
    """
    where = f"randomised response ({kind})"
    if kind not in get_args(Kind):
        raise ScslabError(
            f'no design "{kind}"', where=where, expected="one of " + ", ".join(get_args(Kind))
        )
    for name, value in (
        ("p", p),
        ("forced_yes", forced_yes),
        ("forced_no", forced_no),
        ("other", other),
    ):
        if value is not None and not 0 <= value <= 1:
            raise ScslabError(
                "a probability outside 0-1", where=f"{where}: {name}", got=f"{value:g}"
            )
    if kind in ("mirrored", "crosswise"):
        device = Device(2 * p - 1, 1 - p, f"{kind} question, p = {p:g}")
    elif kind == "forced":
        device = forced_device(p, forced_yes, forced_no, where)
    elif kind == "disguised":
        second = 1 - p if other is None else other
        device = Device(p - second, second, f"disguised response, p = {p:g} and {second:g}")
    else:
        if other is None:
            raise ScslabError(
                "how many say yes to the unrelated question?",
                where=where,
                expected="other: its share of yes, from 0 to 1",
            )
        device = Device(p, (1 - p) * other, f"unrelated question, p = {p:g}, its share {other:g}")
    if abs(device.slope) < 1e-12:
        why = "p = 0.5 in" if kind in ("mirrored", "crosswise") else "these probabilities in"
        raise ScslabError(
            f"{why} this design: answers tell nothing of the truth",
            where=where,
            got=f"p = {p:g}",
            expected="a p other than 0.5" if kind in ("mirrored", "crosswise") else "",
            why="P(yes) does not change with the share",
        )
    return device


def forced_device(p: float, yes: float | None, no: float | None, where: str) -> Device:
    """A forced response, with either of the two other probabilities left out or both told.

    Raises
    ------
    ScslabError
        They do not add up to 1, or none is told.
    """
    if yes is None and no is None:
        raise ScslabError(
            "how often is a yes forced?", where=where, expected="forced_yes or forced_no"
        )
    if yes is None:
        assert no is not None
        yes = 1 - p - no
    rest = 1 - p - yes if no is None else no
    if abs(p + yes + rest - 1) > 1e-9 or rest < -1e-9 or yes < -1e-9:
        raise ScslabError(
            "the probabilities of truth, forced yes and forced no do not add up to 1",
            where=where,
            got=f"{p:g} + {yes:g} + {rest:g}",
        )
    return Device(p, yes, f"forced response, truth {p:g}, yes {yes:g}, no {max(rest, 0):g}")
