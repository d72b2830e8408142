"""A quality screen: respondents flagged by declared checks, never dropped."""

from scslab.survey.screen.flags import screen
from scslab.survey.screen.plan import Attention, Clause, Grid, Impossible, ScreenPlan
from scslab.survey.screen.result import Check, Screen

__all__ = ["Attention", "Check", "Clause", "Grid", "Impossible", "Screen", "ScreenPlan", "screen"]
