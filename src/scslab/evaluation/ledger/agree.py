"""Whether a printed value agrees with what several simulations of the study give.

The rule asks: had the printed survey been drawn from the simulated population, would its figure lie
where it does? Three things keep two such figures apart though nothing differs. The mean over K
simulations is itself uncertain: with variance S / K, where S is the variance over simulations, each
with its own society, sample and answers (K >= 10), or the mean squared standard error of the
samples (K < 10, too few to tell a variance). The printed survey was one sample: its variance is the
squared standard error that the simulated survey has, design effect of weights and clusters
included, scaled from the simulated to the printed number of respondents. And the printed value is
rounded: with unit u of its last digit it lies anywhere within u / 2, a variance of u^2 / 12. The
printed value agrees if it is within 1.96 standard deviations of all three. If the study is right,
95 of 100 such values do. Wide intervals (small n, few seeds) agree easily, so read both.

A printed n is often that of the whole sample under figures of its parts. It is taken to count the
group, or any part of the sample that the group is cut from, whichever is nearest in size.

Signs: printed + or - needs that sign with p < 0.05 in more than half of the simulations; 0, or a
sign printed as not significant, needs p >= 0.05 in more than half. Log-odds must lie in their
interval, and be significant (or not) as far as the note says so. Of several coefficients, or parts
of a distribution, every one must agree.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from scslab.analysis.distributions import Z_95
from scslab.evaluation.findings import Finding
from scslab.evaluation.ledger.records import LedgerRow, Measured, NotProduced, Role

MANY = 10  # simulations from which their variance is taken
LEVEL = 0.05  # of significance
COARSEST_SHARE = 0.01  # papers print whole percents, files drop zeros at the end
SIGNS = ("+", "-", "0")
# Within one clause: "not at all significant", "failed to reach significance".
NOT_SIGNIFICANT = re.compile(
    r"\b(?:not|no|never|non|nor|neither|without|hardly|barely|cannot|fail\w*|lack\w*|miss\w*"
    r"|far from|short of|\w+n['’]t)\b.*significan|insignifican|\bn\.?s\b|p ?(?:>|≥|>=) ?0?\.0?5"
)
SIGNIFICANT = re.compile(r"significan|p ?(?:<|≤|<=) ?0?\.0|(?<=\d)\*")
CLAUSES = re.compile(
    r"[;:,](?!\d)|\.(?= )|\b(?:but|unlike|while|whereas|although|though|except|save)\b"
)
# Of a table, not of this figure.
LEGEND = re.compile(r"(?<![\d*])\*+ ?p ?[<≤=>][^;,]*|\bmodel \w+\*+")


@dataclass(frozen=True)
class Between:
    """A mean over simulations and the interval in which a printed value agrees with it."""

    mean: float
    low: float
    high: float


def agree(finding: Finding, measured: Sequence[Measured], role: Role = "held out") -> LedgerRow:
    """Set a finding beside its simulated values, one a seed.

    Parameters
    ----------
    finding : Finding
    measured : sequence of Measured
        Of the same study under different seeds; those with n 0 could not be measured.
    role : {"fitted", "input", "held out"}

    Returns
    -------
    LedgerRow
        "cannot be produced" where half of the seeds or more give no value. The rule is told at the
        head of this module.

    Examples
    --------
    >>> approves = Finding("Z1", "a paper", "approves", "all", "share", "0.80", "400", "")
    >>> row = agree(approves, [Measured(0.77, 0.02, 400, bases=(400,), is_share=True)])
    >>> row.agrees, round(row.low[0], 3), round(row.high[0], 3)
    ('yes', 0.714, 0.826)
    """
    whole = [m for m in measured if is_known(m)]
    shapes = [len(leaves(m)) for m in whole]
    most = max(set(shapes), key=shapes.count, default=0)
    known = [m for m in whole if len(leaves(m)) == most]
    if not known or 2 * len(known) <= len(measured):
        details = [m.detail for m in measured if m.n == 0 and m.detail]
        return not_produced(finding, NotProduced(details[0] if details else "no value"), role)
    printed = parts_of(finding)
    size = None if not finding.n else int(finding.n)
    seeds = list(zip(*(leaves(m) for m in known), strict=True))
    units = [unit_of(p, finding.kind) for p in printed] or [0.0]
    if len(units) < len(seeds):
        units = [0.0] * len(seeds)
    found = [between(list(one), size, u) for one, u in zip(seeds, units, strict=False)]
    shown = shown_as_printed(finding, known)
    if finding.kind == "sign":
        right = shown is not None and shown > 0.5
    elif len(printed) != len(found):
        why = f"{len(printed)} printed values, {len(found)} simulated"
        return not_produced(finding, NotProduced(why), role)
    else:
        right = all(f.low <= float(p) <= f.high for p, f in zip(printed, found, strict=True))
        right = right and (shown is None or shown > 0.5)
    return LedgerRow(
        id=finding.id,
        source=finding.source,
        quantity=finding.quantity,
        group=finding.group,
        kind=finding.kind,
        printed=finding.value,
        role=role,
        agrees="yes" if right else "no",
        simulated=tuple(f.mean for f in found),
        low=tuple(f.low for f in found),
        high=tuple(f.high for f in found),
        seeds=len(known),
        shown_as_printed=shown,
        notes=notes_of(finding, known, len(measured)),
    )


def not_produced(finding: Finding, why: NotProduced, role: Role = "held out") -> LedgerRow:
    """The row of a finding that the study cannot produce."""
    return LedgerRow(
        id=finding.id,
        source=finding.source,
        quantity=finding.quantity,
        group=finding.group,
        kind=finding.kind,
        printed=finding.value,
        role=role,
        agrees="cannot be produced",
        reason=why.reason,
        nearest=why.nearest,
    )


def leaves(one: Measured) -> list[Measured]:
    """The single figures of a measurement."""
    return [leaf for part in one.parts for leaf in leaves(part)] if one.parts else [one]


def is_known(one: Measured) -> bool:
    """Whether all figures of a measurement have a value and a standard error."""
    return one.n > 0 and all(math.isfinite(m.value) and math.isfinite(m.se) for m in leaves(one))


def between(seeds: Sequence[Measured], printed_n: int | None, unit: float) -> Between:
    """The mean over seeds and where a printed value agrees with it; see the module's head."""
    values = np.array([m.value for m in seeds])
    errors = np.array([variance_of(m) for m in seeds])
    ratio = np.array(
        [1.0 if printed_n is None else base_of(m, printed_n) / printed_n for m in seeds]
    )
    k = len(seeds)
    simulated = float(values.var(ddof=1)) if k >= MANY else float(errors.mean())
    variance = simulated / k + float((errors * ratio).mean()) + unit**2 / 12
    mean, half = float(values.mean()), Z_95 * math.sqrt(variance)
    low, high = mean - half, mean + half
    if seeds[0].is_share:
        low, high = max(0.0, low), min(1.0, high)
    return Between(mean, low, high)


