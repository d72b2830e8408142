"""A made-up but lifelike `RunSummary`: a court's list for 75 months and a points system."""

from __future__ import annotations

import math

from scslab.core.results import (
    Comparison,
    FitRow,
    Flow,
    GradeSeries,
    GroupShare,
    LeftOut,
    ListSeries,
    MeasureTotal,
    RegimeLine,
    RunSummary,
    ScoreHistogram,
    SourceLine,
    SurveyResult,
    ValueShares,
)

LIST, POINTS = "cn-judgment-defaulters", "cn-rongcheng-points"


def months(first_year: int, number: int, first_month: int = 1) -> tuple[str, ...]:
    at = [12 * first_year + first_month - 1 + i for i in range(number)]
    return tuple(f"{one // 12}-{one % 12 + 1:02d}" for one in at)


def wobble(i: int, size: float) -> float:
    return size * (math.sin(1.7 * i) + 0.6 * math.sin(5.3 * i + 1))


def wilson(k: int, n: int) -> tuple[float, float]:
    z, p = 1.96, k / n
    mid = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return mid - half, mid + half


def list_series(regime: str, name: str, scale: float, number: int = 75) -> ListSeries:
    entries, exits, listed, wrong, wrong_listed = [], [], [], [], []
    stock = wrong_stock = 0
    for i in range(number):
        come = max(0, round(scale * (40 + 30 * math.exp(-(((i - 38) / 14) ** 2)) + wobble(i, 4))))
        bad = round(come * (0.05 - 0.0003 * i) + wobble(i, 0.4) * scale / 2)
        bad = min(come, max(0, bad))
        go = round(stock * 0.031)
        bad_go = round(wrong_stock * 0.09)
        stock, wrong_stock = stock + come - go, max(0, wrong_stock + bad - bad_go)
        entries.append(come)
        exits.append(go)
        listed.append(stock)
        wrong.append(bad)
        wrong_listed.append(wrong_stock)
    return ListSeries(
        regime,
        name,
        months(2019, number, 10),
        tuple(entries),
        tuple(exits),
        tuple(listed),
        tuple(wrong),
        tuple(wrong_listed),
    )


def histogram(month: str, shift: float) -> ScoreHistogram:
    low = tuple(range(560, 1120, 20))
    persons = tuple(
        round(
            9000 * math.exp(-(((x - 1000) / 14) ** 2))
            + 2600 * math.exp(-(((x - 975 + shift) / (20 + shift)) ** 2))
            + 40 * math.exp(-(((x - 850) / 120) ** 2))
        )
        for x in low
    )
    return ScoreHistogram(POINTS, month, low, tuple(x + 20 for x in low), persons)


def grade_series(number: int = 75) -> GradeSeries:
    all_months = months(2019, number, 10)
    parts: dict[str, list[int]] = {name: [] for name in ("AAA", "AA", "A", "B", "C", "D")}
    mean = []
    for i in range(number):
        t = i / number
        shares = {"AAA": 0.004 + 0.02 * t, "AA": 0.02 + 0.09 * t, "B": 0.02 + 0.11 * t}
        shares |= {"C": 0.003 + 0.018 * t, "D": 0.0004 + 0.002 * t}
        for name in parts:
            part = shares.get(name, 1 - sum(shares.values()))
            parts[name].append(round(40_000 * part))
        mean.append(1000 - 22 * t + wobble(i, 0.6))
    scored = tuple(sum(parts[name][i] for name in parts) for i in range(number))
    grades = {name: tuple(numbers) for name, numbers in parts.items()}
    return GradeSeries(POINTS, all_months, tuple(mean), scored, grades)


