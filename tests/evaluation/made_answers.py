"""Invented answers with the columns of the two instruments, so that plans and papers can run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from scslab.survey.answers import Answers, Variable
from scslab.survey.instrument.columns import codebook
from scslab.survey.instrument.load import read_instrument

Luck = np.random.Generator
CODES = {"refused": -2, "not asked": -3, "no answer": -4}
PARADATA = {
    "seconds": Variable("seconds", measure="scale"),
    "device": Variable("device", measure="nominal", labels={0: "desktop", 1: "mobile"}),
    "day": Variable("day", measure="scale"),
    "pilot": Variable("pilot", "lives in a pilot locality", labels={0: "no", 1: "yes"}),
}


def steps(latent: np.ndarray, shares: Iterable[float]) -> np.ndarray:
    """Codes 1, 2, ... whose shares are about these."""
    cuts = np.quantile(latent, np.cumsum(list(shares))[:-1])
    return np.searchsorted(cuts, latent) + 1.0


def ticks(luck: Luck, n: int, shares: Mapping[str, float], name: str) -> dict[str, np.ndarray]:
    """Boxes, each ticked by itself."""
    return {f"{name}_{key}": (luck.random(n) < p) * 1.0 for key, p in shares.items()}


def kostka(n: int = 1500) -> Answers:
    """Answers of the instrument kostka-2018; opinions hang on a trait, Party and confidence."""
    luck = np.random.default_rng(2018)
    f: dict[str, np.ndarray] = {}
    band = luck.choice(3, n, p=[0.56, 0.40, 0.04])
    low, high = np.array([14, 31, 51]), np.array([30, 50, 65])
    f["age"] = luck.integers(low[band], high[band] + 1) * 1.0
    f["sex"] = (luck.random(n) < 0.58) * 1.0
    f["province"] = luck.integers(1, 32, n) * 1.0
    f["residence"] = (luck.random(n) < 0.84) * 1.0
    f["income"] = steps(luck.random(n), [0.34, 0.5, 0.16])
    f["education"] = np.where(f["age"] < 18, 2.0, steps(luck.random(n), [0.02, 0.12, 0.13, 0.73]))
    f["employment"] = luck.integers(1, 6, n) * 1.0
    faith = luck.normal(size=n)
    f["smartphone"] = luck.integers(2, 7, n) * 1.0
    f["posting"] = luck.integers(1, 7, n) * 1.0
    f["information"] = (luck.random(n) < 0.4) * 1.0
    f["party"] = ((f["age"] >= 18) & (luck.random(n) < 0.15)) * 1.0
    for name, weights in (
        ("confidence", [0.03, 0.12, 0.5, 0.35]), ("honest", [0.03, 0.07, 0.2, 0.45, 0.25]),
        ("quality_of_life", [0.06, 0.14, 0.3, 0.35, 0.15]), ("regulation", [0.05, 0.2, 0.4, 0.35]),
    ):  # fmt: skip
        f[name] = steps(faith + luck.normal(size=n), weights)
    f["manager"] = luck.choice(6, n, p=[0.59, 0.09, 0.17, 0.06, 0.04, 0.05]) + 1.0
    f["mistrust"] = (luck.random(n) < 0.76) * 1.0
    f |= ticks(
        luck, n, {"central": 0.77, "provincial": 0.48, "municipal": 0.42, "state_owned": 0.24,
        "foreign": 0.13, "private": 0.08}, "responsible",
    )  # fmt: skip
    f |= systems(luck, n, faith)
    latent = 1.2 * faith + 0.5 * f["party"] + 0.6 * f["residence"] + luck.logistic(size=n)
    f["approval"] = steps(latent, [0.003, 0.007, 0.19, 0.31, 0.49])
    f["list_group"] = luck.integers(0, 2, n) * 1.0
    doubts = (f["approval"] <= 3) & (f["list_group"] == 1)
    f["list_count"] = sum((luck.random(n) < p) * 1.0 for p in (0.7, 0.45, 0.2)) + doubts
    f["income"] = np.where(luck.random(n) < 0.09, np.nan, f["income"])
    f["pilot"] = (luck.random(n) < 0.43) * 1.0
    return answers("kostka-2018", f, luck, {"income": "refused"})


def systems(luck: Luck, n: int, faith: np.ndarray) -> dict[str, np.ndarray]:
    """Who uses what, and what only users are asked."""
    f = ticks(luck, n, {"sesame": 0.58, "tencent": 0.31, "other": 0.3, "local": 0.07}, "systems")
    nothing = sum(f.values()) == 0
    f["systems_none"] = (nothing & (luck.random(n) < 0.8)) * 1.0
    f["systems_unknown"] = (nothing & (f["systems_none"] == 0)) * 1.0
    user = (f["systems_sesame"] + f["systems_tencent"] + f["systems_other"]) > 0
    asked: dict[str, np.ndarray] = {
        "relative_score": steps(luck.normal(size=n), [0.02, 0.08, 0.25, 0.6, 0.05]),
        "knowledge": steps(faith + luck.normal(size=n), [0.35, 0.5, 0.15]),
        "fairness": steps(faith + luck.normal(size=n), [0.03, 0.17, 0.6, 0.2]),
    }
    reasons = ("convenience", "benefits", "curiosity", "friends", "safety", "automatic",
        "other_reason")  # fmt: skip
    asked |= ticks(luck, n, dict.fromkeys(reasons, 0.3), "joining")
    good = {"credit_easy": 0.35, "loan_lower": 0.15, "savings_higher": 0.1, "visa_fast": 0.06}
    good |= {"share_free": 0.39, "travel_fast": 0.2, "dating_good": 0.05}
    bad = {"credit_hard": 0.03, "loan_higher": 0.02, "savings_lower": 0.01, "visa_hard": 0.01}
    bad |= {"share_deposit": 0.05, "travel_barred": 0.02, "dating_bad": 0.01, "no_effect": 0.0}
    asked |= ticks(luck, n, good | bad, "effects")
    f |= {name: np.where(user, values, np.nan) for name, values in asked.items()}
    for name, low, high in (("sesame", 350, 950), ("tencent", 0, 850)):
        told = (f[f"systems_{name}"] == 1) & (luck.random(n) < 0.8)
        f[f"score_{name}"] = np.where(told, luck.integers(low, high + 1, n), np.nan)
    return f


def liu(n: int = 900) -> Answers:
    """Answers of the instrument liu-2020; the items hang on one trait and on trust."""
    luck = np.random.default_rng(2020)
    f: dict[str, np.ndarray] = {"age": luck.integers(18, 66, n) * 1.0}
    wish = luck.normal(size=n)
    for name in ("sex", "hukou", "party", "state_job", "state_relatives", "commercial",
        "media_official", "media_liberal", "media_foreign"):  # fmt: skip
        f[name] = (luck.random(n) < 0.4) * 1.0
    f["income"] = np.where(luck.random(n) < 0.05, np.nan, luck.integers(1, 6, n))
    f["education"] = steps(luck.random(n), [0.02, 0.1, 0.2, 0.68])
    for name in ("trust_system", "trust_central", "trust_local"):
        f[name] = steps(0.6 * wish + luck.normal(size=n), [0.03, 0.07, 0.3, 0.4, 0.2])
    items = [
        name
        for name in codebook(read_instrument("liu-2020").instrument)
        if name.startswith(("surveil_", "punish_"))
    ]
    for k, name in enumerate(items):
        base = 0.5 * f["trust_central"] + wish - 0.05 * k + luck.normal(size=n)
        f[name] = steps(base, [0.04, 0.08, 0.2, 0.38, 0.3])
    f |= ticks(luck, n, {"discipline": 0.5, "loopholes": 0.4, "other_for": 0.05}, "reasons_for")
    f |= ticks(
        luck, n, {"unclear": 0.4, "freedom": 0.3, "abuse": 0.4, "privacy": 0.5, "technical": 0.2,
        "other_against": 0.05}, "reasons_against",
    )  # fmt: skip
    return answers("liu-2020", f, luck, {"income": "refused"})


def answers(
    instrument: str, f: dict[str, np.ndarray], luck: Luck, why: Mapping[str, str]
) -> Answers:
    """The columns with the instrument's dictionary; marks say why an answer is missing."""
    n = len(f["age"])
    f["seconds"] = np.round(luck.lognormal(np.log(480), 0.3, n))
    f["seconds"][:40] = 60.0  # in a hurry
    f["device"] = (luck.random(n) < 0.7) * 1.0
    f["day"] = luck.integers(0, 60, n) * 1.0
    book = codebook(read_instrument(instrument).instrument)
    beside = {name: one for name, one in PARADATA.items() if name in f}
    frame = pd.DataFrame({name: np.asarray(f[name], dtype=float) for name in [*book, *beside]})
    marks = {}
    for name, variable in book.items():
        gone = frame[name].isna().to_numpy()
        if gone.any():
            code = CODES[why.get(name, "not asked")]
            place = [one.code for one in variable.missing].index(code) + 1
            marks[name] = np.where(gone, place, 0).astype(np.int16)
    return Answers(frame, {**book, **beside}, marks, source="Invented answers", synthetic=True)
