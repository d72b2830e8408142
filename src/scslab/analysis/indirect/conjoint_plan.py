"""What a regression on attributes estimates, where some combinations may never be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scslab.analysis.indirect.conjoint_rows import Attribute, Profiles
from scslab.core.errors import ScslabError

EXPECTED = 10.0  # rows that chance must promise for an empty combination to count as forbidden


@dataclass(frozen=True)
class Plan:
    """What a regression on attributes estimates.

    Columns are the intercept, all levels of all attributes but the baselines, and every
    combination shown of a restricted pair; `pick` f8[effects, columns] makes the effects of them.
    """

    names: tuple[str, ...]
    where: tuple[tuple[int, int], ...]  # attribute and level of each effect
    baselines: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    cells: tuple[tuple[tuple[int, int], ...], ...]
    pick: np.ndarray
    notes: tuple[str, ...]

    def counts(self, read: Profiles, rows: np.ndarray) -> list[int]:
        """Rows with each effect's level."""
        return [
            int(np.count_nonzero(rows & (read.attributes[a].codes == x))) for a, x in self.where
        ]


def plan_of(
    read: Profiles,
    reference: Mapping[str, str] | None,
    restricted: Sequence[tuple[str, str]] | None,
) -> Plan:
    """What to estimate, with combinations that were never shown taken into account.

    Raises
    ------
    ScslabError
        Unknown baselines or attributes; a level that shares no combination with the baseline.
    """
    names = [a.name for a in read.attributes]
    baselines = tuple(baseline(a, (reference or {}).get(a.name)) for a in read.attributes)
    unknown = [x for x in (reference or {}) if x not in names]
    unknown += [x for pair in restricted or () for x in pair if x not in names]
    if unknown:
        raise ScslabError(
            f'no attribute "{unknown[0]}"', where="conjoint", expected=", ".join(names)
        )
    tables = {pair: crossed(read, *pair) for pair in combinations(range(len(names)), 2)}
    if restricted is None:
        pairs = tuple(pair for pair, table in tables.items() if forbidden(table).any())
    else:
        sought = [frozenset((names.index(a), names.index(b))) for a, b in restricted]
        pairs = tuple(pair for pair in tables if frozenset(pair) in sought)
    cells = tuple(tuple((int(x), int(y)) for x, y in np.argwhere(tables[p] > 0)) for p in pairs)
    where = tuple(
        (i, x)
        for i, a in enumerate(read.attributes)
        for x in range(len(a.levels))
        if x != baselines[i]
    )
    starts = offsets(read, cells)
    pick = np.zeros((len(where), starts[-1]))
    for row, (i, x) in enumerate(where):
        add_effect(pick[row], read, (i, x, baselines[i]), pairs, cells, tables, starts)
    titles = tuple(
        f"{a.name}: {a.levels[x]} (against {a.levels[baselines[i]]})"
        for i, a, x in ((i, read.attributes[i], x) for i, x in where)
    )
    return Plan(titles, where, baselines, pairs, cells, pick, notes_on(read, pairs, tables))


def baseline(found: Attribute, wanted: str | None) -> int:
    """The baseline level of an attribute.

    Raises
    ------
    ScslabError
        It was not shown.
    """
    if wanted is None:
        return 0
    if wanted not in found.levels:
        raise ScslabError(
            f'no level "{wanted}"',
            where=f"conjoint attribute {found.name}",
            expected=", ".join(found.levels[:12]),
        )
    return found.levels.index(wanted)


def crossed(read: Profiles, i: int, j: int) -> np.ndarray:
    """Weighted-free counts of the combinations of two attributes."""
    a, b = read.attributes[i], read.attributes[j]
    code = a.codes[read.used] * len(b.levels) + b.codes[read.used]
    return np.bincount(code, minlength=len(a.levels) * len(b.levels)).reshape(len(a.levels), -1)


def forbidden(table: np.ndarray) -> np.ndarray:
    """Combinations never shown though chance would show them 10 times or more."""
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / max(table.sum(), 1)
    never: np.ndarray = (table == 0) & (expected >= EXPECTED)
    return never


def offsets(read: Profiles, cells: Sequence[Sequence[tuple[int, int]]]) -> list[int]:
    """Where the columns of each attribute, and then of each pair, begin; at last their number."""
    found = [1]
    for a in read.attributes:
        found.append(found[-1] + len(a.levels))
    for part in cells:
        found.append(found[-1] + len(part))
    return found


def add_effect(
    row: np.ndarray,
    read: Profiles,
    effect: tuple[int, int, int],
    pairs: Sequence[tuple[int, int]],
    cells: Sequence[Sequence[tuple[int, int]]],
    tables: Mapping[tuple[int, int], np.ndarray],
    starts: Sequence[int],
) -> None:
    """Write the weights of one effect on the columns into `row`.

    Raises
    ------
    ScslabError
        No level of a restricted attribute was shown with both the level and its baseline.
    """
    i, level, base = effect
    row[starts[i] + level] += 1.0
    row[starts[i] + base] -= 1.0
    for p, pair in enumerate(pairs):
        if i not in pair:
            continue
        table = tables[pair] if pair[0] == i else tables[pair].T
        common = (table[level] > 0) & (table[base] > 0)
        if not common.any():
            own, other = read.attributes[i], read.attributes[pair[1] if pair[0] == i else pair[0]]
            raise ScslabError(
                f'"{own.levels[level]}" and its baseline "{own.levels[base]}" were never shown '
                f"with the same {other.name}",
                where=f"conjoint attribute {own.name}",
                hint="choose another baseline: reference",
            )
        shares = np.where(common, table[level], 0) / table[level][common].sum()
        for c, cell in enumerate(cells[p]):
            mine, theirs = cell if pair[0] == i else cell[::-1]
            if mine == level:
                row[starts[len(read.attributes) + p] + c] += shares[theirs]
            elif mine == base:
                row[starts[len(read.attributes) + p] + c] -= shares[theirs]


def notes_on(
    read: Profiles,
    pairs: Sequence[tuple[int, int]],
    tables: Mapping[tuple[int, int], np.ndarray],
) -> tuple[str, ...]:
    """Which combinations were never shown."""
    found = []
    for i, j in pairs:
        a, b = read.attributes[i], read.attributes[j]
        never = np.argwhere(tables[i, j] == 0)
        named = "; ".join(f"{a.levels[x]} with {b.levels[y]}" for x, y in never[:6])
        more = f"; {len(never) - 6} more" if len(never) > 6 else ""
        found.append(
            f"{a.name} and {b.name}: never shown together: {named or 'none'}{more}. Effects are "
            "means over what was shown with both the level and its baseline."
        )
    return tuple(found)
