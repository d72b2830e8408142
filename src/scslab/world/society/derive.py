"""Make `targets.csv` of the shipped margins from their raw rows.

Run as ``python -m scslab.world.society.derive``. Every step that is not a published value is
named in the `note` of the rows it makes; the whole is deterministic.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np

from scslab.world.society.derive_steps import (
    AGES,
    Counts,
    Floats,
    Raw,
    national_ages,
    raked,
    raked_around,
    read_raw,
    scaled,
    to_bands,
    whole_line,
    whole_table,
)

FOLDER = Path(__file__).parent / "margins" / "cn-2018"
NAMES = ("province", "residence", "sex", "age", "education", "income", "party", "internet")
COLUMNS = (*NAMES, "persons", "as_of", "status", "source", "note")
SHORT = {
    "residence": ("rural", "urban"),
    "sex": ("female", "male"),
    "age": AGES,
    "education": ("none", "low", "medium", "high"),
    "income": ("low", "middle", "high"),
    "party": ("no", "yes"),
    "internet": ("offline", "online"),
}
# Year ends and census days as fractions of the way: 2015-12-31 or 2010-11-01 to 2020-11-01.
FROM_2015, FROM_2010 = 3.0 / 4.84, 8.165 / 10.0
Tag = tuple[str, str, str]


@dataclass(frozen=True)
class Derived:
    """One two-way table: start values, and (status, source, note) for each cell."""

    over: tuple[str, str]
    start: Floats
    tag: Callable[[int, int], Tag]


def _same(status: str, source: str, note: str) -> Callable[[int, int], Tag]:
    return lambda _row, _column: (status, source, note)


def _residence(raw: Raw, people: Floats, totals: Floats) -> Derived:
    first, middle, last = (raw.column(f"urban_pct_{y}") for y in (2010, 2015, 2020))
    west = np.array([row["region"] == "West" for row in raw.provinces])
    known = ~np.isnan(last)
    last = np.where(known, last, first + np.nanmean((last - first)[west]))
    urban = np.where(
        np.isnan(middle), first + (last - first) * FROM_2010, middle + (last - middle) * FROM_2015
    )
    names = [row["province"] for row in raw.provinces]
    fixed = np.zeros(len(names), dtype=bool)
    for province in ("Shandong", "Zhejiang"):
        urban[names.index(province)] = raw.of("urban share 2018", province)
        fixed[names.index(province)] = True
    start = people[:, None] * np.stack([100 - urban, urban], axis=1) / 100
    fitted = raked_around(start, fixed, people, totals)
    scale = "then raked to the published national 59.58 % urban"

    def tag(row: int, _column: int) -> Tag:
        if fixed[row]:
            return "derived", "urban-press-2018", "urban share 2018 as reported by press"
        if not known[row]:
            return (
                "assumed",
                "assumed-xinjiang-urban",
                ("urban share 2010 plus the mean rise of the other western provinces, " + scale),
            )
        if np.isnan(middle[row]):
            return (
                "derived",
                "census-prefectures",
                ("urban share interpolated between the censuses of 2010 and 2020, " + scale),
            )
        return (
            "derived",
            "yearbook-2016",
            ("urban share interpolated between 2015 and the census of 2020, " + scale),
        )

    return Derived(("province", "residence"), fitted, tag)


def _province_sex(raw: Raw, people: Floats, totals: Floats) -> Derived:
    male = raw.column("male_pct_2020")
    missing = np.isnan(male)
    male = np.where(missing, 100 * totals[1] / totals.sum(), male)
    start = people[:, None] * np.stack([100 - male, male], axis=1) / 100

    def tag(row: int, _column: int) -> Tag:
        if missing[row]:
            return "assumed", "assumed-xinjiang-sex", "national share of 2018, raked"
        return (
            "derived",
            "census-prefectures",
            ("share in the census of 2020, raked to the published sexes of 2018"),
        )

    return Derived(("province", "sex"), raked(start, people, totals), tag)


def _province_age(raw: Raw, people: Floats, totals: Floats) -> Derived:
    young, middle, old, oldest = (
        raw.column(f"age_{band}_pct_2020") for band in ("0_14", "15_59", "60_plus", "65_plus")
    )
    year = national_ages(raw).sum(axis=0)
    start = np.zeros((people.size, 6))
    for share, low, high in (
        (young, 0, 15),
        (middle, 15, 60),
        (old - oldest, 60, 65),
        (oldest, 65, 101),
    ):
        within = np.zeros(101)
        within[low:high] = year[low:high] / year[low:high].sum()
        start += share[:, None] * to_bands(within)
    return Derived(
        ("province", "age"),
        raked(start * people[:, None], people, totals),
        _same(
            "derived",
            "census-prefectures",
            "shares 0-14, 15-59, 60-64, 65+ of the census of 2020, each split with the national "
            "pyramid, raked to the national ages of 2018",
        ),
    )


def _national_education(raw: Raw) -> Floats:
    def at(level: str) -> float:
        early, late = (raw.of("education", level, f"{year}-11-01") for year in (2010, 2020))
        return early + (late - early) * FROM_2010

    low, medium = at("primary") + at("lower secondary"), at("upper secondary")
    high = at("college")
    return np.array([100 - low - medium - high, low, medium, high])


def _province_education(raw: Raw, people: Floats, totals: Floats, urban: Floats) -> Derived:
    def codes(row: dict[str, str]) -> list[float]:
        low, medium, high = (
            float(row["primary_per_100k"]) + float(row["lower_secondary_per_100k"]),
            float(row["upper_secondary_per_100k"]),
            float(row["college_per_100k"]),
        )
        return [1e5 - low - medium - high, low, medium, high]

    names = [row["province"] for row in raw.provinces]
    full = np.array(
        [n in raw.education and raw.education[n]["primary_per_100k"] != "" for n in names]
    )
    shares = (
        np.array(
            [
                codes(raw.education[n]) if ok else [0.0] * 4
                for n, ok in zip(names, full, strict=True)
            ]
        )
        / 1e5
    )
    young = raw.column("age_0_14_pct_2020")
    for level, on in ((0, young), (2, urban), (3, urban)):
        seen = np.log(shares[full, level] / (1 - shares[full, level]))
        slope, level_at = np.polyfit(on[full], seen, 1)
        guess = 1 / (1 + np.exp(-(level_at + slope * on)))
        shares[:, level] = np.where(full, shares[:, level], guess)
    for row, name in enumerate(names):
        if not full[row] and name in raw.education:
            shares[row, 3] = float(raw.education[name]["college_per_100k"]) / 1e5
    shares[:, 1] = 1 - shares[:, [0, 2, 3]].sum(axis=1)
    change = _national_education(raw) / np.array(codes(raw.education["China 2020"])) * 1e3
    start = shares * change
    start *= (people / start.sum(axis=1))[:, None]
    fitted = raked_around(start, full, people, totals)

    def tag(row: int, _column: int) -> Tag:
        if full[row]:
            return (
                "derived",
                "census-2020-6",
                (
                    "shares of the census of 2020, each level times the national ratio 2018 to 2020 "
                    "(2018 interpolated between 2010 and 2020)"
                ),
            )
        return (
            "assumed",
            "assumed-education",
            (
                "row cut in the source: log-odds regressed on the urban share (medium, high) and on "
                "the share aged 0-14 (none) in the 13 provinces with rows; the provinces without rows "
                "raked together to what the others leave of the national total"
                + ("; college share known" if names[row] in raw.education else "")
            ),
        )

    return Derived(("province", "education"), fitted, tag)


def _income(raw: Raw, residences: Floats) -> Derived:
    normal, z = NormalDist(), np.array([-1.3998, -0.5319, 0.0, 0.5319, 1.3998])
    fujian = np.log([raw.of("rural quintile mean Fujian", str(q), "2018") for q in range(1, 6)])
    rural_sd = float(np.polyfit(z, fujian, 1)[0])
    fourth, fifth = (math.log(raw.of("income quintile mean", q, "2018")) for q in ("4", "5"))
    third = math.log(raw.of("income quintile mean", "3", "2018"))
    cut3, cut4, top = (third + fourth) / 2, (fourth + fifth) / 2, math.log(48_000)
    national_high = 0.4 - 0.2 * (top - cut3) / (cut4 - cut3)
    medians = {r: math.log(raw.of("income median", r, "2018")) for r in ("rural", "urban")}
    rural_high = 1 - normal.cdf((top - medians["rural"]) / rural_sd)
    share = residences / residences.sum()
    urban_high = (national_high - rural_high * share[0]) / share[1]
    urban_sd = (top - medians["urban"]) / normal.inv_cdf(1 - urban_high)
    start = np.zeros((2, 3))
    for row, (name, sd) in enumerate((("rural", rural_sd), ("urban", urban_sd))):
        low = normal.cdf((math.log(12_000) - medians[name]) / sd)
        high = 1 - normal.cdf((top - medians[name]) / sd)
        start[row] = np.array([low, 1 - low - high, high]) * residences[row]
    return Derived(
        ("residence", "income"),
        start,
        _same(
            "derived",
            "income-2018",
            "log-normal around the published median of the residence; spread: rural from the "
            "rural quintile means of Fujian, urban so that the national quintile means give the "
            "national share above 48 000 RMB a year",
        ),
    )


def _party(raw: Raw, sexes: Floats, ages: Floats, levels: Floats, year: Floats) -> list[Derived]:
    members = raw.of("party", "members")
    women, college = raw.of("party", "women"), raw.of("party", "college")
    by_sex = np.array([women, members - women]) * 1e6
    to_65 = year[61:66].sum() / year[61:].sum()
    middle = sum(raw.of("party", b) for b in ("31-35", "36-40", "41-45", "46-50"))
    fifties, old = raw.of("party", "51-55") + raw.of("party", "56-60"), raw.of("party", "61+")
    by_age = (
        np.array(
            [
                0,
                0,
                raw.of("party", "30 or younger"),
                middle,
                fifties + old * to_65,
                old * (1 - to_65),
            ]
        )
        * 1e6
    )
    rest = members - college
    by_level = np.array([0.01 * rest, 0.54 * rest, 0.45 * rest, college]) * 1e6
    count = "all persons less the members"

    def tag(exact: set[int], note: str, source: str, status: str) -> Callable[[int, int], Tag]:
        def of(row: int, column: int) -> Tag:
            made = ("published", "party-2018", "") if column in exact else (status, source, note)
            return (
                made
                if row == 1
                else (
                    "derived" if made[0] == "published" else made[0],
                    made[1],
                    count + (f"; members: {made[2]}" if made[2] else ""),
                )
            )

        return of

    def table(other: str, total: Floats, yes: Floats, of: Callable[[int, int], Tag]) -> Derived:
        return Derived(("party", other), np.stack([total - yes, yes]), of)

    return [
        table("sex", sexes, by_sex, tag({0, 1}, "", "", "")),
        table(
            "age",
            ages,
            by_age,
            tag(
                {0, 1, 2, 3},
                "members aged 61+ split at 65 as the population is",
                "party-2018",
                "derived",
            ),
        ),
        table(
            "education",
            levels,
            by_level,
            tag(
                {3},
                "members without college: 1 % none, 54 % low, 45 % medium",
                "assumed-party-education",
                "assumed",
            ),
        ),
    ]


def _internet(raw: Raw, homes: Floats, sexes: Floats, ages: Floats, year: Floats) -> list[Derived]:
    users = raw.of("internet", "users") * 1e6
    absent = (homes.sum() - users) * raw.of("internet", "rural among non-users") / 100
    online_home = np.array([homes[0] - absent, users - homes[0] + absent])
    early, late = (raw.of("internet", "male among users", d) for d in ("2017-12-31", "2019-06-30"))
    male = early + (late - early) * 2 / 3
    online_sex = users * np.array([100 - male, male]) / 100
    to_39, to_49, older = (
        raw.of("internet", f"{b} among users") for b in ("10-39", "40-49", "50+")
    )
    rate = np.zeros(101)
    for low, high, share in (
        (0, 10, 100 - to_39 - to_49 - older),
        (10, 40, to_39),
        (40, 50, to_49),
    ):
        rate[low:high] = users * share / 100 / year[low:high].sum()
    # Use falls with age: by the same factor each year from 50 on, 7 % (assumed).
    fall = 0.93 ** np.arange(51)
    rate[50:] = fall * (users * older / 100 / (fall * year[50:]).sum())
    online_age = to_bands(rate * year)
    cnnic = "cnnic-43"
    even = "CNNIC bands spread over single years in proportion to the population"
    age_tag: Callable[[int, int], Tag] = lambda _row, column: (  # noqa: E731
        ("assumed", "assumed-internet-age", even + "; from 50 on use falls by 7 % a year of age")
        if column >= 3
        else ("derived", cnnic, even)
    )
    made = (
        (
            "residence",
            homes,
            online_home,
            _same("derived", cnnic, "national users; rural share of all non-users"),
        ),
        (
            "sex",
            sexes,
            online_sex,
            _same("derived", cnnic, "share interpolated between Dec 2017 and Jun 2019"),
        ),
        ("age", ages, online_age, age_tag),
    )
    return [
        Derived(("internet", name), np.stack([total - on, on]), tag)
        for name, total, on, tag in made
    ]


def derive(folder: Path = FOLDER) -> str:
    """The text of targets.csv, made from the raw rows in `folder`."""
    raw = read_raw(folder)
    total = round(raw.of("population", "all") * 1e6)
    year = national_ages(raw)

    def line(values: list[float] | Floats) -> Counts:
        return whole_line(np.asarray(values, dtype=np.float64), total)

    one = {
        "province": line(raw.column("population_2018_10k")),
        "residence": line([raw.of("residence", r) for r in SHORT["residence"]]),
        "sex": line([raw.of("sex", s) for s in SHORT["sex"]]),
        "age": line(to_bands(year).sum(axis=0)),
        "education": line(_national_education(raw)),
        "party": line([total / 1e6 - raw.of("party", "members"), raw.of("party", "members")]),
        "internet": line([total / 1e6 - raw.of("internet", "users"), raw.of("internet", "users")]),
    }
    real = {name: counts.astype(np.float64) for name, counts in one.items()}
    people, homes, sexes, ages = (real[n] for n in ("province", "residence", "sex", "age"))
    income = _income(raw, homes)
    one["income"] = line(income.start.sum(axis=0))
    residence = _residence(raw, people, homes)
    known = raw.column("urban_pct_2020")
    urban = np.where(np.isnan(known), 100 * residence.start[:, 1] / people, known)
    by_year = year.sum(axis=0)
    tables = [
        residence,
        _province_sex(raw, people, sexes),
        _province_age(raw, people, ages),
        Derived(
            ("sex", "age"),
            to_bands(year),
            _same(
                "derived",
                "factbook-2016",
                "pyramid of mid-2016 aged by two years, evenly spread within its bands, "
                "raked to the published ages (0-15, 16-59, 60-64, 65+) and sexes of 2018",
            ),
        ),
        _province_education(raw, people, real["education"], urban),
        income,
        *_party(raw, sexes, ages, real["education"], by_year),
        *_internet(raw, homes, sexes, ages, by_year),
    ]
    names = {**SHORT, "province": tuple(row["province"] for row in raw.provinces)}
    out = io.StringIO()
    writer = csv.DictWriter(out, ("margin", *COLUMNS), restval="", lineterminator="\n")
    writer.writeheader()
    for table in tables:
        rows, columns = one[table.over[0]], one[table.over[1]]
        start = scaled(table.start, total)
        whole = whole_table(raked(np.maximum(start, 0), rows * 1.0, columns * 1.0), rows, columns)
        for (r, c), persons in np.ndenumerate(whole):
            status, source, note = table.tag(r, c)
            writer.writerow(
                {
                    "margin": " x ".join(table.over),
                    table.over[0]: names[table.over[0]][r],
                    table.over[1]: names[table.over[1]][c],
                    "persons": int(persons),
                    "as_of": "2018-12-31",
                    "status": status,
                    "source": source,
                    "note": note,
                }
            )
    return out.getvalue()


def main() -> None:
    """Write targets.csv next to the raw rows."""
    (FOLDER / "targets.csv").write_text(derive(), encoding="utf-8")


if __name__ == "__main__":
    main()
