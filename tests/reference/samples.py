"""The samples that the reference values were computed on, in our terms."""

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from reference.values import data, load
from scslab.analysis.design import Replicates, make_design
from scslab.analysis.sample import Sample
from scslab.survey.answers import Answers, Variable


def answers_of(frame: pd.DataFrame, source: str = "R") -> Answers:
    """R's frame as answers: factors become numbered codes with labels."""
    columns, variables = {}, {}
    for name, column in frame.items():
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes = column.cat.codes.to_numpy().astype(float) + 1
            columns[name] = np.where(codes > 0, codes, np.nan)
            labels = {float(k): str(c) for k, c in enumerate(column.cat.categories, 1)}
            variables[name] = Variable(name, measure="nominal", labels=labels)
        elif pd.api.types.is_numeric_dtype(column):
            columns[name] = column.to_numpy()
            variables[name] = Variable(name)
        else:
            columns[name] = column.to_numpy(dtype=object)
            variables[name] = Variable(name, kind="text")
    return Answers(pd.DataFrame(columns), variables, source=source)


def chosen(frame: pd.DataFrame, condition: dict[str, Any]) -> np.ndarray:
    """Rows that satisfy a condition of the records."""
    column = frame[condition["column"]]
    if "values" in condition:
        words = column.map(lambda x: f"{x:g}" if isinstance(x, (int, float)) else x)
        wanted = condition["values"]
        return words.isin([wanted] if isinstance(wanted, str) else wanted).to_numpy()
    found = column.notna().to_numpy(copy=True)
    if "min" in condition:
        found &= (column >= condition["min"]).to_numpy()
    if "max" in condition:
        found &= (column <= condition["max"]).to_numpy()
    return found


def listed(names: str | list[str] | None) -> list[str]:
    """Names as a list."""
    return [] if not names else [names] if isinstance(names, str) else names


def sample_of(record: dict[str, Any]) -> Sample:
    """The sample that a record's numbers are of, its domain taken."""
    return made_of(json.dumps(record["design"]))


@cache
def made_of(text: str) -> Sample:
    """The sample of a design that is told in JSON."""
    told = json.loads(text)
    frame = data(told["data"])
    if told.get("filter"):
        frame = frame[chosen(frame, told["filter"])].reset_index(drop=True)
    design = make_design(
        frame[told["weights"]].to_numpy() if told.get("weights") else None,
        strata=[frame[name].to_numpy() for name in listed(told.get("strata"))],
        clusters=[frame[name].to_numpy() for name in listed(told.get("ids"))],
        fpc=[frame[name].to_numpy() for name in listed(told.get("fpc"))],
        n=len(frame),
        nest=bool(told.get("nest")),
        lonely=told.get("lonely", "fail"),
    )
    sample = Sample(answers_of(frame, told["data"]), design)
    if told.get("domain"):
        sample = sample.within(chosen(frame, told["domain"]))
    return sample


@cache
def replicated(name: str) -> Sample:
    """A replicate design of the reference values: jackknives made here, others read."""
    told = load("replicates")[f"{name}/design"]
    plain, values = sample_of({"design": told["design"] | {"domain": None}}), told["values"]
    how = told["design"]["replicate"]
    stage = plain.design.stages[0]
    if how.get("file"):
        frame, factors = data(told["design"]["data"]), data(how["file"])
        if "half" in factors:
            frame = frame[["stratum", "half"]].merge(factors, on=["stratum", "half"], how="left")
            factors = frame[[c for c in frame if c.startswith("r") and c[1:].isdigit()]]
        weights = factors.to_numpy(dtype=float) * plain.design.weights[:, None]
        rscales = np.asarray(values["rscales"], dtype=float)
    else:
        clusters = len(stage.stratum)
        out = stage.cluster[:, None] == np.arange(clusters)
        same = stage.stratum[stage.cluster][:, None] == stage.stratum
        n = stage.sampled[stage.stratum]
        weights = plain.design.weights[:, None] * np.where(
            out, 0.0, np.where(same, n / (n - 1), 1.0)
        )
        left = 1 - stage.sampled / stage.population
        rscales = ((stage.sampled - 1) / stage.sampled * left)[stage.stratum]
        if how["type"] == "JK1":
            rscales = np.ones(clusters)
    rscales = np.broadcast_to(rscales, weights.shape[1])
    made = Replicates(weights, float(values["scale"]), rscales, bool(values["mse"]), how["type"])
    return Sample(plain.answers, replace(plain.design, replicates=made))


def with_yes(sample: Sample, expression: str) -> tuple[Sample, str]:
    """A variable that is 1 where R's I(name == word) or I(name > number) holds, and its name."""
    told = re.fullmatch(r'I\(([\w.]+) (==|>) "?(.*?)"?\)', expression)
    if told is None:
        return sample, expression
    name, sign, word = told.groups()
    if sign == ">":
        yes = sample.number(name) > float(word)
    else:
        yes = np.asarray(sample.categories(name).astype(str)) == word
    column = (Variable("yes"), pd.Series(yes.astype(int)))
    return replace(sample, answers=sample.answers.with_columns({"yes": column})), "yes"
