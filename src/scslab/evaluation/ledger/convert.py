"""From what a file says to what is measured: every variable, code and model is known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, Place
from scslab.evaluation.ledger.model import CoefficientSpec, Domain, MeasureSpec, Scalar
from scslab.evaluation.ledger.records import (
    Change,
    Coefficient,
    Coefficients,
    Distribution,
    Mean,
    Measure,
    Rate,
    Share,
    Where,
)
from scslab.survey.answers import REASONS, Code, Variable, plain

MEASURES = ("share", "mean", "coefficient", "rate", "change", "distribution")
LOG_ODDS = ("ordinal", "logit")
NAME = re.compile(r"`([^`]+)`|([^\W\d][\w.]*)(?!\w*\s*\()")

Variables = Mapping[str, Variable]


@dataclass(frozen=True)
class KnownModel:
    """What the ledger knows of a model before it is fitted."""

    kind: str
    outcome: str
    predictors: tuple[str, ...]

    def has(self, name: str) -> bool:
        """Whether a coefficient can be of this model: "sex" or "sexmale" where sex is in it."""
        return any(
            name == p or (name.startswith(p) and name[len(p)] != "_") for p in self.predictors
        )


Models = Mapping[str, KnownModel]


def known_model(kind: str, formula: str) -> KnownModel:
    """A model by its kind and R formula.

    Examples
    --------
    >>> known_model("ordinal", "approval ~ age + factor(region)")
    KnownModel(kind='ordinal', outcome='approval', predictors=('age', 'region'))
    """
    outcome, _, rest = formula.partition("~")
    names = [a or b for a, b in NAME.findall(rest)]
    found = [a or b for a, b in NAME.findall(outcome)]
    return KnownModel(kind, found[-1] if found else outcome.strip(), tuple(dict.fromkeys(names)))


def known_variable(name: str, variables: Variables, where: str = "") -> Variable:
    """A variable of the answers or of the analysis.

    Raises
    ------
    ScslabError
        There is none of that name.
    """
    if name not in variables:
        raise ScslabError(f'no variable "{name}"', where=where, hint=near(name, variables))
    return variables[name]


def codes_of(variable: Variable, listed: Sequence[Scalar], where: str = "") -> tuple[Code, ...]:
    """Codes of a variable, by code or label, sorted; a reason of missing answers stays a word.

    Raises
    ------
    ScslabError
        The variable has labels, and none of them is meant.

    Examples
    --------
    >>> sex = Variable("sex", labels={0.0: "female", 1.0: "male"})
    >>> codes_of(sex, ["Male", 0])
    (0.0, 1.0)
    """
    labels = {str(label).lower(): code for code, label in variable.labels.items()}
    reasons = {m.reason for m in variable.missing}
    found: set[Code] = set()
    for one in listed:
        if isinstance(one, str) and one.lower() in labels:
            found.add(as_code(labels[one.lower()]))
        elif isinstance(one, str) and one in REASONS and one in reasons:
            found.add(one)
        elif variable.labels and as_code(one) not in {as_code(c) for c in variable.labels}:
            raise ScslabError(
                f'"{variable.name}" has no answer "{one}"',
                where=where,
                expected=", ".join(f"{plain(c)} {s}" for c, s in variable.labels.items()),
                hint=near(str(one), [*variable.labels.values()]) if isinstance(one, str) else "",
            )
        elif isinstance(one, str) and variable.kind == "number":
            raise ScslabError(
                f'"{variable.name}" is of numbers without labels', where=where, got=one
            )
        else:
            found.add(as_code(one))
    return tuple(sorted(found, key=lambda c: (isinstance(c, str), c)))


def as_code(value: Code) -> Code:
    """A number as float, so that 1 and 1.0 are one code."""
    return value if isinstance(value, str) else float(value)


def where_of(
    domain: Domain, variables: Variables, document: Document | None = None, place: Place = ()
) -> Where:
    """A domain of a file with its codes.

    Raises
    ------
    ScslabError
        An unknown variable or code.
    """
    found = []
    for name, listed in domain.items():
        where = document.where((*place, name)) if document is not None else ""
        found.append((name, codes_of(known_variable(name, variables, where), listed, where)))
    return tuple(sorted(found))


def measure_of(
    spec: MeasureSpec,
    variables: Variables,
    models: Models,
    document: Document | None = None,
    place: Place = (),
) -> Measure:
    """What a file's measure stands for; also for rows of a paper's tables.

    Raises
    ------
    ScslabError
        An unknown variable, code, model or coefficient, with the line.
    """

    def at(*more: str | int) -> str:
        return document.where((*place, *more)) if document is not None else ""

    if spec.share is not None:
        return Share(where_of(spec.share, variables, document, (*place, "share")), spec.base)
    if spec.mean is not None:
        return Mean(of_numbers(spec.mean, variables, at("mean")))
    if spec.rate is not None:
        return Rate(spec.rate)
    if spec.change is not None:
        start = where_of(spec.change.from_, variables, document, (*place, "change", "from"))
        end = where_of(spec.change.to, variables, document, (*place, "change", "to"))
        mean = of_numbers(spec.change.mean, variables, at("change", "mean"))
        return Change(mean, start, end, spec.change.relative)
    if spec.distribution is not None:
        ((name, parts),) = spec.distribution.items()
        variable = known_variable(name, variables, at("distribution", name))
        return Distribution(
            name,
            tuple(codes_of(variable, p, at("distribution", name, i)) for i, p in enumerate(parts)),
        )
    assert spec.coefficient is not None
    return coefficients_of(spec.coefficient, models, document, (*place, "coefficient"))


def of_numbers(name: str, variables: Variables, where: str) -> str:
    """The name of a variable that can have a mean.

    Raises
    ------
    ScslabError
        It is unknown, or holds text.
    """
    variable = known_variable(name, variables, where)
    if variable.kind != "number":
        raise ScslabError(f'"{name}" is {variable.kind} and has no mean', where=where)
    return name


def coefficients_of(
    spec: CoefficientSpec, models: Models, document: Document | None, place: Place
) -> Coefficients:
    """The coefficients that a file names.

    Raises
    ------
    ScslabError
        An unknown model, or one without such a predictor.
    """
    one = Coefficient(spec.model or "", spec.name or "", spec.turned)
    many = [Coefficient(c.model, c.name, c.turned) for c in spec.all_of]
    for i, wanted in enumerate(many or [one]):
        here = (*place, "all_of", i) if many else place
        model_of(wanted, models, document.where(here) if document is not None else "")
    return Coefficients(tuple(many or [one]))


def model_of(wanted: Coefficient, models: Models, where: str = "") -> KnownModel:
    """The model of a coefficient.

    Raises
    ------
    ScslabError
        There is no such model, or it has no such predictor.
    """
    if wanted.model not in models:
        raise ScslabError(
            f'no model "{wanted.model}" in the analysis',
            where=where,
            hint=near(wanted.model, models),
        )
    model = models[wanted.model]
    if not model.has(wanted.name):
        raise ScslabError(
            f'model "{wanted.model}" has no predictor "{wanted.name}"',
            where=where,
            hint=near(wanted.name, model.predictors),
        )
    return model
