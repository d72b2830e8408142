"""Listings that travel: what one list says reaches the rules that listen to it, a month later."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scslab.core.compiled import inlined, kernel
from scslab.core.draws import address, decision, unit_for
from scslab.core.tables import People, Record

OVER = decision("listing over is told")


class Links(NamedTuple):
    """Who listens to which list, as kernels see it; a row for each list and listener."""

    regime: np.ndarray  # whose list; i4[links]
    list: np.ndarray  # which list; i4[links]
    listener: np.ndarray  # regime that is told; i4[links]
    heard_as: np.ndarray  # conduct as which its rules know the listing; i4[links]
    whose: np.ndarray  # 0 the subject itself, 1 its representative, 2 its family; i4[links]
    coverage: np.ndarray  # share that arrives; f8[links]
    delay: np.ndarray  # months on the way, besides the first; i4[links]
    name: np.ndarray  # number of the decision to pass it on; u8[links]
    lifts: np.ndarray  # of what arrived, the share that is also told to be over; f8[links]


@inlined
def tell(
    row: Record,
    lifts: int,
    month: int,
    link: int,
    subject: int,
    cell: int,
    links: Links,
    out: np.ndarray,
    count: int,
) -> int:
    """Send one message; the new number of messages."""
    if links.coverage[link] < 1.0 and unit_for(row.luck, links.name[link]) >= links.coverage[link]:
        return count
    share = links.lifts[link]
    if lifts == 1 and share < 1.0 and unit_for(address(row.luck, links.name[link]), OVER) >= share:
        return count
    if count < len(out):
        message = out[count]
        message.luck = address(row.luck, links.name[link])
        message.subject = subject
        message.cell = cell
        message.due = month + 1 + links.delay[link]
        message.conduct = links.heard_as[link]
        message.regime = links.listener[link]
        message.truth = row.truth
        message.record = row.record
        message.lifts = lifts
    return count + 1


@kernel
def relay(
    entries: np.ndarray,
    lifts: int,
    month: int,
    targets: np.ndarray,
    cells: np.ndarray,
    links: Links,
    out: np.ndarray,
    count: int,
) -> int:
    """Tell all listeners of listings that began, or that are over (`lifts` is 1).

    What got through when a listing began gets through when it ends, unless ends are lost more
    often (`lifts`).

    Parameters
    ----------
    targets, cells : i8[n, 3]
        The subject of each entry, its representative and its family, and their cells; -1 without.
    out : DELIVERY[k]
        Room for messages.

    Returns
    -------
    int
        The new number of messages; more than the length of `out` where it was too short.
    """
    for i in range(len(entries)):
        row = entries[i]
        for link in range(len(links.regime)):
            if links.regime[link] != row.regime or links.list[link] != row.list:
                continue
            who = links.whose[link]
            if targets[i, who] >= 0:
                count = tell(
                    row, lifts, month, link, targets[i, who], cells[i, who], links, out, count
                )
    return count


def cells_of(subjects: np.ndarray, people: People) -> np.ndarray:
    """The cells in which some subjects lie; -1 where there is none."""
    found = np.searchsorted(people.cell_start, subjects, side="right") - 1
    return np.where(subjects >= 0, found, -1)


def in_one_order(messages: np.ndarray) -> np.ndarray:
    """Messages in an order that no cut into shards can change; an end before a beginning.

    A listing that began and ended in one month goes untold: its end would come first.
    """
    keys = (messages["lifts"] * -1, messages["luck"], messages["regime"], messages["subject"])
    found = messages[np.lexsort(keys)]
    same = found["lifts"][:-1] > found["lifts"][1:]
    for name in ("luck", "regime", "subject", "conduct"):
        same &= found[name][:-1] == found[name][1:]
    at = np.flatnonzero(same)
    return np.delete(found, np.concatenate([at, at + 1]))
