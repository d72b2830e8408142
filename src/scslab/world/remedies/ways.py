"""What remedies there are in a month, and how well they work."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scslab.core.compiled import inlined
from scslab.core.draws import address, decision, unit_for
from scslab.core.tables import TRUE, Record

HARDSHIP = decision("remedy hardship")
WRONGED, RIGHTFUL = 0, 1  # columns of the shares that depend on whether the record is false


class Ways(NamedTuple):
    """Remedies as kernels see them: 0 wherever the rules or the practice have none.

    Pairs are of the wronged (0) and of the rightly entered (1); of hardship, of those in hardship
    (0) and of all others (1).
    """

    notice: np.ndarray  # share reached; f8[regimes, channels, kinds]
    notice_takes: np.ndarray  # months until it arrives; i2[regimes, channels]
    objects: np.ndarray  # share of the told who object; f8[2, regimes, kinds]
    appears: np.ndarray  # share of the told who are heard before they are listed; f8[regimes, 2]
    clears: np.ndarray  # share of those heard who are not listed; f8[regimes, 2]
    stops: np.ndarray  # share of records that human review stops; f8[regimes, 2]
    capacity: np.ndarray  # decisions of the month; i8[regimes, districts]
    staffed: np.ndarray  # whether one desk of clerks serves all; bool[regimes]
    clerks: np.ndarray  # of that desk; i8[regimes]
    case_takes: np.ndarray  # mean working days for a case; f8[regimes]
    deadline: np.ndarray  # working days within which an objection must be decided; f8[regimes]
    upholds: np.ndarray  # share of objections that the desk upholds; f8[regimes, 2]
    complains: np.ndarray  # share of the rejected who complain; f8[regimes, 2]
    complaint_takes: np.ndarray  # months until the supervisor decides; i2[regimes]
    sustains: np.ndarray  # share of complaints that the supervisor upholds; f8[regimes, 2]
    reaches: np.ndarray  # share of other holders whom a correction reaches; f8[regimes]
    reach_takes: np.ndarray  # months until it does; i2[regimes]
    tells: np.ndarray  # number of the decision to tell others of its corrections; u8[regimes]
    hardship: np.ndarray  # share of true acts that hardship brought about; f8[regimes, kinds]
    hardship_acts: np.ndarray  # the acts it can bring about; bool[regimes, conducts]
    applies: np.ndarray  # share of the told who ask to be let off; f8[regimes, 2]
    grants: np.ndarray  # share of them who are; f8[regimes, 2]
    performs_first: np.ndarray  # f8[regimes]
    performs_later: np.ndarray  # f8[regimes]
    repairs: np.ndarray  # share that applies for repair each month, once it is open; f8[regimes]
    days: int  # days of the month


@inlined
def word_of(row: Record) -> np.uint64:
    """An entry's word of luck: one record can open several entries, each with luck of its own."""
    return address(row.luck, row.list + 1)


@inlined
def in_hardship(row: Record, kind: int, ways: Ways) -> bool:
    """Whether hardship, such as an illness, brought about the act on which an entry rests.

    It belongs to the act, so all systems that record the act are about the same hardship.
    """
    if row.truth != TRUE or row.conduct < 0 or not ways.hardship_acts[row.regime, row.conduct]:
        return False
    share = ways.hardship[row.regime, kind]
    return share > 0.0 and unit_for(row.record, HARDSHIP) < share
