"""The arithmetic that the derivation of the shipped margins uses again and again."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
AGES = ("0-13", "14-17", "18-30", "31-50", "51-65", "66+")


# Year ends and census days as fractions of the way: 2015-12-31 or 2010-11-01 to 2020-11-01.
FROM_2015, FROM_2010 = 3.0 / 4.84, 8.165 / 10.0
Tag = tuple[str, str, str]


@dataclass(frozen=True)
class Derived:
    """One two-way table: start values, and (status, source, note) for each cell."""

    over: tuple[str, str]
    start: Floats
    tag: Callable[[int, int], Tag]


def same(status: str, source: str, note: str) -> Callable[[int, int], Tag]:
    """The same tag for every cell."""
    return lambda _row, _column: (status, source, note)


@dataclass(frozen=True)
class Raw:
    """The published rows: national values by (margin, category, date), and rows by province."""

    national: dict[tuple[str, str, str], float]
    provinces: tuple[dict[str, str], ...]
    education: dict[str, dict[str, str]]

    def of(self, margin: str, category: str, as_of: str = "2018-12-31") -> float:
        """One national value."""
        return self.national[margin, category, as_of]

    def column(self, name: str) -> Floats:
        """One column of provinces.csv, shape (31,); nan where the source was cut off."""
        return np.array([float(row[name]) if row[name] else np.nan for row in self.provinces])


def read_raw(folder: Path) -> Raw:
    """Read national.csv, provinces.csv and province_education_2020.csv from `folder`."""

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    national = {
        (row["margin"], row["category"], row["as_of"]): float(row["value"])
        for row in rows("national.csv")
    }
    education = {row["area"]: row for row in rows("province_education_2020.csv")}
    return Raw(national, tuple(rows("provinces.csv")), education)


def scaled(values: Floats, total: float) -> Floats:
    """`values` in the same proportions, adding up to `total`."""
    return values * (total / values.sum())


def raked(table: Floats, rows: Floats, columns: Floats) -> Floats:
    """Iterative proportional fitting of a two-way table to its row and column totals.

    Parameters
    ----------
    table : array, shape (R, C)
        Start values, not negative.
    rows, columns : arrays, shapes (R,) and (C,)
        Totals, with the same sum.

    Returns
    -------
    array, shape (R, C)
    """
    table = table.astype(np.float64)
    for _ in range(1000):
        table = table * (rows / table.sum(axis=1))[:, None]
        factor = columns / np.maximum(table.sum(axis=0), 1e-300)
        table = table * factor
        if np.abs(factor[columns > 0] - 1).max() < 1e-13:
            break
    return table


def raked_around(table: Floats, fixed: NDArray[np.bool_], rows: Floats, columns: Floats) -> Floats:
    """As `raked`, but the rows in `fixed` (which meet their totals) keep their values."""
    table = table.copy()
    table[~fixed] = raked(table[~fixed], rows[~fixed], columns - table[fixed].sum(axis=0))
    return table


def whole_line(values: Floats, total: int) -> Counts:
    """Largest remainder: whole numbers that add up to `total`."""
    values = scaled(values, total)
    whole = np.floor(values + 1e-6).astype(np.int64)
    order = np.argsort(-(values - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def whole_table(table: Floats, rows: Counts, columns: Counts) -> Counts:
    """Whole numbers near `table` that meet whole row and column totals exactly.

    What flooring leaves over is dealt to the cells with the largest fractions first.
    """
    whole = np.floor(table + 1e-6).astype(np.int64)
    need_row, need_column = rows - whole.sum(axis=1), columns - whole.sum(axis=0)
    order = np.argsort(-(table - whole), axis=None, kind="stable")
    shape = table.shape
    for most in (1, int(rows.max())):
        for flat in order:
            r, c = divmod(int(flat), shape[1])
            give = min(int(need_row[r]), int(need_column[c]), most)
            if give > 0:
                whole[r, c] += give
                need_row[r] -= give
                need_column[c] -= give
    if need_row.any() or need_column.any():
        raise AssertionError("the row and column totals of a derived table do not agree")
    return whole


def years_of_age(raw: Raw, sex: str) -> Floats:
    """Share of the population (percent) in each year of age at the end of 2018, shape (101,).

    The pyramid of mid-2016 is evenly spread within its bands and aged by two years; those aged
    65 or more in 2016 are spread over 67 to 94, falling linearly.
    """
    p = {
        band: raw.of("sex x age", f"{sex} {band}", "2016-07-01")
        for band in ("0-14", "15-24", "25-54", "55-64", "65+")
    }
    ages = np.arange(101)
    share = np.zeros(101)
    share[ages <= 16] = p["0-14"] / 15
    share[(ages >= 17) & (ages <= 26)] = p["15-24"] / 10
    share[(ages >= 27) & (ages <= 56)] = p["25-54"] / 30
    share[(ages >= 57) & (ages <= 66)] = p["55-64"] / 10
    old = np.clip(95 - ages[67:], 0, None).astype(np.float64)
    share[67:] = old * (p["65+"] / old.sum())
    return share


def national_ages(raw: Raw) -> Floats:
    """Persons by sex (female, male) and single year of age, end of 2018, shape (2, 101).

    The aged pyramid, scaled to the published 0-15, 16-59, 60-64 and 65+ totals and raked to the
    published sexes.
    """
    total = raw.of("population", "all") * 1e6
    working, old = raw.of("age", "16-59") * 1e6, raw.of("age", "60+") * 1e6
    oldest = raw.of("age", "65+") * 1e6
    bands = np.repeat([0, 1, 2, 3], [16, 44, 5, 36])
    want = np.array([total - working - old, working, old - oldest, oldest])
    table = np.stack([years_of_age(raw, "female"), years_of_age(raw, "male")])
    sexes = np.array([raw.of("sex", "female"), raw.of("sex", "male")]) * 1e6
    for _ in range(200):
        table = table * (sexes / table.sum(axis=1))[:, None]
        table = table * (want / np.bincount(bands, table.sum(axis=0)))[bands]
    return table


def to_bands(by_year: Floats) -> Floats:
    """Sum single years (last axis, 101) into the six age bands of the margins."""
    starts = [0, 14, 18, 31, 51, 66]
    return np.add.reduceat(by_year, starts, axis=-1)
