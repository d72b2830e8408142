"""Derived national margins: income, Party membership and internet use."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from scslab.world.society.derive_steps import Derived, Floats, Raw, Tag, same, to_bands


def income_bands(raw: Raw, residences: Floats) -> Derived:
    """Income bands in villages and towns, from medians and quintile means."""
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
        same(
            "derived",
            "income-2018",
            "log-normal around the published median of the residence; spread: rural from the "
            "rural quintile means of Fujian, urban so that the national quintile means give the "
            "national share above 48 000 RMB a year",
        ),
    )


def party_members(
    raw: Raw, sexes: Floats, ages: Floats, levels: Floats, year: Floats
) -> list[Derived]:
    """Party members by sex, age and education; `year` is persons by year of age."""
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


def internet_users(
    raw: Raw, homes: Floats, sexes: Floats, ages: Floats, year: Floats
) -> list[Derived]:
    """Internet users by residence, sex and age; `year` is persons by year of age."""
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
            same("derived", cnnic, "national users; rural share of all non-users"),
        ),
        (
            "sex",
            sexes,
            online_sex,
            same("derived", cnnic, "share interpolated between Dec 2017 and Jun 2019"),
        ),
        ("age", ages, online_age, age_tag),
    )
    return [
        Derived(("internet", name), np.stack([total - on, on]), tag)
        for name, total, on, tag in made
    ]
