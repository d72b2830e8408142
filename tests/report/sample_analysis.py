"""A made-up but lifelike `AnalysisReport`: trust in a points system, with every kind of part."""

from __future__ import annotations

from scslab.core.printed import (
    AnalysisReport,
    AnalysisSection,
    CoefficientFigure,
    CoefficientRow,
    Column,
    LikertFigure,
    LikertItem,
    Paragraph,
    ResultTable,
    Row,
    Suppressed,
)

SOURCE = "Survey of opinions on social credit, wave 2, weighted"
TERMS = (
    ("Age (per ten years)", 0.082, 0.031, 0.008),
    ("Female", -0.121, 0.094, 0.199),
    ("University degree or higher, including students in their last year", 0.412, 0.118, 0.0005),
    ("Lives in a city with a points system (居住在有积分制度的城市)", 0.633, 0.151, 0.00003),
    ("Monthly household income (10,000 yuan)", 0.000042, 0.000019, 0.027),
)


def crosstab() -> ResultTable:
    return ResultTable(
        id="approval-by-age",
        title="Approval of the system by age group",
        columns=(
            Column("age", "Age group"),
            Column("approve", "Approve or strongly approve", "share"),
            Column("se", "Standard error", "share"),
            Column("low", "95% interval from", "share"),
            Column("high", "to", "share"),
            Column("deff", "Design effect", "number", 2),
            Column("n", "n, unweighted", "count"),
        ),
        rows=(
            Row(("By age / 按年龄",), "heading"),
            Row(("18 to 29", 0.7412, 0.021, 0.698, 0.781, 1.41, 612)),
            Row(("30 to 49", 0.8123, 0.017, 0.777, 0.844, 1.38, 1021)),
            Row(("50 and older", 0.8671, 0.02, 0.824, 0.901, 1.52, 572)),
            Row(("By answer mode",), "heading"),
            Row(("Telephone", *(Suppressed(5),) * 5, Suppressed(5))),
            Row(("Web panel", 0.8066, 0.011, 0.784, 0.828, 1.44, 2205)),
            Row(("Postal", None, float("nan"), None, None, None, 0)),
            Row(("All", 0.8066, 0.011, 0.784, 0.828, 1.44, 2209), "foot"),
        ),
        n=2209,
        source=SOURCE,
        unit="share of respondents",
        notes=("Weighted to age, gender and region; intervals on the logit scale",),
        code={
            "R": "d <- svydesign(ids = ~1, weights = ~w, data = x)\n"
            'svyby(~approve, ~age, d, svyciprop, method = "logit")  # <- as printed & checked',
            "Stata": "svyset [pw = w]\nsvy: proportion approve, over(age)",
        },
    )


def models() -> ResultTable:
    rows = [Row(("Persons and places",), "heading")]
    for at, (term, estimate, se, p) in enumerate(TERMS):
        first = None if at == 3 else 0.9 * estimate
        rows.append(Row((term, first, estimate), p=(None, p, p)))
        rows.append(Row(("", None if at == 3 else 1.02 * se, se), "beneath"))
    rows += [
        Row(("Thresholds",), "heading"),
        Row(("strongly disapprove | disapprove", -3.412, -3.288)),
        Row(("", 0.201, 0.207), "beneath"),
        Row(("n", 2209, 2201), "foot", "count"),
        Row(("Pseudo-R2 (McFadden)", 0.0412, 0.0631), "foot"),
        Row(("Proportional odds, p", 0.412, 0.00001), "foot", "p"),
    ]
    return ResultTable(
        id="models",
        title="Ordered logit models of approval",
        columns=(
            Column("term", "Term"),
            Column("model_1", "Model 1", "number"),
            Column("model_2", "Model 2, with place", "number"),
        ),
        rows=tuple(rows),
        n=2209,
        source=SOURCE,
        unit="log-odds of a more approving answer",
        notes=("Linearised standard errors in brackets.", "Seven strata, 110 clusters."),
        code={"R": "svyolr(approve ~ age + female, design = d)", "Python": "x = 1\n\tif x < 2:"},
    )


