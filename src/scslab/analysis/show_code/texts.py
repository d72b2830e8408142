"""Whole scripts: what is read, the design, one computation."""

from __future__ import annotations

from collections.abc import Sequence

from scslab.analysis.design import Lonely, Replicates
from scslab.analysis.show_code.common import Asked, Column, Setting, Step, check_asked
from scslab.analysis.show_code.quoting import one_line, stata_comment
from scslab.analysis.show_code.r import number_lines, r_preamble, reason_lines
from scslab.analysis.show_code.r_asked import r_asked
from scslab.analysis.show_code.stata import stata_preamble
from scslab.analysis.show_code.stata_asked import stata_asked
from scslab.analysis.show_code.stata_names import names_of


def design_code(
    about: Sequence[tuple[str, str]],
    file_name: str,
    lonely: Lonely = "fail",
    replicates: Replicates | None = None,
    steps: Sequence[Step] = (),
    columns: Sequence[Column] = (),
) -> dict[str, str]:
    """The reading of a file and its design in R and Stata.

    Parameters
    ----------
    about : pairs of str
        `Design.about`: keys weight, strata, clusters, fpc, nest, replicates; several columns are
        joined by " + ", the first stage first.
    file_name : str
        Where the code looks for the answers; its ending says how it is read.
    lonely, replicates : as in `Design`
    steps : sequence of Step
        Weighting, in order.
    columns : sequence of Column
        Variables of categories; see `columns_of`.

    Returns
    -------
    dict
        "R" and "Stata" to text.

    Examples
    --------
    >>> text = design_code([("weight", "pw"), ("clusters", "dnum")], "schools.csv")["R"]
    >>> print(text.splitlines()[-1])
    design <- svydesign(ids = ~dnum, weights = ~pw, data = data)
    """
    setting = Setting(
        file_name, tuple(about), lonely, replicates, tuple(steps), tuple(columns)
    )  # fmt: skip
    names = names_of(setting, Asked("mean"))
    return {
        "R": joined("#", setting, r_preamble(setting)),
        "Stata": joined("*", setting, stata_preamble(setting, names)),
    }


def show_code(setting: Setting, asked: Asked) -> dict[str, str]:
    """One computation in R and Stata, from the file to the figure.

    What a tool cannot do is said in a comment line.

    Raises
    ------
    ScslabError
        A computation that is not described in full, or a formula with something else in it.

    Examples
    --------
    >>> code = show_code(Setting("a.dta", (("weight", "w"),)), Asked("mean", ("income",)))
    >>> print(code["Stata"].splitlines()[-2])
    svy: mean income
    """
    check_asked(asked)
    names = names_of(setting, asked)
    r = [
        *r_preamble(setting, asked.domain, reason_lines(setting, asked)),
        *number_lines(setting, asked),
        "",
        *r_asked(setting, asked),
    ]
    stata = [
        *stata_preamble(setting, names, asked.domain), "", *stata_asked(setting, asked, names),
    ]  # fmt: skip
    return {"R": joined("#", setting, r), "Stata": joined("*", setting, stata)}


def joined(mark: str, setting: Setting, lines: Sequence[str]) -> str:
    """Lines as a text, under a first line that says where it runs."""
    file = stata_comment(setting.file) if mark == "*" else one_line(setting.file)
    head = f"{mark} Made by scslab. Runs as it stands beside {file}"
    return "\n".join([head, *lines]) + "\n"
