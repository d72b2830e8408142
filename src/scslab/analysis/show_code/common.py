"""Plain descriptions that code is shown for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from scslab.analysis.design import Lonely, Replicates
from scslab.core.errors import ScslabError, near
from scslab.survey.answers import Answers, Code, plain
from scslab.survey.screen.plan import Clause

Kind = Literal[
    "mean", "total", "sd", "ratio", "quantile", "share", "crosstab", "difference", "differences",
    "correlation", "linear", "logit", "ordinal", "multinomial", "list",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True)
class Column:
    """A variable of categories: its codes in the file, in order, and the labels shown for them.

    Without codes and labels it is a number. `missing` lists codes in a CSV file that mean a
    missing answer (SPSS and Stata files say so themselves).
    """

    name: str
    codes: tuple[Code, ...] = ()
    labels: tuple[str, ...] = ()
    missing: tuple[Code, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[Code, str], ...]:
        """Each code with its label; labels alone are the codes as well. None for a number."""
        codes = self.codes or self.labels
        return tuple(zip(codes, self.labels or map(plain, codes), strict=True))


@dataclass(frozen=True)
class Step:
    """One step of weighting.

    Attributes
    ----------
    kind : str
        "rake", "poststratify", "calibrate" or "trim".
    margins : mapping of variable to (mapping of category to total)
        Categories as the labels of the variable, in their order. `shares`: the numbers are shares.
    totals : mapping of variable to total
        Totals of numbers, in a calibration.
    calfun : str
        "linear", "raking" or "logit" (needs bounds).
    bounds : pair of numbers
        Of the ratio of new weight to old.
    cap : number
        Largest weight inside the raking, in mean weights.
    lower, upper : numbers
        Limits of a trim, as weights.
    """

    kind: Literal["rake", "poststratify", "calibrate", "trim"]
    margins: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: MappingProxyType({}))
    shares: bool = False
    totals: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    calfun: Literal["linear", "raking", "logit"] = "linear"
    bounds: tuple[float, float] | None = None
    cap: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Domain:
    """Those who meet all clauses; conditions are on codes as in the file."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Setting:
    """What every computation starts from: the file, its categories, the design.

    `about` is `Design.about`: pairs such as ("weight", "pw"), ("clusters", "dnum + snum").
    """

    file: str
    about: tuple[tuple[str, str], ...] = ()
    lonely: Lonely = "fail"
    replicates: Replicates | None = None
    steps: tuple[Step, ...] = ()
    columns: tuple[Column, ...] = ()

    def column(self, name: str) -> Column | None:
        """The categories of a variable, None for a number."""
        return next((c for c in self.columns if c.name == name and c.pairs), None)

    def design(self, key: str) -> tuple[str, ...]:
        """The columns that stand under a key of `about`."""
        said = dict(self.about).get(key, "")
        return tuple(part.strip() for part in said.split(" + ") if part.strip())


@dataclass(frozen=True)
class Asked:
    """One computation.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    variables : tuple of str
        Means, totals, standard deviations, quantiles, shares, correlations: the variables; ratio:
        numerators, then as many denominators; crosstab: rows and columns; difference and
        differences: outcome and group; list: count and treatment (1 for the longer list).
    level : str
        The category of a share (all without it) or of shares compared, or the second group of a
        difference (`base` is the first).
    quantiles, by, domain, formula, link
        As the kind needs them; `by` goes with means, totals, ratios, quantiles and shares.
    method : str
        Interval of a share ("logit", "wilson", ...); for a list experiment "difference" or "ml".
    wald : tuple of str
        Terms of the formula to test jointly.
    effects : tuple of str
        Variables whose average marginal effects are wanted.
    items : int
        Of a list experiment: items on the shorter list.
    test, percent : str
        Of a crosstab: the statistic as `crosstab` has it, and what sums to 1.
    groups : tuple of str
        Of differences: the groups compared, in order.
    reasons : tuple of (variable, tuple of (code, words))
        Missing answers that are shown as levels of a share.
    reference : tuple of (variable, label)
        Of a model: the reference category.
    kept : tuple of (variable, labels)
        Of a model: the categories that occur, where some do not.
    numbers : tuple of str
        Variables of categories that this computation takes as numbers.
    """

    kind: Kind
    variables: tuple[str, ...] = ()
    level: str = ""
    base: str = ""
    quantiles: tuple[float, ...] = (0.5,)
    by: tuple[str, ...] = ()
    domain: Domain | None = None
    formula: str = ""
    link: str = "logit"
    method: str = ""
    wald: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    items: int = 0
    test: str = "F"
    percent: Literal["row", "column", "total"] = "row"
    groups: tuple[str, ...] = ()
    reasons: tuple[tuple[str, tuple[tuple[Code, str], ...]], ...] = ()
    reference: tuple[tuple[str, str], ...] = ()
    kept: tuple[tuple[str, tuple[str, ...]], ...] = ()
    numbers: tuple[str, ...] = ()


NEEDED = {"crosstab": 2, "difference": 2, "differences": 2, "list": 2}
LEAST = {"ratio": 2, "correlation": 2}
MODELS = ("linear", "logit", "ordinal", "multinomial")
LINKS = ("logit", "probit", "cloglog", "loglog", "cauchit")


def check_asked(asked: Asked) -> None:
    """See that a computation is described in full.

    Raises
    ------
    ScslabError
        It is not.
    """
    if asked.kind not in KINDS:
        hint = near(asked.kind, KINDS)
        raise ScslabError(f'no code for "{asked.kind}"', where="show code", hint=hint)
    need = NEEDED.get(asked.kind)
    if asked.kind in MODELS:
        if not asked.formula:
            raise ScslabError("a model needs a formula", where="show code")
        if asked.kind == "ordinal" and asked.link not in LINKS:
            hint = near(asked.link, LINKS)
            raise ScslabError(f'no link "{asked.link}"', where="show code", hint=hint)
    elif (need is not None and len(asked.variables) != need) or too_few(asked):
        raise ScslabError(
            f"{asked.kind}: wrong number of variables",
            where="show code",
            got=", ".join(asked.variables) or "none",
            expected=f"{need or LEAST.get(asked.kind, 'at least 1')}",
        )


def too_few(asked: Asked) -> bool:
    """Whether variables are missing: a ratio has as many denominators as numerators."""
    uneven = asked.kind == "ratio" and len(asked.variables) % 2 == 1
    return uneven or len(asked.variables) < LEAST.get(asked.kind, 1)


def columns_of(answers: Answers, names: Iterable[str]) -> tuple[Column, ...]:
    """Descriptions of variables of categories, in the order in which tables show them."""
    found = []
    for name in names:
        variable, labelled = answers.variable(name), answers.labelled(name)
        codes = {*answers.column(name).dropna().unique(), *variable.labels}
        found.append(
            Column(
                name=name,
                codes=tuple(sorted(codes, key=lambda c: (isinstance(c, str), c))),
                labels=tuple(str(c) for c in labelled.categories),
                missing=tuple(m.code for m in variable.missing),
            )
        )
    return tuple(found)
