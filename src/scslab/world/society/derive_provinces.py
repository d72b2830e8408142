"""Derived margins by province: residence, sex, age and education."""

from __future__ import annotations

import numpy as np

from scslab.world.society.derive_steps import (
    FROM_2010,
    FROM_2015,
    Derived,
    Floats,
    Raw,
    Tag,
    national_ages,
    raked,
    raked_around,
    same,
    to_bands,
)


def province_residence(raw: Raw, people: Floats, totals: Floats) -> Derived:
    """Towns and villages in each province: urban shares interpolated to 2018."""
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


def province_sex(raw: Raw, people: Floats, totals: Floats) -> Derived:
    """Sexes in each province: census shares of 2020, raked to 2018."""
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


def province_age(raw: Raw, people: Floats, totals: Floats) -> Derived:
    """Ages in each province: census bands split with the national pyramid."""
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
        same(
            "derived",
            "census-prefectures",
            "shares 0-14, 15-59, 60-64, 65+ of the census of 2020, each split with the national "
            "pyramid, raked to the national ages of 2018",
        ),
    )


def national_education(raw: Raw) -> Floats:
    """Percent of the population in each education code at the end of 2018, shape (4,)."""

    def at(level: str) -> float:
        early, late = (raw.of("education", level, f"{year}-11-01") for year in (2010, 2020))
        return early + (late - early) * FROM_2010

    low, medium = at("primary") + at("lower secondary"), at("upper secondary")
    high = at("college")
    return np.array([100 - low - medium - high, low, medium, high])


def province_education(raw: Raw, people: Floats, totals: Floats, urban: Floats) -> Derived:
    """Education in each province; `urban` is the urban share in percent, shape (31,)."""

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
    change = national_education(raw) / np.array(codes(raw.education["China 2020"])) * 1e3
    start = shares * change
    start *= (people / start.sum(axis=1))[:, None]
    fitted = raked_around(start, full, people, totals)

    def tag(row: int, _column: int) -> Tag:
        if full[row]:
            return (
                "derived",
                "census-2020-6",
                (
                    "shares of the census of 2020, each level times the national ratio 2018 to "
                    "2020 (2018 interpolated between 2010 and 2020)"
                ),
            )
        return (
            "assumed",
            "assumed-education",
            (
                "row cut in the source: log-odds regressed on the urban share (medium, high) and "
                "on the share aged 0-14 (none) in the 13 provinces with rows; those without "
                "rows raked together to what the others leave of the national total"
                + ("; college share known" if names[row] in raw.education else "")
            ),
        )

    return Derived(("province", "education"), fitted, tag)
