"""What a list regression is fitted to, and the parts of its model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from scslab.analysis.formula.matrix import model_frame
from scslab.analysis.indirect import list_likelihood as ll
from scslab.analysis.indirect.common import missing_note, two_arms
from scslab.analysis.indirect.list_data import read_lists
from scslab.analysis.indirect.list_fit import ControlModel, Ends, ListFit
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.survey.answers import Code

Method = Literal["ml", "nls", "linear"]
PARTS = {
    ll.SENSITIVE: "Sensitive item",
    ll.CONTROL: "Control items",
    ll.CONTROL_YES: "Control items, sensitive item yes",
    ll.CEILING: "Hiding at the ceiling",
    ll.FLOOR: "Hiding at the floor",
}
METHODS = {
    "ml": "Maximum likelihood of the item count (Imai 2011; Blair and Imai 2012): logit of the "
    "sensitive item, binomial control items",
    "nls": "Two-step nonlinear least squares (Imai 2011): logistic sensitive and control items",
    "linear": "Linear regression of the count with all covariates times treatment (Imai 2011)",
}


@dataclass(frozen=True)
class Ready:
    """What a fit needs, of the rows used; `rows` bool[n] says which they are."""

    y: np.ndarray
    treated: np.ndarray
    X: np.ndarray
    names: tuple[str, ...]
    E: np.ndarray
    end_names: tuple[str, ...]
    rows: np.ndarray
    items: int
    notes: tuple[str, ...]


def check_choices(method: str, control_model: str, ends: str) -> None:
    """Choices that exist and go together.

    Raises
    ------
    ScslabError
        They do not.
    """
    for name, got, known in (
        ("method", method, get_args(Method)),
        ("control_model", control_model, get_args(ControlModel)),
        ("ends", ends, get_args(Ends)),
    ):
        if got not in known:
            raise ScslabError(
                f'no {name} "{got}"', where=name, expected="one of " + ", ".join(known)
            )
    if method != "ml" and (control_model != "same" or ends != "none"):
        raise ScslabError(
            f'method "{method}" has no model of hiding or of separate control items',
            where="method",
            hint='method: "ml"',
        )
    if ends != "none" and control_model != "same":
        raise ScslabError(
            "floor and ceiling models need the same control model for everybody",
            where="control_model",
            got=control_model,
            hint='control_model: "same"',
        )


def read(
    sample: Sample,
    count: str,
    treatment: str,
    items: int,
    covariates: str,
    end_covariates: str,
    control: Code | None,
) -> Ready:
    """Counts, groups and covariates of those who answered everything."""
    lists = read_lists(sample, count, treatment, items, control)
    two_arms(lists.arms, treatment)
    answered = sample.within(lists.used)
    main = model_frame(covariates, answered, outcome="none", intercept=True)
    ending = model_frame(end_covariates, sample.within(main.rows), outcome="none", intercept=True)
    rows = ending.rows
    X = main.X[rows[main.rows]]
    lost = {f"{name}": number for name, number in {**main.dropped_by, **ending.dropped_by}.items()}
    return Ready(
        y=lists.counts[rows],
        treated=lists.arms.codes[rows] > 0,
        X=X,
        names=main.names,
        E=ending.X,
        end_names=ending.names,
        rows=rows,
        items=items,
        notes=(*lists.notes, *missing_note(lost), *main.notes),
    )


def parts_of(
    ready: Ready, model: ll.ListModel | None, k: int
) -> list[tuple[str, slice, tuple[str, ...], np.ndarray]]:
    """Parts of the model: title, place of its parameters, their names, and its matrix."""
    found = [
        (PARTS[ll.SENSITIVE], slice(0, k), ready.names, ready.X),
        (PARTS[ll.CONTROL], slice(k, 2 * k), ready.names, ready.X),
    ]
    if model is None:
        return found
    for predictor in model.predictors[2:]:
        title = PARTS[predictor.kind]
        if predictor.kind == ll.CONTROL_YES:
            if predictor.place.start == k and predictor.place.stop > 2 * k:
                shift = slice(2 * k, 2 * k + 1)
                found.append((title, shift, ("(shift)",), np.ones((len(ready.X), 1))))
            elif predictor.place.start > k:
                found.append((title, predictor.place, ready.names, ready.X))
        else:
            found.append((title, predictor.place, ready.end_names, ready.E))
    return found


def check_finite(ready: Ready, model: ll.ListModel | None, method: Method, fit: ListFit) -> None:
    """No coefficient runs away.

    Raises
    ------
    ScslabError
        One does.
    """
    if method == "linear":
        return
    k = len(ready.names)
    for part, place, names, matrix in parts_of(ready, model, k):
        size = np.abs(fit.parameters[place])[: len(names)] * np.maximum(matrix.std(axis=0), 0.1)
        if size.max() > 15:
            raise ScslabError(
                "the list regression has no finite best fit",
                where=f"{part.lower()}: {names[int(size.argmax())]}",
                got=f"a coefficient of {fit.parameters[place][int(size.argmax())]:.1f}",
                why="the share is 0 or 1 for some values of a covariate",
                hint="leave out this covariate or join its categories",
            )
