"""The rules of the reference society: the numbers that every engine shares.

One month, for each person, in this order:

1. a breach with probability ``BREACH * propensity``, times ``DETERRED`` while listed; it is
   detected with probability ``DETECTED`` and then costs ``COST`` points;
2. independently, a false record with probability ``FALSE_RECORD`` costs ``COST`` points;
3. a good deed with probability ``GOOD_DEED`` gives ``GAIN`` points;
4. a person below ``FLOOR`` who is not listed is listed for ``TERM`` months; the months of one
   who was already listed fall by one, and on reaching 0 the score becomes ``RESET``.

A listing begun this month does not yet count down. Each kind of act happens at most once a month
(Bernoulli, not Poisson). A group is ``4 * urban + education``.
"""

from typing import NotRequired, TypedDict

URBAN = 0.6
EDUCATIONS = 4
GROUPS = 2 * EDUCATIONS
START = 1000

BREACH = 0.03
DETERRED = 0.54
DETECTED = 0.5
COST = 10
FALSE_RECORD = 0.0005
GOOD_DEED = 0.02
GAIN = 5
FLOOR = 960
TERM = 24
RESET = 980


class Result(TypedDict):
    """What one run of an engine gives back."""

    seconds: float
    """Time of the month loop alone, with its output."""
    setup_seconds: float
    """Time to make the society."""
    persons: list[int]
    """Persons in each group."""
    listed: list[list[int]]
    """Number listed at the end of each month, by group."""
    mean_score: list[list[float]]
    """Mean score at the end of each month, by group; NaN for an empty group."""
    score_variance: NotRequired[float]
    """Variance between persons of the score after the last month, where an engine holds it."""