def variance_of(one: Measured) -> float:
    """Squared standard error; of a share of 0 or 1, which shows none, by Agresti and Coull (1998).

    Two answers of either kind are added: (x + 2) / (n + 4).
    """
    if one.is_share and one.se == 0 and one.value in (0.0, 1.0):
        p = (one.value * one.n + 2) / (one.n + 4)
        return p * (1 - p) / one.n
    return one.se**2


def base_of(one: Measured, printed_n: int) -> int:
    """Which of the numbers of respondents a printed n counts: the nearest by ratio."""
    return min(one.bases or (one.n,), key=lambda n: abs(math.log(max(n, 1) / printed_n)))


def parts_of(finding: Finding) -> list[str]:
    """The printed numbers; none of a sign."""
    return [] if finding.kind == "sign" else finding.value.split("/")


def unit_of(printed: str, kind: str) -> float:
    """The unit of the last printed digit.

    Zeros at the end of a count are no digits; shares are read as whole percents at least.

    Examples
    --------
    >>> unit_of("0.80", "share"), unit_of("13000000", "count"), unit_of("0.314", "log-odds")
    (0.01, 1000000.0, 0.001)
    """
    text = printed.strip()
    exponent = Decimal(text).as_tuple().exponent
    unit = 10.0 ** int(exponent)
    if kind == "count" and unit == 1 and int(text) != 0:
        return float(10 ** (len(text) - len(text.rstrip("0"))))
    if kind in ("share", "distribution"):
        return min(unit, COARSEST_SHARE)
    return unit


def significance(finding: Finding) -> bool | None:
    """Whether the note says that an effect is significant; none if it says nothing.

    The first clause that says so counts: what follows is of something else.

    Examples
    --------
    >>> def noted(note):
    ...     return significance(Finding("Z1", "", "", "", "sign", "+", "", note))
    >>> noted("significant; its square not significant"), noted("failed to reach significance")
    (True, False)
    """
    for clause in CLAUSES.split(LEGEND.sub(" ", finding.note.lower())):
        if NOT_SIGNIFICANT.search(clause):
            return False
        if SIGNIFICANT.search(clause):
            return True
    return None


def shown_as_printed(finding: Finding, seeds: Sequence[Measured]) -> float | None:
    """Share of seeds whose effect is as printed in sign and significance; none if none is."""
    noted = significance(finding)
    if finding.kind == "sign":
        sign = finding.value
        if noted is False:
            sign = "0"
    elif finding.kind == "log-odds" and noted is not None:
        sign = ("+" if finding.number > 0 else "-") if noted else "0"
    else:
        return None
    return sum(shows(m, sign) for m in seeds) / len(seeds)


def shows(one: Measured, sign: str) -> bool:
    """Whether an effect of one wave has a sign and is significant, or is not ("0").

    Of a term with several coefficients "0" is judged by their joint test.
    """
    if sign == "0" and math.isfinite(one.p):
        return one.p >= LEVEL
    if one.parts:
        return all(shows(part, sign) for part in one.parts)
    right = one.value > 0 if sign == "+" else one.value < 0
    return right and one.p < LEVEL


def notes_of(finding: Finding, known: Sequence[Measured], asked: int) -> tuple[str, ...]:
    """What a reader of the row should know."""
    found = []
    if not finding.n:
        found.append("no n is printed: that of the simulation is taken")
    if len(known) < asked:
        found.append(f"{asked - len(known)} of {asked} seeds give no value")
    if finding.kind == "sign" and significance(finding) is False and finding.value != "0":
        found.append("printed as not significant: judged as 0")
    return tuple(found)