def groups(regime: str) -> tuple[GroupShare, ...]:
    cells = {
        "residence": (("city", 2104, 71), ("town", 903, 38), ("village", 1120, 77)),
        "age": (
            ("18-29", 612, 30),
            ("30-44", 1701, 62),
            ("45-59", 1490, 70),
            ("60 and over", 324, 24),
        ),
        "schooling": (
            ("primary or less", 720, 57),
            ("middle school", 1911, 88),
            ("high school", 1012, 31),
            ("college", 470, 10),
            ("still in education", 14, 1),
        ),
        "migrant": (("local registration", 3120, 112), ("registered elsewhere", 1007, 74)),
    }
    rows = []
    for attribute, members in cells.items():
        for category, n, k in members:
            low, high = wilson(k, n)
            rows.append(
                GroupShare(
                    regime, attribute, category, n, k, k / n, low, high, 3.1 + 190 * k / n, n >= 30
                )
            )
    return tuple(rows)


def comparison(
    finding: str, quantity: str, group: str, source: str, kind: str, values: tuple, role: str
) -> Comparison:
    published, simulated, interval, note = values
    return Comparison(
        finding, quantity, group, source, kind, published, simulated, interval, role, note
    )


COURT = "Supreme People's Court via press"
BAN = "travel bans: flight tickets refused, cumulative"
COMPARISONS = (
    comparison(
        "S02",
        "cumulative entries on the judgment-defaulter list",
        "end of 2017",
        COURT,
        "count",
        (9_590_000.0, 9_312_400.0, (9_101_000.0, 9_530_000.0), "persons and firms"),
        "calibrated",
    ),
    comparison(
        "S08",
        "new entries on the judgment-defaulter list",
        "2024",
        "People's Daily 2025",
        "count",
        (2_457_000.0, 1_731_200.0, (1_655_000.0, 1_810_000.0), ""),
        "check",
    ),
    comparison(
        "S05", BAN, "end of 2018", COURT, "count", (17_460_000.0, 44_120_000.0, None, ""), "check"
    ),
    comparison(
        "S01",
        "listed users who paid their debt within one month",
        "listed users",
        "Ahmed 2019",
        "share",
        (0.46, 0.443, (0.421, 0.466), ""),
        "check",
    ),
    comparison(
        "K01",
        "approves of social credit systems (somewhat or strongly)",
        "all",
        "Kostka 2019",
        "share",
        (0.80, 0.807, (0.786, 0.828), "internet users 14-65"),
        "calibrated",
    ),
    comparison(
        "K23",
        "effect of age on approval",
        "all",
        "Kostka 2019",
        "sign",
        (1.0, 1.0, None, "model 1"),
        "check",
    ),
)

LIKERT = (
    "strongly approves",
    "somewhat approves",
    "neither",
    "somewhat disapproves",
    "strongly disapproves",
)


def survey(key: str, question: str, true: float, measured: float, n: int) -> SurveyResult:
    cats = (0.31, 0.33, 0.19, 0.11, 0.06)
    seen = (0.44, 0.36, 0.14, 0.045, 0.015)
    return SurveyResult(
        id=key,
        question=question,
        month="2025-06",
        population="internet users 14-65",
        eligible=31_204,
        drawn=5_200,
        n=n,
        true_value=true,
        measured=measured,
        standard_error=0.011,
        low=measured - 0.0216,
        high=measured + 0.0216,
        deff=1.62,
        unweighted=measured + 0.018,
        without_falsification=true + 0.021,
        categories=tuple(zip(LIKERT, cats, seen, strict=True)),
    )