def hypotheses() -> ResultTable:
    return ResultTable(
        id="hypotheses",
        title="Hypotheses and verdicts",
        columns=(
            Column("id", "Hypothesis"),
            Column("expected", "Expected"),
            Column("estimate", "Estimate", "number"),
            Column("p", "p", "p"),
            Column("verdict", "Verdict"),
        ),
        rows=(
            Row(
                (
                    "H1. Those who live where points are given approve more",
                    "+",
                    0.633,
                    3e-5,
                    "as expected",
                )
            ),
            Row(("H2. Women approve less", "-", -0.121, 0.199, "not significant")),
            Row(("H3. The more educated approve less", "-", 0.412, 0.0005, "contrary")),
        ),
        n=2201,
        source=SOURCE,
    )


def coefficients(series: int = 2) -> CoefficientFigure:
    names = ("Model 1", "Model 2, with place", "Model 3, without the capital")[:series]
    return CoefficientFigure(
        id="coefficients",
        title="What goes with approval of the system",
        unit="log-odds of a more approving answer",
        n=2201,
        source=SOURCE,
        rows=tuple(
            CoefficientRow(name, term, value, value - 1.96 * se, value + 1.96 * se)
            for place, name in enumerate(names)
            for term, estimate, se, _ in TERMS
            for value in [estimate * (1 - 0.12 * place)]
        ),
        notes=("Line: 95% interval.",),
    )


def likert(apart: bool = False, number: int = 5) -> LikertFigure:
    names = (
        "The system makes people more honest",
        "Companies that break the law should be put on a public list",
        "I worry that wrong entries are hard to correct, even with help from the office in charge",
        "一个人的信用记录应当影响他能否购买高铁票",
        "Points should be given for volunteering",
        "The rules are the same for everyone",
        "I know where to complain",
        "Blood donors deserve points",
        "The list should be public",
    )
    shares = (
        (0.05, 0.11, 0.24, 0.38, 0.22),
        (0.02, 0.05, 0.13, 0.41, 0.39),
        (0.08, 0.19, 0.31, 0.29, 0.13),
        (0.21, 0.27, 0.2, 0.22, 0.1),
        (0.04, 0.07, 0.18, 0.45, 0.26),
    )
    return LikertFigure(
        id="likert",
        title="Agreement with statements about the system",
        unit="share of respondents",
        source=SOURCE,
        levels=(
            "Strongly disagree",
            "Rather disagree",
            "Neither agree nor disagree",
            "Rather agree",
            "Strongly agree",
        ),
        items=tuple(
            LikertItem(name, shares[place % 5], 2209 - 13 * place)
            for place, name in enumerate(names[:number])
        ),
        neutral=2,
        neutral_apart=apart,
        notes=("Don't know and no answer left out",),
    )


def analysis() -> AnalysisReport:
    return AnalysisReport(
        title="Who approves of a social credit system?",
        about="An opinion survey of 2,209 internet users, weighted to the population of those who "
        "are online.\n\nEvery figure can be computed again with the code beneath its table.",
        source=SOURCE,
        n=2209,
        synthetic=False,
        version="0.3.0",
        facts=(
            ("Field work", "February to April 2018"),
            ("Design", "quota sample, raked, 7 strata"),
            ("Effective n", "1,534"),
        ),
        sections=(
            AnalysisSection(
                "approval",
                "Approval",
                (
                    Paragraph("Four in five respondents approve. Older people approve more."),
                    crosstab(),
                    likert(),
                    likert(apart=True, number=9),
                ),
            ),
            AnalysisSection("models", "Models", (models(), coefficients(), hypotheses())),
        ),
        warnings=(
            "12 respondents were faster than a third of the median; they are kept, and Table 1 "
            "with and without them differs by less than 0.1 percentage points",
            "Stratum 西北 has two clusters only: its standard errors are unsure.",
        ),
    )
