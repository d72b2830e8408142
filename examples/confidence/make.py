"""Make `confidence.sav`: a made-up opinion survey with the faults of a real one.

Nobody was asked. The luck is fixed, so that another run gives the same answers:

    python examples/confidence/make.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from scslab.survey.answers import Answers, MissingCode, Variable
from scslab.survey.file.settle import settle
from scslab.survey.file.write import write_answers

Luck = np.random.Generator  # noqa: TID251 - luck of a made file, fixed in `drawn`
N, CARELESS = 1200, 60
MISSING = (MissingCode(98, "不知道 don't know", "dk"), MissingCode(99, "拒答 refused", "refused"))
CONFIDENCE = {
    1: "完全没有 none",
    2: "不太多 little",
    3: "比较多 quite a lot",
    4: "非常多 a great deal",
}
AGREE = {
    1: "非常不同意 strongly disagree",
    2: "不同意 disagree",
    3: "一般 neither",
    4: "同意 agree",
    5: "非常同意 strongly agree",
}
ITEMS = {
    "central": ("中央政府 Central government", 1.3),
    "local": ("地方政府 Local government", 0.2),
    "courts": ("法院 Courts", 0.6),
    "police": ("公安 Police", 0.5),
    "firms": ("大企业 Large companies", -0.3),
}


def drawn() -> pd.DataFrame:
    """The respondents and what they say, codes as a questionnaire has them."""
    luck = np.random.default_rng(20180)  # noqa: TID251 - as above
    f = pd.DataFrame({"respondent": np.arange(1, N + 1)})
    # Younger, more female and more eastern than the population: what the weights are for.
    bands = luck.choice([0, 1, 2], N, p=[0.62, 0.36, 0.02])
    low, high = np.array([14, 31, 51]), np.array([30, 50, 65])
    f["years"] = luck.integers(low[bands], high[bands] + 1)
    f["sex"] = luck.choice([1, 2], N, p=[0.49, 0.51])
    f["region"] = luck.choice([1, 2, 3], N, p=[0.53, 0.31, 0.16])
    f["education"] = luck.choice([1, 2, 3], N, p=[0.3, 0.4, 0.3])
    f["seconds"] = np.round(luck.lognormal(np.log(540), 0.35, N))
    faith = 0.02 * (f.years - 30) + 0.2 * (f.sex == 1) + luck.normal(0, 1, N)
    for name, (_, ease) in ITEMS.items():
        f[name] = steps(faith + ease + luck.logistic(0, 0.7, N), [-1.5, -0.2, 1.4])
    liking = 0.6 * faith - 0.35 * (f.education == 3) + 0.015 * (f.years - 30)
    f["approval"] = steps(liking + luck.logistic(0, 1, N), [-3.2, -1.9, -0.3, 1.6])
    add_list(f, faith.to_numpy(), luck)
    add_faults(f, luck)
    return f


def steps(latent: pd.Series, cuts: list[float]) -> np.ndarray:
    """Codes 1, 2, ... of a latent opinion."""
    return np.searchsorted(cuts, latent.to_numpy()) + 1


def add_list(f: pd.DataFrame, faith: np.ndarray, luck: Luck) -> None:
    """A list experiment of four items and a sensitive one, and the direct question.

    The sensitive item holds for those of little faith; asked directly, two in three say no.
    """
    holds = faith + luck.logistic(0, 0.5, N) < -0.2
    f["list_group"] = luck.choice([0, 1], N)
    control = sum(luck.random(N) < p for p in (0.75, 0.5, 0.5, 0.2))
    f["list_count"] = control + (f.list_group == 1) * holds
    f["direct"] = (holds & (luck.random(N) < 1 / 3)).astype(int)


def add_faults(f: pd.DataFrame, luck: Luck) -> None:
    """Careless respondents, and answers that are missing for a reason."""
    careless = luck.choice(N, CARELESS, replace=False)
    f.loc[careless, "seconds"] = luck.integers(45, 150, CARELESS)
    same = luck.integers(1, 5, CARELESS)
    for name in ITEMS:
        f.loc[careless, name] = same
    for name in (*ITEMS, "approval", "direct"):
        draw = luck.random(N)
        f.loc[draw < 0.03, name] = 98
        f.loc[(draw >= 0.03) & (draw < 0.045), name] = 99


def dictionary() -> dict[str, Variable]:
    """What the file says about its columns."""
    items = {
        name: Variable(name, label, measure="ordinal", labels=CONFIDENCE, missing=MISSING)
        for name, (label, _) in ITEMS.items()
    }
    return {
        "respondent": Variable("respondent", "编号 Number of the respondent", measure="nominal"),
        "years": Variable("years", "年龄 Age in years", measure="scale"),
        "sex": Variable("sex", "性别 Sex", measure="nominal", labels={1: "female", 2: "male"}),
        "region": Variable(
            "region", "地区 Region", measure="nominal", labels={1: "East", 2: "Central", 3: "West"}
        ),
        "education": Variable(
            "education",
            "教育 Education",
            measure="ordinal",
            labels={1: "初中 middle school", 2: "高中 high school", 3: "大学 university"},
        ),
        "seconds": Variable("seconds", "用时 Length of the interview (s)", measure="scale"),
        **items,
        "approval": Variable(
            "approval",
            "赞成社会信用体系 Approves of social credit systems",
            measure="ordinal",
            labels=AGREE,
            missing=MISSING,
        ),
        "list_group": Variable(
            "list_group", "列表组 List", measure="nominal", labels={0: "4 items", 1: "5 items"}
        ),
        "list_count": Variable("list_count", "列表计数 Items that hold", measure="scale"),
        "direct": Variable(
            "direct",
            "已对地方政府失去信心 Has lost confidence in the local government",
            measure="nominal",
            labels={0: "否 no", 1: "是 yes"},
            missing=MISSING,
        ),
    }


def make(folder: Path) -> None:
    """Write the file, with its dictionary where SPSS has no room for it."""
    frame, variables = drawn(), dictionary()
    answers = Answers(
        frame[list(variables)].astype(float), variables, label="信心 Confidence", synthetic=True
    )
    for note in write_answers(settle(answers), folder / "confidence.sav"):
        print(note)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
