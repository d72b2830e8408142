"""Exhibits of hypotheses: their table, and the conceptual framework that they make."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scslab.analysis.model_tables import Expected, Hypothesis, verdict
from scslab.core.errors import ScslabError, near
from scslab.core.printed import (
    Column,
    FrameworkFactor,
    FrameworkFigure,
    FrameworkLine,
    Part,
    Row,
    Sign,
)
from scslab.core.yamlfile import Place
from scslab.evaluation.exhibits.beside import (
    AGREES,
    Beside,
    cells,
    printed_digits,
    sign_of,
    with_headings,
)
from scslab.evaluation.exhibits.making import (
    Making,
    chart,
    notes,
    part_id,
    print_source,
    table,
    titled,
)
from scslab.evaluation.exhibits.models import REACH, effect, reach
from scslab.evaluation.exhibits.paper import Exhibit, FactorLine

SIGNS = "A simulated sign is of an effect whose 95 % interval leaves out zero; otherwise it is 0"


@dataclass(frozen=True)
class Tested:
    """A hypothesis of the paper: its words, what was expected, and the figure beside print."""

    line: FactorLine
    factor: str
    hypothesis: Hypothesis
    one: Beside

    @property
    def verdict(self) -> str:
        """As the analysis has it, from the interval: p < .05 where it leaves out zero."""
        found = self.one.found
        if found is None or not math.isfinite(found.value):
            return "cannot be tested"
        p = 1.0 if sign_of(found) == "0" else 0.0
        return verdict(self.hypothesis.expected, found.value, p)

    @property
    def printed(self) -> Sign:
        """The printed sign; of a number its own, for what is printed so is significant."""
        number = self.one.printed
        if number is None:
            return self.one.printed_sign
        return "0" if number == 0 else "+" if number > 0 else "-"


def tested(making: Making, place: int) -> list[Tested]:
    """All hypotheses of the paper's factors, measured.

    Raises
    ------
    ScslabError
        A hypothesis that the analysis does not have.
    """
    exhibit = making.file.paper.exhibits[place]
    known = {one.id: one for one in making.hypotheses}
    found = []
    for i, factor in enumerate(making.file.paper.factors):
        for k, line in enumerate(factor.hypotheses):
            at: Place = ("factors", i, "hypotheses", k)
            if line.id not in known:
                raise ScslabError(
                    f'the analysis has no hypothesis "{line.id}"',
                    where=making.file.document.where((*at, "id")),
                    hint=near(line.id, known),
                )
            one = known[line.id]
            measured = effect(making, exhibit, one.model, one.coefficient, at)
            said, n = making.look_up(line.finding)
            label = f"{line.id} {line.says}"
            beside = Beside(label, measured, "number", said, n, factor.name, sign=True)
            found.append(Tested(line, factor.name, one, beside))
    return found


def hypotheses(making: Making, place: int) -> list[Part]:
    """Hypotheses with expected, simulated and printed effects, and their verdicts."""
    exhibit = making.file.paper.exhibits[place]
    found = tested(making, place)
    rows = [one.one for one in found]
    parts: list[Part] = []
    if exhibit.table:
        heads = (
            Column("hypothesis", "Hypothesis"),
            Column("expected", "Expected", "number"),  # set right: signs above each other
            Column("simulated", "Simulated", "number", 3),
            Column("n", "n", "count"),
            Column("printed", "Printed", "number", printed_digits(rows)),
            Column("verdict", "Verdict"),
        )
        made = [(one.factor, row) for one in found for row in hypothesis_rows(one, making.below)]
        note = f"{AGREES}. {REACH}"
        parts.append(table(making, exhibit, heads, with_headings(made), rows, note=note))
    return [*parts, *chart(making, exhibit, rows, zero=0.0)]


def hypothesis_rows(one: Tested, below: int) -> tuple[Row, Row]:
    """A hypothesis; beneath it the reach of its interval, and whether print agrees."""
    value, _, _, n, said, agreed = cells(one.one, below)
    hidden = one.one.hidden(below)
    label = f"{one.line.id}. {one.hypothesis.says}"
    verdict = "" if hidden else one.verdict
    beneath = Row(("", "", "" if hidden else reach(one.one), "", agreed, ""), "beneath")
    return Row((label, mark(one.hypothesis.expected), value, n, said, verdict)), beneath


def mark(sign: Sign) -> str:
    """A sign as print sets it."""
    return sign.replace("-", "\N{MINUS SIGN}")


def framework(making: Making, place: int) -> list[Part]:
    """The framework: factors with the signs of their effects, expected, printed and simulated."""
    exhibit = making.file.paper.exhibits[place]
    found = tested(making, place)
    rows = [one.one for one in found]
    parts: list[Part] = []
    if exhibit.table:
        heads = (
            Column("effect", "Effect of"),
            Column("expected", "Expected", "number"),
            Column("printed", "Printed", "number"),
            Column("simulated", "Simulated", "number"),
            Column("verdict", "Verdict"),
        )
        made = [(one.factor, sign_row(one, making.below)) for one in found]
        parts.append(table(making, exhibit, heads, with_headings(made), rows, note=SIGNS))
    if exhibit.figure != "none":
        parts.append(framework_figure(making, exhibit, found))
    return parts


def signs(one: Tested, below: int) -> tuple[Expected, Sign, Sign]:
    """Expected, printed and simulated sign."""
    simulated: Sign = "" if one.one.hidden(below) else sign_of(one.one.found)
    return one.hypothesis.expected, one.printed, simulated


def sign_row(one: Tested, below: int) -> Row:
    """A row of the framework's table."""
    said = "" if one.one.hidden(below) else one.verdict
    marks = (mark(sign) for sign in signs(one, below))
    return Row((f"{one.line.id}. {one.line.says}", *marks, said))


def framework_figure(making: Making, exhibit: Exhibit, found: Sequence[Tested]) -> FrameworkFigure:
    """The record of the framework."""
    factors = [
        FrameworkFactor(
            factor.name,
            tuple(
                FrameworkLine(one.line.id, one.line.says, *signs(one, making.below))
                for one in found
                if one.factor == factor.name
            ),
        )
        for factor in making.file.paper.factors
    ]
    rows = [one.one for one in found]
    return FrameworkFigure(
        id=f"{part_id(exhibit)}-chart",
        title=titled(exhibit),
        n=max((one.n for one in rows), default=0),
        source=making.source,
        outcome=exhibit.outcome,
        factors=tuple(factors),
        notes=(
            SIGNS,
            *notes(exhibit),
            *print_source(making, rows),
        ),
        synthetic=making.synthetic,
    )
