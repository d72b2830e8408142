"""A paper's tables and figures made again from a wave, with the printed value where known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scslab.analysis.model_tables import Hypothesis
from scslab.core.printed import Part
from scslab.evaluation.exhibits.beside import Measure, Print
from scslab.evaluation.exhibits.errors import error_parts, framing_parts
from scslab.evaluation.exhibits.hypotheses import framework, hypotheses
from scslab.evaluation.exhibits.making import Making
from scslab.evaluation.exhibits.models import models
from scslab.evaluation.exhibits.paper import Paper, PaperFile, read_paper
from scslab.evaluation.exhibits.shares import crosstab, shares

__all__ = ["Paper", "PaperFile", "error_parts", "exhibit_parts", "framing_parts", "read_paper"]

BELOW = 5  # respondents: figures on fewer are not shown
MAKERS: dict[str, Callable[[Making, int], list[Part]]] = {
    "shares": shares,
    "crosstab": crosstab,
    "models": models,
    "framework": framework,
    "hypotheses": hypotheses,
}


def exhibit_parts(
    file: PaperFile,
    measured: Measure,
    printed: Print,
    expected: Sequence[Hypothesis] = (),
    *,
    source: str,
    synthetic: bool = True,
    below: int = BELOW,
) -> list[Part]:
    """Every exhibit as a table and a figure, in the paper's order.

    Parameters
    ----------
    file : PaperFile
        As `read_paper` gives it.
    measured : callable of (measure, where)
        One figure of the wave: value, low, high (95 %) and n. None, or a value of NaN, where
        nobody is in the domain or the model has no such coefficient.
    printed : callable of finding id
        The printed value and its n, as text.
    expected : sequence of Hypothesis
        Of the analysis; `framework` and `hypotheses` need those that the paper's factors name.
    source : str
        Where the answers are from, as tables say it.
    synthetic : bool
        Whether the respondents are simulated.
    below : int
        Figures on fewer respondents are not shown.

    Raises
    ------
    ScslabError
        What cannot be measured, with the line of the paper.
    """
    making = Making(file, measured, printed, expected, source, synthetic, below)
    parts: list[Part] = []
    for place, exhibit in enumerate(file.paper.exhibits):
        parts += MAKERS[exhibit.kind](making, place)
    return parts
