"""What is put in comes out: models of the analysis find the effects of the wave."""

import numpy as np
import pandas as pd
from small_attitudes import SEED, make_wave, number, ordered, people

from scslab.analysis.design import make_design
from scslab.analysis.models.logit import fit_logit
from scslab.analysis.models.multinomial import fit_multinomial
from scslab.analysis.models.ordinal import fit_ordinal
from scslab.analysis.sample import Sample
from scslab.survey.answers import Answers, Variable
from scslab.world.attitudes.truth import traits, truths

N = 20_000


def sample_of(frame):
    answers = Answers(frame, {c: Variable(c) for c in frame}, source="made")
    return Sample(answers, make_design(np.ones(len(frame))))


def near(fitted, wanted, thresholds=()):
    errors = np.sqrt(np.diag(fitted.covariance))
    found = np.concatenate([fitted.coefficients, fitted.thresholds])
    names = [*fitted.names, *fitted.threshold_names]
    assert len(found) == len(wanted) + len(thresholds), names
    for name, value, error, true in zip(names, found, errors, [*wanted, *thresholds], strict=True):
        assert abs(value - true) < 3 * error, (name, value, true, error)
        assert error < 0.2, (name, error)


def test_ordered_logit_finds_effects_and_cuts():
    wave = make_wave(
        ordered("confidence", [-2.0, 0.0, 2.0], {"trust": 0.9}),
        ordered(
            "approval",
            [-2.5, -1.0, 0.5, 2.5],
            {"confidence": 0.6, "sex=male": -0.4, "age=66+": 0.8, "open": 0.5},
        ),
    )
    who = people(N)
    frame = pd.DataFrame(truths(wave, who, SEED))
    frame["open"] = traits(wave, who, SEED)["open"]
    frame["male"], frame["old"] = who.codes["sex"] == 1, who.codes["age"] == 2
    frame = frame.astype(float)
    model = fit_ordinal(sample_of(frame), "approval ~ confidence + male + old + open")
    near(model.fitted, [0.6, -0.4, 0.8, 0.5], [-2.5, -1.0, 0.5, 2.5])


def test_multinomial_and_logit_find_effects():
    options = {
        "a": {"code": 1, "base": number(0.0)},
        "b": {"code": 2, "base": number(-0.5), "effects": {"trust": number(0.7)}},
        "c": {"code": 3, "base": number(0.8), "effects": {"trust": number(-0.3)}},
    }
    wave = make_wave({"name": "x", "kind": "one_of", "options": options})
    who = people(N)
    frame = pd.DataFrame(truths(wave, who, SEED))
    frame["trust"] = traits(wave, who, SEED)["trust"]
    near(fit_multinomial(sample_of(frame), "x ~ trust").fitted, [-0.5, 0.7, 0.8, -0.3])
    two = frame[frame.x != 3].assign(x=lambda f: f.x - 1).reset_index(drop=True)
    near(fit_logit(sample_of(two), "x ~ trust").fitted, [-0.5, 0.7])
