"""A trial: safeguards beside each other, what came of them, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from scslab.core.errors import ScslabError, near
from scslab.core.trial import ALL, SafeguardLine, TrialSummary
from scslab.evaluation.harm import QUANTITIES
from scslab.lab.compare.store import changes_table
from scslab.lab.compare.tables import frontier_table, names_of, ranking_table
from scslab.lab.compare.values import Values

HARM, COMPLIANCE = "wrongful_months", "performed_share"


@dataclass(frozen=True)
class Trial:
    """Safeguards compared over the same seeds. All figures are of simulated subjects.

    Attributes
    ----------
    manifest : dict
        What was compared, with versions, seeds and hashes; `synthetic` is true.
    harms : DataFrame
        Mean of each quantity under each safeguard with its interval over seeds.
    pairs : DataFrame
        Paired differences to the first safeguard.
    values : Values
        Every quantity of every run.
    safeguard_lines : tuple of SafeguardLine
        What each safeguard is, on what law it rests, and which rows it changed.
    summary : TrialSummary
        What the report says.

    Examples
    --------
    >>> trial.differences(by="residence")  # doctest: +SKIP
    """

    manifest: dict[str, Any]
    harms: pd.DataFrame
    pairs: pd.DataFrame
    values: Values
    safeguard_lines: tuple[SafeguardLine, ...]
    summary: TrialSummary

    @property
    def safeguards(self) -> list[str]:
        """The labels of the sides; all differences are to the first."""
        return list(self.values.labels)

    @property
    def changes(self) -> pd.DataFrame:
        """The rows of rules that each safeguard changed, with their sources."""
        return changes_table(self.safeguard_lines)

    @property
    def groups(self) -> list[str]:
        """By what figures are split."""
        return [name for name in self.values.keys["by"].unique() if name != ALL]

    def harm(self, by: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Every quantity under every safeguard: amount, n and rate, with 95 % intervals over seeds.

        Parameters
        ----------
        by : str or sequence of str, optional
            One of the `groups` of the comparison; everybody without it.

        Raises
        ------
        ScslabError
            The comparison was not split so.
        """
        return self._of(self.harms, by)

    def differences(self, by: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Paired differences to the first safeguard, with 95 % intervals over seeds.

        Parameters
        ----------
        by : str or sequence of str, optional
            One of the `groups` of the comparison; everybody without it.

        Returns
        -------
        DataFrame
            `of` says whether of the amount or of the rate. `saves`: how many times more seeds
            the same interval would need if the two sides did not share their luck.

        Raises
        ------
        ScslabError
            The comparison was not split so.
        """
        return self._of(self.pairs, by)

    def ranking(self, quantity: str = HARM, regime: str = ALL) -> pd.DataFrame:
        """Safeguards by one quantity, best first, with the share of replicates at each rank.

        There is no ranking over quantities: what to weigh against what is not for a model to say.

        Raises
        ------
        ScslabError
            Unknown quantity or regime.
        """
        check_quantity(quantity)
        self._check_regime(regime)
        return ranking_table(self.values, quantity, regime)

    def frontier(
        self, harm: str = HARM, compliance: str = COMPLIANCE, regime: str = ALL
    ) -> pd.DataFrame:
        """Harm against compliance: which safeguards no other one beats in both.

        Raises
        ------
        ScslabError
            Unknown quantity or regime.
        """
        check_quantity(harm, *(n for n in QUANTITIES if n not in names_of("compliance")))
        check_quantity(compliance, *names_of("compliance"))
        self._check_regime(regime)
        return frontier_table(self.values, harm, compliance, regime)

    def _of(self, table: pd.DataFrame, by: str | Sequence[str] | None) -> pd.DataFrame:
        name = by if isinstance(by, str) else "+".join(by or (ALL,))
        if name not in (ALL, *self.groups):
            raise ScslabError(
                f'the comparison was not split by "{name}"',
                hint=near(name, self.groups) or "--by residence",
            )
        return table[table["by"] == name].drop(columns="by").reset_index(drop=True)

    def _check_regime(self, regime: str) -> None:
        known = self.values.keys["regime"].unique()
        if regime not in known:
            raise ScslabError(f'no regime "{regime}" in the comparison', hint=near(regime, known))


def check_quantity(name: str, *known: str) -> None:
    """A quantity must be one that is counted, of those that make sense here.

    Raises
    ------
    ScslabError
        It is not.
    """
    names: Iterable[str] = known or QUANTITIES
    if name not in names:
        raise ScslabError(f'no quantity "{name}"', where="--quantity", hint=near(name, names))
