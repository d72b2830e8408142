"""Groups of respondents by the categories of variables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError

Group = tuple[tuple[str, str], ...]
MANY = 1000  # groups that a reader may have meant
TABLE = 10_000_000  # codes that are numbered by a table, not by a sort


def grouping(
    sample: Sample, by: Sequence[str], counted: np.ndarray, many: bool
) -> tuple[np.ndarray, tuple[Group, ...]]:
    """Groups by the categories of variables, the last varying fastest; empty ones left out.

    Returns
    -------
    code : int64[n]
        -1 for those who are not counted or in no group.
    groups : tuple

    Raises
    ------
    ScslabError
        More than 1,000 groups without `many`, or nobody in any.
    """
    code = np.where(counted, 0, -1).astype(np.int64)
    groups: tuple[Group, ...] = ((),)
    for name in by:
        check_levels(sample, name, many)
        category = sample.categories(name)
        width = len(category.categories)
        own = np.asarray(category.codes, dtype=np.int64)
        code = np.where((code >= 0) & (own >= 0), code * width + own, -1)
        code, places = numbered(code, len(groups) * width)
        names = [str(c) for c in category.categories]
        groups = tuple((*groups[at // width], (name, names[at % width])) for at in places.tolist())
    if not groups:
        raise ScslabError(f"nobody has an answer to {quoted(by)}", where=sample.answers.source)
    if len(groups) > MANY and not many:
        raise too_many(by, len(groups))
    return code, groups


def numbered(code: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes (below `size`, or -1) numbered in order without gaps, and the codes that occur.

    Examples
    --------
    >>> code, places = numbered(np.array([7, -1, 2, 7]), 9)
    >>> code.tolist(), places.tolist()
    ([1, -1, 0, 1], [2, 7])
    """
    if size > TABLE:
        places, codes = np.unique(code, return_inverse=True)
        first = int((places < 0).any())
        return codes.astype(np.int64) - first, places[first:]
    places = np.flatnonzero(np.bincount(code + 1, minlength=size + 1)[1:])
    place = np.full(size + 1, -1, dtype=np.int64)
    place[places] = np.arange(len(places))
    return place[code], places


def with_answers(
    code: np.ndarray, member: np.ndarray, groups: tuple[Group, ...]
) -> tuple[np.ndarray, np.ndarray, tuple[Group, ...], int]:
    """The same without groups in which nobody is counted; says how many there were.

    Raises
    ------
    ScslabError
        Nobody is counted in any group.
    """
    used = np.zeros(len(groups), dtype=bool)
    used[code[code >= 0]] = True
    if used.all():
        return code, member, groups, 0
    if not used.any():
        raise ScslabError("nobody who answered is in a group")
    place = np.append(np.where(used, np.cumsum(used) - 1, -1), -1)  # the last is that of -1
    kept = tuple(group for group, had in zip(groups, used, strict=True) if had)
    return place[code], place[member], kept, int((~used).sum())


def check_levels(sample: Sample, name: str, many: bool) -> None:
    """A grouping variable has no more than 1,000 categories, unless they are wanted.

    Raises
    ------
    ScslabError
        It has more.
    """
    found = sample.answers.column(name).nunique()
    if found > MANY and not many:
        raise too_many([name], found)


def too_many(by: Sequence[str], found: int) -> ScslabError:
    """The mistake of grouping by something like an age in days."""
    return ScslabError(
        f"{quoted(by)} makes {found:,} groups",
        expected=f"no more than {MANY:,}",
        hint="join categories, or say many=True if all these groups are wanted",
    )


def quoted(names: Sequence[str]) -> str:
    """Names as messages have them.

    Examples
    --------
    >>> quoted(["age", "sex"])
    '"age" and "sex"'
    """
    return " and ".join(f'"{name}"' for name in names)
