"""The data of the survey benchmark: the same numbers for every tool.

As in the comparison that set the goals: 20 columns (14 of them dummies of categories), an outcome
of five ordered categories (2, 4, 14, 40, 40 %), weights capped at 2.0, 7 strata; and three margins
of 6, 2 and 31 levels that depend on each other.

``python -m benchmarks.survey.data ROWS FOLDER [REPLICATES]`` writes them.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

COLUMNS = 20
NAMES = tuple(f"x{j + 1}" for j in range(COLUMNS))
SHARES = (0.02, 0.04, 0.14, 0.40, 0.40)
MARGINS = (("age", 6), ("sex", 2), ("region", 31))
AS_AGE = 0.2  # the share of respondents whose sex and region go with their age


def draws(name: str, n: int) -> np.ndarray:
    """Uniform numbers f8[n] of a name, the same on every machine (SplitMix64 by address)."""
    x = np.arange(1, n + 1, dtype=np.uint64)
    x += np.uint64(zlib.crc32(name.encode())) << np.uint64(32)
    x *= np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
    x ^= x >> np.uint64(31)
    found: np.ndarray = (x >> np.uint64(11)).astype(float) * 2.0**-53
    return found


def make(n: int) -> dict[str, np.ndarray]:
    """Columns x1 ... x20, y (1 to 5), yes (y above 3), weight, stratum, age, sex and region."""
    found: dict[str, np.ndarray] = {}
    eta = np.zeros(n)
    for j in range(6):
        found[NAMES[j]] = 3.46 * (draws(NAMES[j], n) - 0.5)
        eta += (0.3 - 0.1 * j) * found[NAMES[j]]
    at = 6
    for levels in (4, 5, 8):  # three factors: 3 + 4 + 7 dummies
        code = (draws(f"factor {levels}", n) * levels).astype(int)
        for level in range(1, levels):
            found[NAMES[at]] = (code == level).astype(float)
            eta += 0.1 * (-1) ** level * found[NAMES[at]]
            at += 1
    u = np.clip(draws("error", n), 1e-12, 1 - 1e-12)
    latent = eta + np.log(u / (1 - u))
    cuts = np.quantile(latent, np.cumsum(SHARES)[:-1])
    found["y"] = np.searchsorted(cuts, latent) + 1
    found["yes"] = (found["y"] > 3).astype(int)
    found["weight"] = np.minimum(0.25 - np.log(np.clip(draws("weight", n), 1e-12, 1)) * 0.75, 2.0)
    found["stratum"] = (draws("stratum", n) * 7).astype(int) + 1
    for name, levels in MARGINS:
        own = np.where(draws(f"as age {name}", n) < AS_AGE, draws("age", n), draws(name, n))
        found[name] = (own**1.3 * levels).astype(int) + 1
    return found


def save(n: int, folder: Path) -> None:
    """Write the columns as raw files that Python and R both read without a parser's time.

    Floats as little-endian doubles, whole numbers as little-endian int32 (R has no longer ones).
    """
    for name, column in make(n).items():
        if column.dtype.kind == "f":
            column.astype("<f8").tofile(folder / f"{name}.f8")
        else:
            column.astype("<i4").tofile(folder / f"{name}.i4")


def save_replicates(folder: Path, count: int) -> None:
    """Write replicate weights for R: a column after the other, and the scale of the variance.

    scslab makes them, so that both tools refit under the same weights.
    """
    from scslab.analysis.design import make_design
    from scslab.analysis.replicates import with_replicates

    columns = load(folder, ("weight", "stratum"))
    design = make_design(columns["weight"], strata=[columns["stratum"]])
    made = with_replicates(design, "bootstrap", count=count).replicates
    assert made is not None
    made.weights.T.astype("<f8").tofile(folder / "replicates.f8")
    (folder / "replicates.scale").write_text(repr(float(made.scale)), encoding="utf-8")


def load(folder: Path, names: Iterable[str]) -> dict[str, np.ndarray]:
    """Columns as `save` wrote them, f8[n] or i8[n]."""
    found = {}
    for name in names:
        path = folder / f"{name}.f8"
        if path.exists():
            found[name] = np.fromfile(path, "<f8")
        else:
            found[name] = np.fromfile(folder / f"{name}.i4", "<i4").astype(np.int64)
    return found


if __name__ == "__main__":
    save(int(sys.argv[1]), Path(sys.argv[2]))
    if len(sys.argv) > 3:
        save_replicates(Path(sys.argv[2]), int(sys.argv[3]))
