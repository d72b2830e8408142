"""Harm and fairness: who is hit, how often, for how long, and who is let off.

Everything is counted from the tables of a run, with no world loaded.
"""

from scslab.evaluation.harm.capital import CAPITAL, political_capital
from scslab.evaluation.harm.costs import cost_kind, cost_kinds
from scslab.evaluation.harm.fairness import (
    error_rates,
    escape,
    harm_lines,
    impact_ratios,
    middling,
    urban_bias,
)
from scslab.evaluation.harm.gather import harm_report
from scslab.evaluation.harm.quantities import ALL, harm
from scslab.evaluation.harm.registry import COUNTED, QUANTITIES, Quantity
from scslab.evaluation.harm.totals import measure_totals, totals
from scslab.evaluation.harm.wrongful import SMALLEST_N, wrongful_by_group

__all__ = [
    "ALL",
    "CAPITAL",
    "COUNTED",
    "QUANTITIES",
    "SMALLEST_N",
    "Quantity",
    "cost_kind",
    "cost_kinds",
    "error_rates",
    "escape",
    "harm",
    "harm_lines",
    "harm_report",
    "impact_ratios",
    "measure_totals",
    "middling",
    "political_capital",
    "totals",
    "urban_bias",
    "wrongful_by_group",
]
