"""Figures that stand beside print, made up but lifelike."""

from __future__ import annotations

import math

from scslab.core.printed import (
    ErrorsFigure,
    ErrorStep,
    FrameworkFactor,
    FrameworkFigure,
    FrameworkLine,
    PrintedFigure,
    PrintedRow,
)

SOURCE = "A made-up wave"


def shares(form: str = "dots") -> PrintedFigure:
    rows = (
        PrintedRow("14 to 30", 0.781, 0.757, 0.803, 1215, heading="Age"),
        PrintedRow("31 to 50", 0.821, 0.795, 0.845, 928, heading="Age"),
        PrintedRow("51 to 65", math.nan, math.nan, math.nan, 3, heading="Age"),
        PrintedRow("urban", 0.813, 0.794, 0.83, 1856, 0.82, says="82 %", heading="Residence"),
        PrintedRow("rural", 0.724, 0.676, 0.767, 353, 0.68, says="68 %", heading="Residence"),
        PrintedRow(
            "does not know whether takes part in any of the systems of the government",
            0.55, 0.47, 0.63, 177, 0.6, (0.5, 0.7), "50-70 %", "Membership",
        ),
    )  # fmt: skip
    return PrintedFigure(
        id="figure-4",
        title="Approval by group",
        unit="% of the group who approve, weighted",
        source=SOURCE,
        rows=rows,
        form="bars" if form == "bars" else "dots",
        printed_in="Kostka 2019",
        notes=("No printed value was found where there is no diamond",),
        synthetic=True,
    )


def effects() -> PrintedFigure:
    given = (
        ("Party member", 0.291, 0.118, 0.314, "0.314", "Model 3"),
        ("Confidence in government (1 to 4)", 0.622, 0.075, 0.589, "0.589", "Model 3"),
        ("Age (years)", -0.004, 0.006, None, "+", "Model 1"),
        ("Lives in the East, beside the West", 0.05, 0.12, None, "0", "Model 1"),
        ("Separated", 4.0, math.inf, None, "", "Model 7"),
    )
    rows = tuple(
        PrintedRow(label, b, b - 1.96 * se, b + 1.96 * se, 2009, number, None, says, heading)
        for label, b, se, number, says, heading in given
    )
    return PrintedFigure(
        "table-4", "Ordered logit of approval", "log-odds", SOURCE, rows,
        values="number", printed_in="Kostka 2019", zero=0.0, synthetic=True,
    )  # fmt: skip


def waterfall(listed: bool = True) -> ErrorsFigure:
    return ErrorsFigure(
        id="errors-approves",
        title="Approval: from the truth to the figure of the survey",
        unit="% who approve; changes in percentage points",
        n=2209,
        source=SOURCE,
        truth=0.712,
        steps=(
            ErrorStep("Coverage", 0.018, "who is not online cannot be reached"),
            ErrorStep("Selection", 0.031, "who is in the panel and opts in"),
            ErrorStep("Nonresponse", -0.004, "who does not finish"),
            ErrorStep("Screening", 0.0, "who is taken out as careless"),
            ErrorStep("Adjustment", -0.012, "weights to age, sex and region"),
            ErrorStep("Measurement", -0.006, "careless answers, answers left out"),
            ErrorStep("Falsification", 0.064, "answers that are safer than what is thought"),
        ),
        measured=0.803,
        low=0.785,
        high=0.82,
        by_list=(0.752, 0.688, 0.816) if listed else None,
        notes=("The axis does not begin at zero",),
        synthetic=True,
    )


def framework() -> FrameworkFigure:
    given = (
        ("Socio-demographics", (("H1", "Age", "-", "+", "+"), ("H2", "Income", "-", "+", "0"),
            ("H3", "Male", "+", "+", "+"), ("H4", "Education", "-", "+", "+"),
            ("H5", "Lives in a city", "+", "+", "+"), ("H6", "Lives in the East", "+", "0", "0"))),
        ("Online habits", (("H7", "Time on the smartphone", "+", "0", "0"),
            ("H8", "Frequency of posting", "+", "+", "+"))),
        ("Political views", (("H9", "Party membership", "+", "+", "+"),
            ("H10", "Confidence in government", "+", "+", "+"))),
        ("Participation and scores", (("H11", "Own score", "+", "0", "-"),
            ("H12", "Score above that of family and friends", "+", "+", ""))),
        ("Knowledge and fairness", (("H13", "Knows how it is calculated", "+", "+", "+"),
            ("H14", "Received information", "+", "0", "0"),
            ("H15", "Joined actively", "+", "0", "0"), ("H16", "Score is fair", "+", "+", "+"))),
        ("Benefits and sanctions", (("H17", "Had a benefit", "+", "+", "+"),
            ("H18", "Had a disadvantage", "-", "0", "-"))),
        ("Beliefs on functions", (("H19", "Makes people and firms honest", "+", "+", "+"),
            ("H20", "Makes firms abide by regulations", "+", "+", "+"),
            ("H21", "Improves the quality of life", "+", "+", "+"))),
    )  # fmt: skip
    return FrameworkFigure(
        id="figure-1",
        title="Conceptual framework",
        n=2209,
        source=SOURCE,
        outcome="Approval of social credit systems",
        factors=tuple(
            FrameworkFactor(name, tuple(FrameworkLine(*line) for line in lines))  # type: ignore[arg-type]
            for name, lines in given
        ),
        synthetic=True,
    )
