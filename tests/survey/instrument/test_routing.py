"""Who is asked what: for many respondents at once, one by one along paths, and by hand."""

from pathlib import Path

import numpy as np
import pytest
from questioned import BASE, one, respondents, spoken_answers

from scslab.core.errors import ScslabError
from scslab.survey.instrument.columns import columns_of, routing
from scslab.survey.instrument.path import columns_told, walk

NAN = float("nan")


def test_by_hand() -> None:
    columns = {
        "systems_sesame": np.array([1, 0, 0, 0, NAN]),
        "systems_tencent": np.array([0, 1, 0, 0, NAN]),
        "systems_other": np.array([0, 0, 1, 0, NAN]),
    }
    asked = routing(one("kostka-2018"), columns, 5)
    assert asked["score_sesame"].tolist() == [True, False, False, False, False]
    assert asked["score_tencent"].tolist() == [False, True, False, False, False]
    for name in (
        "relative_score",
        "knowledge",
        "fairness",
        "joining_automatic",
        "effects_no_effect",
    ):
        assert asked[name].tolist() == [True, True, True, False, False]
    for name in ("approval", "systems_none", "information", "list_group", "list_count"):
        assert asked[name].all()


def test_every_column_is_routed() -> None:
    for name in ("kostka-2018", "liu-2020", "framing-2019", BASE):
        instrument = one(name)
        columns = {column: np.zeros(2) for column in columns_of(instrument)}
        asked = routing(instrument, columns, 2)
        assert list(asked) == list(columns)
        assert all(who.dtype == bool and who.shape == (2,) for who in asked.values())


def test_answers_of_who_is_not_asked_do_not_count() -> None:
    columns = dict.fromkeys(columns_of(one(BASE)), np.array([1.0, 1.0]))
    columns |= {"age": np.array([17.0, 20.0]), "town": np.array([1.0, 1.0])}
    columns |= {"uses_none": np.array([0.0, 0.0]), "views_rain": np.array([1.0, 1.0])}
    asked = routing(one(BASE), columns, 2)
    assert asked["member"].tolist() == [False, True]
    assert asked["why"].tolist() == [False, True]  # the first was not asked about rain


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(ScslabError, match='"systems_sesame" in a condition is not known'):
        routing(one("kostka-2018"), {"age": np.array([20.0])}, 1)


@pytest.mark.parametrize("name", ["kostka-2018", "framing-2019", BASE])
def test_paths_and_routing_agree(name: str | Path) -> None:
    instrument = one(name)
    n = 150
    columns = respondents(instrument, n, seed=5)
    asked = routing(instrument, columns, n)
    shares = [who.mean() for who in asked.values()]
    assert min(shares) < 0.9 if name != "framing-2019" else min(shares) == 1
    for i in range(n):
        texts = spoken_answers(instrument, columns, i)
        path = walk(instrument, texts, seed=i)
        shown = {v.step.name for v in path.visits if v.told is not None}
        told = columns_told(
            instrument, path.arms, {v.step.name: v.told for v in path.visits if v.told}
        )
        for column in columns_of(instrument).values():
            where = column.question.name if column.choice is not None else column.name
            if column.question.type == "assigned":
                assert told[column.name] == columns[column.name][i]
                continue
            assert (where in shown) == asked[column.name][i], (i, column.name)
            wanted = columns[column.name][i] if asked[column.name][i] else NAN
            assert told[column.name] == pytest.approx(wanted, nan_ok=True), (i, column.name)
