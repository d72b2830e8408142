"""The record of a quality screen: who is flagged by which check, by what rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scslab.core.errors import ScslabError, near
from scslab.core.printed import Column, ResultTable, Row


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes
    ----------
    name, title, rule : str
        For machines; for readers; the rule in words with its threshold.
    threshold : float
        What `values` was compared with.
    values : f8[n]
        The value behind the flag; NaN where it could not be judged.
    flagged : bool[n]
        False where it could not be judged.
    """

    name: str
    title: str
    rule: str
    threshold: float
    values: np.ndarray
    flagged: np.ndarray

    @property
    def n_flagged(self) -> int:
        """Respondents flagged."""
        return int(np.count_nonzero(self.flagged))

    @property
    def judged(self) -> int:
        """Respondents with a value."""
        return int(np.count_nonzero(~np.isnan(self.values)))


@dataclass(frozen=True)
class Screen:
    """A screen of n respondents; nobody is dropped.

    `unanswered` holds, for each reason, how many answers to the items are missing; `asked` all
    answers that could be there (n times items).
    """

    checks: tuple[Check, ...]
    n: int
    source: str
    synthetic: bool = False
    warnings: tuple[str, ...] = ()
    unanswered: tuple[tuple[str, int], ...] = ()
    asked: int = 0

    def check(self, name: str) -> Check:
        """One check by name.

        Raises
        ------
        ScslabError
            No such check was made.
        """
        for check in self.checks:
            if check.name == name:
                return check
        hint = near(name, [c.name for c in self.checks])
        raise ScslabError(f'no check "{name}" in this screen', hint=hint)

    def counts(self, checks: Iterable[str] | None = None) -> np.ndarray:
        """By how many checks each respondent is flagged, int[n]."""
        used = self.checks if checks is None else [self.check(name) for name in checks]
        found = np.zeros(self.n, np.int64)
        for check in used:
            found += check.flagged
        return found

    def flagged(self, at_least: int = 1, checks: Iterable[str] | None = None) -> np.ndarray:
        """Who (bool[n]) is flagged by at least so many checks, of all or of those named.

        Raises
        ------
        ScslabError
            `at_least` below 1, or an unknown check.
        """
        if at_least < 1:
            raise ScslabError("at_least must be 1 or more", got=at_least)
        return self.counts(checks) >= at_least

    def table(self) -> ResultTable:
        """The checks: rule, how many could be judged, how many are flagged."""
        columns = (
            Column("check", "Check"),
            Column("rule", "Flagged if"),
            Column("judged", "Judged", "count"),
            Column("flagged", "Flagged", "count"),
            Column("share", "Share of all", "share", 1),
        )
        rows = tuple(
            Row((c.title, c.rule, c.judged, c.n_flagged, c.n_flagged / self.n)) for c in self.checks
        )
        return self.printed("screen", "Quality screen", columns, rows, self.warnings)

    def overlap(self) -> ResultTable:
        """How many respondents are flagged by exactly k checks, and by k or more."""
        columns = (
            Column("checks", "Checks that flag", "count"),
            Column("n", "Respondents", "count"),
            Column("share", "Share", "share", 1),
            Column("at_least", "This many or more", "count"),
        )
        times = np.bincount(self.counts(), minlength=len(self.checks) + 1)
        more = times[::-1].cumsum()[::-1]
        rows = tuple(Row((k, int(n), float(n / self.n), int(more[k]))) for k, n in enumerate(times))
        return self.printed("screen-overlap", "Flags per respondent", columns, rows)

    def reasons(self) -> ResultTable:
        """Unanswered items by reason."""
        columns = (
            Column("reason", "Reason"),
            Column("n", "Answers", "count"),
            Column("share", "Share of all answers", "share", 1),
        )
        rows = tuple(
            Row((reason.replace("_", " "), n, n / self.asked)) for reason, n in self.unanswered
        )
        return self.printed("screen-reasons", "Items without an answer", columns, rows)

    def tables(self) -> tuple[ResultTable, ...]:
        """All tables of the screen."""
        rest = (self.reasons(),) if self.unanswered else ()
        return (self.table(), self.overlap(), *rest)

    def printed(
        self,
        key: str,
        title: str,
        columns: tuple[Column, ...],
        rows: tuple[Row, ...],
        notes: tuple[str, ...] = (),
    ) -> ResultTable:
        """A table of this screen."""
        return ResultTable(
            id=key,
            title=title,
            columns=columns,
            rows=rows,
            n=self.n,
            source=self.source,
            unit="respondents, unweighted",
            notes=(*notes, "Flagged respondents are kept."),
            synthetic=self.synthetic,
        )
