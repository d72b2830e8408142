"""Tables of two variables under a design, with their tests and the rule of small cells."""

from scslab.analysis.crosstab.association import Association, association_test
from scslab.analysis.crosstab.cells import crosstab
from scslab.analysis.crosstab.records import Crosstab, Percent, Shares, suppress

__all__ = [
    "Association",
    "Crosstab",
    "Percent",
    "Shares",
    "association_test",
    "crosstab",
    "suppress",
]
