"""Make `targets.csv` of the shipped margins of organisations from their raw rows.

Run as ``python -m scslab.world.society.derive_organisations``. As in `derive`, every step that is
not a published value is named in the `note` of the rows it makes.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from scslab.world.society.derive_steps import (
    Counts,
    Derived,
    Floats,
    Tag,
    raked,
    whole_line,
    whole_table,
)

FOLDER = Path(__file__).parent / "margins" / "cn-2018-organisations"
PERSONS = Path(__file__).parent / "margins" / "cn-2018" / "provinces.csv"
NAMES = ("province", "body", "sector", "size", "ownership")
COLUMNS = ("margin", *NAMES, "organisations", "as_of", "status", "source", "note")
BODIES = ("firm", "government body", "social organisation", "other")
SECTORS = ("industry", "construction", "trade", "catering", "transport", "services")
UNCOUNTED = ("transport", "services")
SIZES = ("micro", "small", "medium", "large")
OWNERS = ("private", "state", "foreign")
# The places of which communique no. 7 gives the sum.
TOGETHER = {
    "Beijing-Tianjin-Hebei": ("Beijing", "Tianjin", "Hebei"),
    "Yangtze delta": ("Shanghai", "Jiangsu", "Zhejiang", "Anhui"),
    "Yangtze belt": (
        *("Shanghai", "Jiangsu", "Zhejiang", "Anhui", "Jiangxi", "Hubei"),
        *("Hunan", "Chongqing", "Sichuan", "Guizhou", "Yunnan"),
    ),
}
ALONE = ("Beijing", "Jiangsu", "Shandong", "Guangdong")
# Odds of being small, medium or large against micro, industry over the others.
LARGER = np.array([1.0, 1.8, 2.5, 4.0])
OWN = "assumed-ownership"
National = dict[tuple[str, str], float]
Rows = list[dict[str, str]]


def _rows(path: Path) -> Rows:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def units_by_province(national: National, provinces: Rows, people: Floats) -> Floats:
    """Legal entities of each province in 10,000, shape (31,).

    Starts from the firms of 2019 and, for other bodies, from the population; then raked to all
    published sums of places.
    """
    names = [row["province"] for row in provinces]
    firms = np.array([float(row["firms_2019"]) for row in provinces])
    all_, firm = national["body", "all"], national["body", "firm"]
    units = firm * firms / firms.sum() + (all_ - firm) * people / people.sum()
    places = {name: np.isin(names, TOGETHER.get(name, (name,))) for name in (*TOGETHER, *ALONE)}
    for region in ("East", "Central", "West"):
        places[region] = np.array([row["region"] == region for row in provinces])
    for _ in range(500):
        for place, inside in places.items():
            units[inside] *= national["units", place] / units[inside].sum()
    return units


def province_body(
    national: National, provinces: Rows, people: Floats, bodies: Floats
) -> tuple[Floats, Derived]:
    """Legal entities of each province, and by body."""
    units = units_by_province(national, provinces, people)
    social = np.array([float(row["social_2018_10k"] or "nan") for row in provinces])
    known = ~np.isnan(social)
    left = max(national["body", "social organisation"] - social[known].sum(), 0.0)
    social = np.where(known, social, left * people / people[~known].sum())
    firms = np.array([float(row["firms_2019"]) for row in provinces])
    start = np.stack([firms, people, social, people], axis=1)
    start *= bodies / start.sum(axis=0)

    def tag(row: int, column: int) -> Tag:
        scale = "; raked to the province's legal entities, which are raked to the published sums"
        if column == 0:
            return "derived", "firms-2019-provinces", "firms at the end of 2019" + scale
        if column == 2 and known[row]:
            return "derived", "social-2018-provinces", "count of February 2018" + scale
        source = "assumed-social" if column == 2 else "assumed-bodies"
        return "assumed", source, "in proportion to the population" + scale

    rows = units * (bodies.sum() / units.sum())
    return rows, Derived(("province", "body"), raked(start, rows, bodies), tag)


def sectors(national: National) -> Floats:
    """Firms of each sector in 10,000, shape (6,)."""
    known = [national["sector", s] for s in ("industry", "construction", "trade")]
    share = national["small and micro share", "trade and catering"] / 100
    catering = national["small and micro", "trade and catering"] / share - known[2]
    transport = known[2] * national["units", "transport"] / national["units", "trade"]
    rest = national["body", "firm"] - sum(known) - catering - transport
    return np.array([*known, catering, transport, rest])


def sector_ownership(national: National, firms: Floats) -> Derived:
    """Firms of each sector by owner, in 10,000."""

    def spread(name: str, total: float, scale: float = 1.0) -> Floats:
        found = [national[name, s] * scale for s in ("industry", "construction")]
        return np.array([*found, *((total - sum(found)) * firms[2:] / firms[2:].sum())])

    foreign = spread("foreign", national["foreign", "all"])
    controlled = national["state-controlled", "all"]
    state = spread("state-owned", controlled, controlled / national["state-owned", "all"])

    def tag(row: int, column: int) -> Tag:
        if column == 0:
            made = "firms that are neither state-controlled nor foreign"
            return ("derived", "census-4-3", made) if row < 2 else ("assumed", OWN, made)
        if row >= 2:
            return "assumed", OWN, "what industry and construction leave, in proportion to firms"
        if column == 2:
            return "published", "census-4-3", ""
        return "derived", "census-4-3", "state-controlled firms as the state-owned are spread"

    start = np.stack([firms - state - foreign, state, foreign], axis=1)
    return Derived(("sector", "ownership"), start, tag)


def sizes(national: National) -> Floats:
    """Firms of each size in 10,000, shape (4,)."""
    firms = national["body", "firm"]
    large = firms * (1 - national["size share", "micro to medium"] / 100)
    medium = firms * national["size share", "medium"] / 100
    small = national["size", "small"]
    return np.array([firms - small - medium - large, small, medium, large])


def sector_size(firms: Floats, by_size: Floats) -> Derived:
    """Firms of each sector by size, in 10,000."""
    odds = np.ones((len(SECTORS), len(SIZES)))
    odds[0] = LARGER
    national = "national sizes (2.4 m small; 1.3 % medium and 0.2 % large assumed), industry larger"
    rest = "; all firms of the sector: see assumed-services"

    def tag(row: int, _column: int) -> Tag:
        return "assumed", "assumed-sizes", national + (rest if SECTORS[row] in UNCOUNTED else "")

    return Derived(("sector", "size"), raked(odds, firms, by_size), tag)


def derive(folder: Path = FOLDER) -> str:
    """The text of targets.csv, made from the raw rows in `folder`."""
    national = {
        (r["margin"], r["category"]): float(r["value"]) for r in _rows(folder / "national.csv")
    }
    provinces = _rows(folder / "provinces.csv")
    people = np.array([float(row["population_2018_10k"]) for row in _rows(PERSONS)])
    total = round(national["body", "all"] * 1e4)
    firms = round(national["body", "firm"] * 1e4)
    known = [national["body", b] for b in BODIES[:3]]
    bodies = np.array([*known, national["body", "all"] - sum(known)])
    units, by_body = province_body(national, provinces, people, bodies)
    by_sector, by_size = sectors(national), sizes(national)
    by_owner = sector_ownership(national, by_sector)
    whole = {
        "province": whole_line(units, total),
        "body": whole_line(bodies, total),
        "sector": whole_line(by_sector, firms),
        "size": whole_line(by_size, firms),
        "ownership": whole_line(by_owner.start.sum(axis=0), firms),
    }
    names = {
        "province": tuple(row["province"] for row in provinces),
        "body": BODIES,
        "sector": SECTORS,
        "size": SIZES,
        "ownership": OWNERS,
    }
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for table in (by_body, sector_size(by_sector, by_size), by_owner):
        _write(writer, table, whole, names)
        if table.over[0] == "sector":
            _write_public(writer, table.over[1], total - firms)
    return out.getvalue()


def _write(
    writer: csv.DictWriter[str],
    table: Derived,
    whole: dict[str, Counts],
    names: dict[str, tuple[str, ...]],
) -> None:
    """Write a table in whole organisations that meet the whole totals of its rows and columns."""
    one, other = table.over
    rows, columns = whole[one], whole[other]
    fitted = raked(table.start, rows.astype(np.float64), columns.astype(np.float64))
    for (r, c), count in np.ndenumerate(whole_table(fitted, rows, columns)):
        status, source, note = table.tag(r, c)
        writer.writerow(
            {
                "margin": f"{one} x {other}",
                one: names[one][r],
                other: names[other][c],
                "organisations": int(count),
                "as_of": "2018-12-31",
                "status": status,
                "source": source,
                "note": note,
            }
        )


def _write_public(writer: csv.DictWriter[str], other: str, count: int) -> None:
    """Write the row of the bodies that are not firms."""
    writer.writerow(
        {
            "margin": f"sector x {other}",
            "sector": "public",
            other: "none",
            "organisations": count,
            "as_of": "2018-12-31",
            "status": "derived",
            "source": "census-4-2",
            "note": "all legal entities less the firms",
        }
    )


def main() -> None:
    """Write targets.csv next to the raw rows."""
    (FOLDER / "targets.csv").write_text(derive(), encoding="utf-8")


if __name__ == "__main__":
    main()
