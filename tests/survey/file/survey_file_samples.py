"""Answers with everything that files must carry, and how two of them are compared."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from scslab.survey.answers import Answers, MissingCode, Variable

# A test finds this file by its folder: tests have no package.
N = 8


def full() -> Answers:
    """Every kind of variable, with Chinese texts, codes, ranges and dates."""
    frame = pd.DataFrame(
        {
            "id": np.arange(1, N + 1),
            "trust": [1, 2, 3, 5, np.nan, np.nan, np.nan, np.nan],
            "income": [1200.5, 0.1 + 0.2, 1e-9, -3.25, 7e12, np.nan, np.nan, np.nan],
            "满意": [1, 2, 1, 2, 1, 2, np.nan, np.nan],
            "open": pd.Series(
                ["很好", 'a "quoted", text', "NA", "two\nlines", "  led", None, "7", None],
                dtype=object,
            ),
            "party": pd.Series(["a", "b", "a", None, "b", "a", None, "c"], dtype=object),
            "day": pd.to_datetime(["2020-02-29", "1850-01-01", None, *["2021-12-31"] * 5]).astype(
                "datetime64[us]"
            ),
            "start": pd.to_datetime(
                ["2020-02-29 10:20:30", None, *["2021-12-31 23:59:59"] * 6]
            ).astype("datetime64[us]"),
            "took": pd.to_timedelta([61, 3600, None, 90061, 1, 2, 3, 4], unit="s").astype(
                "timedelta64[us]"
            ),
            "nothing": np.full(N, np.nan),
            "weight": np.linspace(0.5, 2.0, N),
        }
    )
    variables = {
        "id": Variable("id", "Number of the interview"),
        "trust": Variable(
            "trust",
            "Trust in the local government",
            measure="ordinal",
            labels={1: "none", 2: "little", 3: "some", 4: "much", 5: "full"},
            missing=(
                MissingCode(97, "not asked", "not_asked"),
                MissingCode(98, "don't know", "dk"),
                MissingCode(99, "refused", "refused"),
            ),
            question="How much do you trust the government of your city or county?",
            universe="all respondents",
        ),
        "income": Variable("income", "Income, CNY a month", measure="scale"),
        "满意": Variable(
            "满意",
            "总体而言，您对社会信用体系的满意程度如何？",
            labels={1: "满意", 2: "不满意"},
            missing=(MissingCode(8, "不知道", "dk"), MissingCode(9, "拒绝回答", "refused")),
            measure="nominal",
        ),
        "open": Variable("open", "Anything else?", kind="text"),
        "party": Variable(
            "party",
            kind="text",
            labels={"a": "Party A", "b": "Party B"},
            missing=(MissingCode("z", "refused", "refused"),),
        ),
        "day": Variable("day", "Day of the interview", kind="date"),
        "start": Variable("start", kind="datetime"),
        "took": Variable("took", kind="time"),
        "nothing": Variable("nothing", "Nobody was asked"),
        "weight": Variable("weight", "Design weight", measure="scale"),
    }
    return Answers(
        frame=frame,
        variables=variables,
        marks=marks(
            frame,
            trust={4: 1, 5: 2, 6: 3},
            满意={6: 1, 7: 2},
            party={6: 1},
        ),
        label="一项关于信用的调查",
        weight="weight",
    )


def marks(frame: pd.DataFrame, **coded: Mapping[int, int]) -> Mapping[str, np.ndarray]:
    """Marks of a frame: blank where a value is missing, but for rows of which a code is told."""
    out = {}
    for name in frame:
        mark = np.where(frame[name].isna(), -1, 0).astype(np.int16)
        for row, code in coded.get(str(name), {}).items():
            mark[row] = code
        if mark.any():
            out[str(name)] = mark
    return MappingProxyType(out)


def one(values: object, variable: Variable, **coded: Mapping[int, int]) -> Answers:
    """Answers of a single variable."""
    series = values if isinstance(values, pd.Series) else pd.Series(values)
    frame = pd.DataFrame({variable.name: series})
    return Answers(frame, {variable.name: variable}, marks(frame, **coded))


def assert_same(got: Answers, want: Answers, formats: bool = False) -> None:
    """Two answers are the same; display formats only if asked."""
    assert list(got.frame.columns) == list(want.frame.columns)
    assert list(got.variables) == list(want.variables)
    assert got.n == want.n
    for name in want.variables:
        assert_same_variable(got.variables[name], want.variables[name], formats)
        mine, theirs = got.frame[name], want.frame[name]
        if want.n:
            assert mine.dtype == theirs.dtype, name
        assert mine.isna().equals(theirs.isna()), name
        there = mine.notna()
        assert mine[there].tolist() == theirs[there].tolist(), name
        empty = np.zeros(want.n, np.int16)
        found, wanted = got.marks.get(name, empty), want.marks.get(name, empty)
        assert found.tolist() == wanted.tolist(), name
    assert (got.label, got.weight, got.synthetic) == (want.label, want.weight, want.synthetic)


def assert_same_variable(got: Variable, want: Variable, formats: bool) -> None:
    assert dict(got.labels) == dict(want.labels), want.name
    fields = ["name", "label", "kind", "measure", "missing", "missing_range", "question"]
    for field in [*fields, "universe", *(["format"] if formats else [])]:
        assert getattr(got, field) == getattr(want, field), f"{want.name}.{field}"