def sample(title: str = "Two regimes over six years") -> RunSummary:
    """A lifelike run: every section has data."""
    court = "List of judgment defaulters"
    regimes = (
        RegimeLine(
            LIST,
            court,
            "Supreme People's Court, China",
            "Courts list persons who can pay a judgment debt and do not. Listed persons may not "
            "fly, take fast trains or send children to costly schools.",
            "list",
            "checked",
        ),
        RegimeLine(
            POINTS,
            "Rongcheng personal credit points",
            "Rongcheng City People's Government, Shandong, China",
            "A city score. People start at 1,000 points; recorded conduct moves it; high grades "
            "get small rewards.",
            "points",
            "draft",
        ),
    )
    flows = (
        Flow(LIST, 5_120, 4_310, 160, 95, 3_941, 186, 402, 97, 31, 61, 352, 22, 33, 2.4, 48),
        Flow(POINTS, 61_240, 38_112, 1_204, 610, 61, 4, 9, 2, 1, 1, 8, 1, 0, 1.1, 0),
    )
    measures = (
        MeasureTotal(LIST, "fast_travel", "May not fly or take a fast train", 81_204, 12_930),
        MeasureTotal(
            LIST, "school", "May not send children to costly private schools", 81_204, 310
        ),
        MeasureTotal(POINTS, "heating_rebate", "Money off the winter heating bill", 31_877, 0),
    )
    sources = (
        SourceLine(
            "shandong-2020",
            POINTS,
            "law",
            "Shandong Province social credit regulation (山东省社会信用条例)",
            "2020-07-24",
            "https://github.com/LawRefBook/Laws/tree/2f4c5c2",
            "",
        ),
        SourceLine("press-2018", POINTS, "press", "Economic Daily", "2018-04-04", "", ""),
        SourceLine(
            "assume-floors",
            POINTS,
            "assumption",
            "Grade floors",
            "",
            "",
            "The stored copies stop before the table of grades.",
        ),
    )
    fit = (
        FitRow("age by sex", "counties", 36, 2.0, "women 60-64", 1_204.0, "met"),
        FitRow("schooling by residence", "provinces", 18, 14.5, "village, college", 310.2, "near"),
    )
    values = (
        ValueShares(LIST, 61, 9, 14),
        ValueShares(POINTS, 38, 4, 12),
        ValueShares("study", 21, 0, 33),
    )
    left_out = (
        LeftOut(
            POINTS,
            "Village and neighbourhood lists",
            "They are kept locally, often on paper, and no common table was found.",
            "Differences between villages are missing.",
        ),
    )
    return RunSummary(
        study="two-regimes",
        title=title,
        about="A court's list and a city's points system over the same synthetic society, to see "
        "who is listed by mistake, how long a correction takes, and what a survey would say.",
        cannot_tell="Nothing about any real person, place or office. The conduct of the simulated "
        "persons is tuned to a few published totals; other conduct could give the same totals.\n\n"
        "Small differences between groups follow from assumed error rates.",
        seed=20261,
        first_month="2019-10",
        last_month="2025-12",
        persons=48_000,
        rated=40_012,
        stands_for=48_000_000.0,
        scale=1000.0,
        society="Built from 14 published margins (census of 2020, household surveys) by iterative "
        "fitting; persons live in households in 31 provinces.",
        version="0.1.0",
        fingerprint="6f1c2e9a4b7d8035c1e2",
        machine="x86_64, 2 cores, Linux",
        seconds=41.7,
        regimes=regimes,
        fit=fit,
        lists=(list_series(LIST, court, 1.0), list_series(POINTS, "serious", 0.03)),
        histograms=(
            histogram("2020-12", 0),
            histogram("2023-12", 15),
            histogram("2025-12", 32),
        ),
        grades=(grade_series(),),
        flows=flows,
        groups=groups(LIST),
        measures=measures,
        comparisons=COMPARISONS,
        surveys=(
            survey("s1", "Approves of the city's points system", 0.64, 0.80, 1_612),
            survey("s2", "Thinks that the list is just", 0.71, 0.745, 1_598),
        ),
        values=values,
        sources=sources,
        left_out=left_out,
        warnings=("12 simulated persons left the region and are counted until then.",),
    )


def empty() -> RunSummary:
    """A run that says nothing."""
    return RunSummary(
        study="",
        title="",
        about="",
        cannot_tell="",
        seed=0,
        first_month="",
        last_month="",
        persons=0,
        rated=0,
        stands_for=0.0,
        scale=0.0,
        society="",
        version="",
        fingerprint="",
        machine="",
        seconds=0.0,
        regimes=(),
        fit=(),
        lists=(),
        histograms=(),
        grades=(),
        flows=(),
        groups=(),
        measures=(),
        comparisons=(),
        surveys=(),
        values=(),
        sources=(),
        left_out=(),
    )
