"""A small made survey with something for every part of a plan."""

from pathlib import Path

import numpy as np
import pandas as pd

DESIGN = """\
design: design/1
weight: w
strata: [region]
clusters: [city]
nest: true
source: a made survey
population: nobody
missing: {trust: {9: dk}}
sample: non-probability
weighting:
  - method: rake
    to: {sex: {female: 0.5, male: 0.5}, region: {East: 0.4, West: 0.6}}
    cap: 2.5
"""

ANALYSIS = """\
analysis: analysis/1
title: Everything at once
define:
  - {name: old, from: age, cut: [18, 40, 90], labels: {1: younger, 2: older}, label: Age in two}
  - {name: index, mean_of: [q1, q2, q3], at_least: 2, label: Index of items}
  - {name: eldest, from: age, cut: [18, 78, 90], labels: {1: others, 2: eldest}, label: Eldest}
screen:
  seconds: seconds
  items: [q1, q2, q3]
  grids: [{items: [q1, q2, q3]}]
estimates:
  - {id: approval, statistic: share, of: [approval], by: [sex], compare: true}
  - {id: mean-age, statistic: mean, of: [age, index], by: [old]}
  - {id: age-quartiles, statistic: quantile, of: [age]}
  - {id: ratio, statistic: ratio, of: [q1], per: [q2]}
  - {id: related, statistic: correlation, of: [q1, q2]}
  - {id: women, statistic: share, of: [trust], where: {sex: [female]}, missing: show}
  - {id: few, statistic: share, of: [approval], by: [eldest]}
crosstabs:
  - {id: cross, rows: sex, columns: approval}
models:
  - {id: small, kind: ordinal, formula: approval ~ sex}
  - {id: large, kind: ordinal, formula: approval ~ sex + age + old, treat: {old: categories},
     parallel: true, free: [age], effects: [sex, age]}
  - {id: line, kind: linear, formula: age ~ sex + index}
  - {id: yes, kind: logit, formula: treated ~ age}
  - {id: many, kind: multinomial, formula: factor(trust) ~ age + sex}
model_tables:
  - {id: both, models: [small, large], nested: true}
hypotheses:
  - {id: H1, says: The older approve more, model: large, coefficient: oldolder, expected: "+"}
likert:
  - {id: bars, title: Approval, items: [approval], by: sex, neutral: neither}
  - {id: few-bars, title: Approval of the eldest, items: [approval], by: eldest}
list_experiments:
  - {id: list, count: named, treatment: treated, items: 3, direct: asked, predictors: ~ age}
randomised_responses:
  - {id: hidden, answer: hidden, device: mirrored, p: 0.7}
endorsements:
  - {id: endorsed, items: [q1, q2], treatment: treated}
files: [csv, tex, html, docx, xlsx]
figures: [svg]
"""


def frame(n: int = 600) -> pd.DataFrame:
    """Answers of n respondents; the same every time."""
    rng = np.random.default_rng(7)
    sex = rng.choice(["female", "male"], n)
    age = rng.integers(18, 80, n)
    latent = 0.03 * age + 0.4 * (sex == "male") + rng.logistic(size=n)
    words = np.array(["disapprove", "neither", "approve"])
    treated = rng.integers(0, 2, n)
    base = rng.normal(size=n)
    items = [np.clip(np.round(3 + base + rng.normal(size=n)), 1, 5) for _ in range(3)]
    sensitive = rng.random(n) < 0.4
    return pd.DataFrame(
        {
            "w": rng.uniform(0.5, 1.5, n).round(3),
            "region": rng.choice(["East", "West"], n),
            "city": rng.integers(1, 25, n),
            "sex": sex,
            "age": age,
            "approval": np.digitize(latent, [0.8, 2.0]) + 1,
            "trust": rng.choice([1, 2, 3, 4, 9], n),
            **{f"q{k}": item.astype(int) for k, item in enumerate(items, 1)},
            "seconds": rng.integers(200, 900, n),
            "treated": treated,
            "named": rng.binomial(3, 0.5, n) + (treated & sensitive),
            "asked": (sensitive & (rng.random(n) < 0.6)).astype(int),
            "hidden": np.where(rng.random(n) < 0.7, sensitive, ~sensitive).astype(int),
            "words": words[0],
        }
    )


CODEBOOK = """\
variable,label,value,value_label,measure
approval,Approval,1,disapprove,ordinal
approval,Approval,2,neither,ordinal
approval,Approval,3,approve,ordinal
"""


def write(folder: Path, design: str = DESIGN, analysis: str = ANALYSIS) -> tuple[Path, Path, Path]:
    """The survey, its design and its analysis as files."""
    data = folder / "survey.csv"
    frame().drop(columns="words").to_csv(data, index=False)
    (folder / "survey.codebook.csv").write_text(CODEBOOK, encoding="utf-8")
    (folder / "design.yaml").write_text(design, encoding="utf-8")
    (folder / "analysis.yaml").write_text(analysis, encoding="utf-8")
    return data, folder / "design.yaml", folder / "analysis.yaml"
