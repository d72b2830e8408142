"""Estimates under a sampling design: means, totals, ratios, shares, quantiles, correlations.

Every function takes a `Sample` and gives `Estimates`; groups (`by`) and domains (`where`) keep the
whole design.
"""

from scslab.analysis.estimate.ground import Options
from scslab.analysis.estimate.hidden import BELOW, hidden_cells
from scslab.analysis.estimate.intervals import ShareMethod, share_interval
from scslab.analysis.estimate.means import mean, ratio, total, weighted_n
from scslab.analysis.estimate.moments import correlation, correlation_matrix, sd, tests, variance
from scslab.analysis.estimate.plain import Share, weighted_share, wilson
from scslab.analysis.estimate.qrules import QRule, quantile_of
from scslab.analysis.estimate.quantiles import QuantileInterval, median, quantile
from scslab.analysis.estimate.records import Estimate, Estimates
from scslab.analysis.estimate.shares import share

__all__ = [
    "BELOW",
    "Estimate",
    "Estimates",
    "Options",
    "QRule",
    "QuantileInterval",
    "Share",
    "ShareMethod",
    "correlation",
    "correlation_matrix",
    "hidden_cells",
    "mean",
    "median",
    "quantile",
    "quantile_of",
    "ratio",
    "sd",
    "share",
    "share_interval",
    "tests",
    "total",
    "variance",
    "weighted_n",
    "weighted_share",
    "wilson",
]
