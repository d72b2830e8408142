"""What became of each case: AAPOR's disposition codes and the rates made of them.

Codes and formulas after the AAPOR Standard Definitions (10th edition, 2023), internet surveys of
named persons. A code is kept as 1000 times AAPOR's number: 2112 is 2.112.

Samples of volunteers have no response rate: AAPOR asks for a participation rate (usable
interviews of those invited; ISO 26362:2009), and a completion rate says how many of those who
began came to the end (Callegaro and DiSogra 2008, https://doi.org/10.1093/poq/nfn065).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scslab.core.errors import ScslabError
from scslab.core.printed import Column, ResultTable, Row

Group = Literal["I", "P", "R", "NC", "O", "UH", "UO", "NE"]
SampleKind = Literal["opt-in", "drawn"]


@dataclass(frozen=True)
class Outcome:
    """A disposition: AAPOR's number, what it is, and the group that rates count it in.

    Groups: I complete, P partial, R refusal or break-off, NC no contact, O other, UH and UO
    eligibility unknown, NE not eligible.
    """

    number: str
    says: str
    group: Group


COMPLETE = 1100
PARTIAL = 1200
REFUSAL = 2110
EXPLICIT_REFUSAL = 2111
IMPLICIT_REFUSAL = 2112
BREAK_OFF = 2120
NON_CONTACT = 2200
OTHER = 2300
NOTHING_RETURNED = 3190
UNDELIVERED = 3300
NOT_ELIGIBLE = 4700
QUOTA_FILLED = 4800

OUTCOMES: dict[int, Outcome] = {
    COMPLETE: Outcome("1.1", "Complete", "I"),
    PARTIAL: Outcome("1.2", "Partial, with sufficient information", "P"),
    REFUSAL: Outcome("2.11", "Refusal", "R"),
    EXPLICIT_REFUSAL: Outcome("2.111", "Refusal in so many words", "R"),
    IMPLICIT_REFUSAL: Outcome("2.112", "Implicit refusal: invited, did not begin", "R"),
    BREAK_OFF: Outcome("2.12", "Break-off", "R"),
    NON_CONTACT: Outcome("2.20", "Non-contact", "NC"),
    OTHER: Outcome("2.30", "Other, eligible", "O"),
    NOTHING_RETURNED: Outcome("3.19", "Nothing ever returned", "UO"),
    UNDELIVERED: Outcome("3.30", "Invitation returned undelivered", "UO"),
    NOT_ELIGIBLE: Outcome("4.70", "No eligible respondent", "NE"),
    QUOTA_FILLED: Outcome("4.80", "Screened out: quota filled", "NE"),
}
SAYS = {
    "RR1": "Response rate 1: completes of all eligible or unknown",
    "RR2": "Response rate 2: completes and partials of all eligible or unknown",
    "RR5": "Response rate 5: completes of all known to be eligible",
    "RR6": "Response rate 6: completes and partials of all known to be eligible",
    "COOP1": "Cooperation rate 1: completes of all ever contacted",
    "REF1": "Refusal rate 1: refusals and break-offs of all eligible or unknown",
    "CON1": "Contact rate 1: contacted of all eligible or unknown",
    "participation": "Participation rate: completes and partials of all invited",
    "completion": "Completion rate: completes of those who began and were not screened out",
    "screened": "Screen-out rate: screened out of those who began",
}
SHOWN: dict[SampleKind, tuple[str, ...]] = {
    "opt-in": ("participation", "completion", "screened"),
    "drawn": ("RR1", "RR2", "RR5", "RR6", "COOP1", "REF1", "CON1", "completion"),
}
EDITION = (
    "Codes and rates after AAPOR, Standard Definitions, 10th edition (2023). "
    "2.112 are persons who were invited and did not begin."
)
NO_RESPONSE_RATE = (
    "A sample of volunteers has no response rate; AAPOR asks for a participation rate "
    "(ISO 26362:2009)."
)


def dispose(
    started: np.ndarray,
    finished: np.ndarray,
    reached: np.ndarray | None = None,
    not_begun: int = IMPLICIT_REFUSAL,
) -> np.ndarray:
    """What became of the persons of a drawn sample, i2[n].

    Parameters
    ----------
    started, finished : bool[n]
        Who would begin, and who, having begun, would come to the end.
    reached : bool[n], optional
        Whom the invitation reached; the others are non-contacts (2.20). Without it everybody.
    not_begun : int
        The code of those who were reached and did not begin: 2.112, or 3.19 where the list may
        hold persons who are not eligible.

    Examples
    --------
    >>> dispose(np.array([True, True, False]), np.array([True, False, True])).tolist()
    [1100, 2120, 2112]
    """
    codes = np.where(started, np.where(finished, COMPLETE, BREAK_OFF), not_begun)
    if reached is not None:
        codes = np.where(reached, codes, NON_CONTACT)
    return codes.astype(np.int16)


def counts(codes: np.ndarray) -> dict[int, int]:
    """How many cases have each disposition, in the order of `OUTCOMES`; those that occur.

    Raises
    ------
    ScslabError
        A code that is none of `OUTCOMES`.

    Examples
    --------
    >>> counts(np.array([2112, 1100, 2112]))
    {1100: 1, 2112: 2}
    """
    values, times = np.unique(codes, return_counts=True)
    found = {int(v): int(t) for v, t in zip(values, times, strict=True)}
    strange = sorted(set(found) - set(OUTCOMES))
    if strange:
        raise ScslabError(
            "an unknown disposition",
            got=strange[0],
            expected=", ".join(str(code) for code in OUTCOMES),
        )
    return {code: found[code] for code in OUTCOMES if code in found}


def rates(codes: np.ndarray) -> dict[str, float]:
    """All rates of `SAYS` by name, shares; NaN where nobody is in the base.

    RR1 = I / ((I + P) + (R + NC + O) + (UH + UO)); RR2 with I + P above; RR5 and RR6 without UH
    and UO below; COOP1 = I / ((I + P) + R + O); REF1 = R and CON1 = (I + P) + R + O over the base
    of RR1 (AAPOR 2023). Completion = I / (I + P + break-offs): those screened out were not asked
    the questionnaire and do not count.

    Raises
    ------
    ScslabError
        A code that is none of `OUTCOMES`.

    Examples
    --------
    >>> got = rates(np.array([1100, 1100, 2120, 2112, 4800]))
    >>> got["RR1"], round(got["completion"], 3), got["participation"]
    (0.5, 0.667, 0.4)
    """
    found = counts(codes)
    group = dict.fromkeys(("I", "P", "R", "NC", "O", "UH", "UO", "NE"), 0)
    for code, times in found.items():
        group[OUTCOMES[code].group] += times
    done, usable = group["I"], group["I"] + group["P"]
    contacted = usable + group["R"] + group["O"]
    eligible = contacted + group["NC"]
    everybody = eligible + group["UH"] + group["UO"]
    stayed = usable + found.get(BREAK_OFF, 0)
    screened = group["NE"]
    return {
        "RR1": ratio(done, everybody),
        "RR2": ratio(usable, everybody),
        "RR5": ratio(done, eligible),
        "RR6": ratio(usable, eligible),
        "COOP1": ratio(done, contacted),
        "REF1": ratio(group["R"], everybody),
        "CON1": ratio(contacted, everybody),
        "participation": ratio(usable, len(codes)),
        "completion": ratio(done, stayed),
        "screened": ratio(screened, stayed + screened),
    }


def ratio(part: int, base: int) -> float:
    """A share, NaN of nobody."""
    return part / base if base else float("nan")


def disposition_table(
    codes: np.ndarray,
    *,
    kind: SampleKind,
    id: str = "dispositions",
    title: str = "What became of the cases",
    source: str,
    synthetic: bool = True,
) -> ResultTable:
    """Counts of dispositions, and below them the rates that fit the kind of sample.

    Parameters
    ----------
    codes : i2[n]
        Dispositions of all cases.
    kind : str
        "opt-in" (volunteers: participation and completion rate) or "drawn" (a probability sample
        or a panel of named persons: AAPOR's response, cooperation, refusal and contact rates).
    source : str
        Where the cases are from, as tables say it.
    synthetic : bool
        Whether the persons are simulated.

    Raises
    ------
    ScslabError
        A code that is none of `OUTCOMES`.
    """
    found, rate = counts(codes), rates(codes)
    n = len(codes)
    body = [
        Row((OUTCOMES[code].number, OUTCOMES[code].says, times, times / n))
        for code, times in found.items()
    ]
    total = Row(("", "All cases", n, 1.0 if n else None), kind="foot")
    foot = [
        Row((shown_name(name), SAYS[name], None, None if np.isnan(rate[name]) else rate[name]),
            kind="foot")
        for name in SHOWN[kind]
    ]  # fmt: skip
    return ResultTable(
        id=id,
        title=title,
        columns=(
            Column("code", "AAPOR"),
            Column("outcome", "Outcome"),
            Column("n", "Cases", "count"),
            Column("share", "Share", "share"),
        ),
        rows=(*body, total, *foot),
        n=n,
        source=source,
        unit="cases",
        notes=(EDITION, NO_RESPONSE_RATE) if kind == "opt-in" else (EDITION,),
        synthetic=synthetic,
    )


def shown_name(name: str) -> str:
    """A rate's name in a table: AAPOR's, none where it has none."""
    return name if name.isupper() else ""
