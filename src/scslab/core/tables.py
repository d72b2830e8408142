"""What flows: the columns of every table that crosses a border between rooms.

Months are counted from 0, the study's first. Persons, cells, districts, regimes and conducts are
numbered as they stand in the society and in the study. A *kind* is a combination of attributes;
cells of one kind in two districts have the same rates.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Record = Any  # a row of one of the tables below, inside a kernel

# One row per act, record under way, or entry in a regime's books.
ACT = np.dtype([("luck", "u8"), ("subject", "i4"), ("cell", "i4"), ("conduct", "i2")], align=True)
DELIVERY = np.dtype(
    [
        ("luck", "u8"),
        ("subject", "i4"),
        ("cell", "i4"),
        ("due", "i2"),
        ("conduct", "i2"),
        ("regime", "i2"),
        ("truth", "i1"),
        ("lifts", "i1"),  # 1 for the message that a listing elsewhere is over
        ("record", "u8"),  # word of the record it rests on: the same at all who receive it
    ],
    align=True,
)
ENTRY = np.dtype(
    [
        ("luck", "u8"),
        ("subject", "i4"),
        ("cell", "i4"),
        ("points", "i4"),  # what the record did to the score, undone when it ends; of a listing
        # that follows others, how many of them stand
        ("decided", "i2"),  # month of the decision
        ("begun", "i2"),  # month in which it takes effect
        ("ends", "i2"),  # month in which a listing ends; NEVER without a fixed term
        ("filed", "i2"),  # month of the objection
        ("performed", "i2"),  # month in which the duty was performed, -1 if not
        ("conduct", "i2"),
        ("regime", "i2"),
        ("grade", "i1"),  # the yearly grade that a veto took away, -1 if none
        ("list", "i1"),  # list of the regime; NO_LIST for a record that moves the score; COUNTED
        # for an act that counts towards a ground of several
        ("truth", "i1"),
        ("state", "i1"),
        ("way_out", "i1"),
        ("told_of", "i2"),  # month in which a correction made elsewhere arrives; NEVER if none
        ("filed_at", "f4"),  # working day on which the objection came in, from the study's first
        ("due", "f4"),  # working day on which it is decided; -1 while nobody works on it
        ("record", "u8"),  # word of the record it rests on
    ],
    align=True,
)

# Truth of a record: what no real system knows.
TRUE, MISATTRIBUTED, FROM_NOTHING = 0, 1, 2
NO_LIST, COUNTED = -1, -2
NO_GROUND = -1
NEVER = 32000
# State of an entry in the course of an objection.
UNTOLD, TOLD, SILENT, FILED, REJECTED, CORRECTED, COMPLAINED = 0, 1, 2, 3, 4, 5, 6
# Way out of a list.
STAYS, PERFORMED, LIFTED, REPAIRED, EXEMPTED = 0, 1, 2, 3, 4
DAYS = 21  # working days of a month

# Counts of one month by regime and group.
FLOWS = (
    "acts",
    "records",
    "true_records",
    "misattributed",
    "from_nothing",
    "points_gained",
    "points_lost",
    "entries",
    "wrongful_entries",
    "exits",
    "wrongful_exits",
    "performed",
    "performed_first",
    "expired",
    "removed_by_correction",
    "removed_on_performance",
    "repaired",
    "lifted",
    "found_on_visit",
    "objections",
    "objections_wronged",
    "decided",
    "corrected",
    "corrected_wronged",
    "rejected",
    "rejected_wronged",
    "months_waited",
    "late",
    "told",
    "heard",
    "cleared",
    "cleared_wronged",
    "screened",
    "screened_wronged",
    "complaints",
    "upheld",
    "upheld_wronged",
    "copies",
    "copies_corrected",
    "hardship_entries",
    "exempted",
    "days_waited",
    "wrongs_corrected",
    "months_wronged",
    "breaches",
    "missed",
)
(
    ACTS,
    RECORDS,
    TRUE_RECORDS,
    MISATTRIBUTED_RECORDS,
    NOTHING_RECORDS,
    GAINED,
    LOST,
    ENTRIES,
    WRONGFUL_ENTRIES,
    EXITS,
    WRONGFUL_EXITS,
    PERFORMANCES,
    PERFORMED_FIRST,
    EXPIRED,
    REMOVED,
    REMOVED_ON_PERFORMANCE,
    REPAIRED_COUNT,
    LIFTED_COUNT,
    FOUND_ON_VISIT,
    OBJECTIONS,
    OBJECTIONS_WRONGED,
    DECIDED,
    CORRECTED_COUNT,
    CORRECTED_WRONGED,
    REJECTED_COUNT,
    REJECTED_WRONGED,
    MONTHS_WAITED,
    LATE,
    TOLD_COUNT,
    HEARD,
    CLEARED,
    CLEARED_WRONGED,
    SCREENED,
    SCREENED_WRONGED,
    COMPLAINTS,
    UPHELD,
    UPHELD_WRONGED,
    COPIES,
    COPIES_CORRECTED,
    HARDSHIP_ENTRIES,
    EXEMPTED_COUNT,
    DAYS_WAITED,
    WRONGS_CORRECTED,
    MONTHS_WRONGED,
    BREACHES,
    MISSED,
) = range(len(FLOWS))

# What stands at the end of a month, by regime and group.
STOCKS = (
    "covered",
    "scored",
    "score_sum",
    "listed",
    "wrongful_listed",
    "waiting",
    "hardship_listed",
)
(
    COVERED,
    SCORED,
    SCORE_SUM,
    LISTED,
    WRONGFUL_LISTED,
    WAITING,
    HARDSHIP_LISTED,
) = range(len(STOCKS))


class People(NamedTuple):
    """The society as kernels see it: persons lie by district, cell by cell."""

    cell_start: np.ndarray  # first person of each cell, and the end; i8[cells + 1]
    kind: np.ndarray  # attribute combination of each cell; i4[cells]
    group: np.ndarray  # tally group of each cell; i4[cells]
    rated: np.ndarray  # whether persons of the cell can be rated; bool[cells]
    district: np.ndarray  # district of each cell; i4[cells]
    district_cells: np.ndarray  # first cell of each district, and the end; i8[districts + 1]


class State(NamedTuple):
    """What is remembered of persons: the only arrays with one value per person."""

    score: np.ndarray  # i2[scored regimes, persons]
    member: np.ndarray  # u1[regimes that people join, persons]
    listed: np.ndarray  # a bit per list; u1[regimes with lists, persons]
    black: np.ndarray  # which of these are blacklists, a bit each; u1[regimes with lists]
    grade: np.ndarray  # the grade that stands; u1[regimes that keep it, persons]
    own: np.ndarray  # last month in which one was listed, -1 never; i2[persons] or empty
    tie: np.ndarray  # last month in which a tie was listed; i2[persons] or empty


class Books(NamedTuple):
    """What a shard counts: flows of the month, stocks, measures."""

    flows: np.ndarray  # i8[regimes, groups, FLOWS]
    stocks: np.ndarray  # i8[regimes, groups, STOCKS]
    grades: np.ndarray  # i8[regimes, groups, grades]
    found: np.ndarray  # breaches found on visits; i8[regimes, grades]
    refused: np.ndarray  # i8[effects, groups]
    bitten: np.ndarray  # listed person-months under the effect; i8[effects, groups]
    wrongly_refused: np.ndarray  # those of the wrongly listed; i8[effects, groups]
    wrongly_bitten: np.ndarray  # i8[effects, groups]


class Rules(NamedTuple):
    """The rules of all regimes in force in one month, stacked."""

    score_row: np.ndarray  # row of State.score, -1 without a score in force; i4[regimes]
    member_row: np.ndarray  # row of State.member, -1 where nobody need join; i4[regimes]
    listed_row: np.ndarray  # row of State.listed, -1 without lists; i4[regimes]
    grade_row: np.ndarray  # row of State.grade, -1 where it is not kept; i4[regimes]
    yearly: np.ndarray  # whether that grade stands from restart to restart; bool[regimes]
    restarts: np.ndarray  # whether all scores restart this month; bool[regimes]
    covered: np.ndarray  # whether subjects of the kind are rated; bool[regimes, kinds]
    # Conducts are the study's acts, and behind them the listings elsewhere that rules follow.
    points: np.ndarray  # i4[regimes, conducts]
    ceiling: np.ndarray  # highest score that a veto leaves; i4[regimes, conducts]
    lift: np.ndarray  # lowest score that an act which earns a grade leaves; i4[regimes, conducts]
    drops: np.ndarray  # grades by which the act lowers; i1[regimes, conducts]
    low: np.ndarray  # i4[regimes]
    high: np.ndarray  # i4[regimes]
    floors: np.ndarray  # best grade first; i4[regimes, floors], padded above every score
    floor_count: np.ndarray  # i4[regimes]
    lists: np.ndarray  # how many lists; i4[regimes]
    stays: np.ndarray  # months on the list; NEVER without a term, NO_GROUND if the act is no
    # ground of it; i2[regimes, conducts, lists]
    extends: np.ndarray  # months added while listed; i2[regimes, conducts, lists]
    ground: np.ndarray  # number of the ground it meets; i2[regimes, conducts, lists]
    ends_with: np.ndarray  # lists that may follow it, whatever holds now; u1[regimes, conducts]
    needed: np.ndarray  # acts that make a ground; i2[regimes, conducts, lists]
    within: np.ndarray  # months within which they must fall; i2[regimes, conducts, lists]
    waits: np.ndarray  # months from decision to listing; i2[regimes, lists]
    grounds: np.ndarray  # lists of which the act is a ground, a bit each; u1[regimes, conducts]
    follows: np.ndarray  # those that stand while the listing elsewhere does; u1[regimes, conducts]
    barred: np.ndarray  # lists whose ground is not for persons (0), organisations (1), a bit each;
    # u1[regimes, conducts, 2]
    what: np.ndarray  # 0 for kinds of persons, 1 for kinds of organisations; u1[kinds]
    ends_on: np.ndarray  # lists that the act ends, a bit each; u1[regimes, conducts]
    stopped: np.ndarray  # whether oversight has stopped the act; bool[regimes, conducts]
    closed: np.ndarray  # lists that are closed, a bit each; u1[regimes]
    repair: np.ndarray  # months until repair is open, NEVER without; i2[regimes, lists]
    after_performance: np.ndarray  # whether they count from performance; bool[regimes, lists]
    record_repair: np.ndarray  # the same for records that move a score; i2[regimes, conducts]
    moves_to: np.ndarray  # list to which an entry moves that stands too long; i1[regimes, lists]
    moves_after: np.ndarray  # months until then; i2[regimes, lists]
    own_stays: np.ndarray  # term of the list itself; i2[regimes, lists]
    open_lists: np.ndarray  # lists that take others than members, a bit each; u1[regimes]
    below: np.ndarray  # score below which one is listed, NO_SCORE if none; i4[regimes, lists]
    by_grade: np.ndarray  # grades that are a ground, a bit each; u2[regimes, lists]
    graded_lists: np.ndarray  # whether some list has such a ground; bool[regimes]
    below_stays: np.ndarray  # i2[regimes, lists]
    limit: np.ndarray  # the highest of `below`; i4[regimes]
    score_after: np.ndarray  # score on leaving a list, NO_SCORE if untouched; i4[regimes, lists]
    keeps: np.ndarray  # whether records that move the score are kept one by one; bool[regimes]
    record_ends: np.ndarray  # months until a record's points lapse, NEVER if kept; i2[regimes]
    deadline: np.ndarray  # months to decide an objection, NEVER without one; i2[regimes]
    removal: np.ndarray  # months from performance to removal by day; i2[regimes, lists, 31]


NO_SCORE = -2_000_000_000
MAX_LISTS = 8  # lists of one regime: a bit each
GRADES = 12  # grades of one regime, the lowest included
