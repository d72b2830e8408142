"""The shipped margins, inline margins, and what a user is told about mistakes in them."""

import copy
from typing import Any

import numpy as np
import pytest

from scslab.core.errors import ScslabError
from scslab.world.society.derive import FOLDER, derive
from scslab.world.society.margin_checks import sum_over
from scslab.world.society.margins import BUILTIN, parse_margins, read_margins
from scslab.world.society.synthesis import fit_cells, whole_persons

CN = read_margins("cn-2018")
INLINE: dict[str, Any] = {
    "attributes": {"residence": ["rural", "urban"], "education": ["0", "1", "2", "3"]},
    "margins": [
        {"over": ["residence"], "shares": {"rural": 0.4, "urban": 0.6}},
        {"over": ["education"], "shares": {"0": 0.25, "1": 0.25, "2": 0.3, "3": 0.2}},
    ],
}
TWO_WAY: dict[str, Any] = {
    "attributes": {"residence": ["rural", "urban"], "sex": ["female", "male"], "age": ["a", "b"]},
    "margins": [
        {
            "over": ["residence", "sex"],
            "rows": [
                {"residence": r, "sex": s, "persons": n}
                for r, s, n in [
                    ("rural", "female", 100),
                    ("rural", "male", 300),
                    ("urban", "female", 400),
                    ("urban", "male", 200),
                ]
            ],
        },
        {
            "over": ["sex", "age"],
            "rows": [
                {"sex": s, "age": a, "persons": n}
                for s, a, n in [
                    ("female", "a", 300),
                    ("female", "b", 200),
                    ("male", "a", 400),
                    ("male", "b", 100),
                ]
            ],
        },
    ],
}


def test_shipped_targets_are_a_fresh_derivation() -> None:
    assert (FOLDER / "targets.csv").read_text(encoding="utf-8") == derive()


def test_shipped_margins_are_consistent_to_the_person() -> None:
    assert CN.total == 1_395_380_000
    for table in CN.tables:
        assert table.target.sum() == CN.total
        assert (table.target == np.round(table.target)).all()
        for other in CN.tables:
            both = [a for a in table.over if a in other.over]
            mine, theirs = (sum_over(t.target, t.over, both) for t in (table, other))
            np.testing.assert_array_equal(mine, theirs)


def test_shipped_margins_keep_the_published_values() -> None:
    def of(name: str, *categories: str) -> float:
        table = next(t for t in CN.tables if t.name == name)
        spot = tuple(CN.attributes[a].index(c) for a, c in zip(table.over, categories, strict=True))
        return float(table.target[spot])

    one = {a: sum_over(t.target, t.over, [a]) for t in CN.tables for a in t.over}
    assert one["residence"].tolist() == [564_010_000, 831_370_000]
    assert one["sex"].tolist() == [681_870_000, 713_510_000]
    assert one["party"][1] == 90_594_000
    assert one["internet"][1] == 829_000_000
    assert of("party x sex", "yes", "female") == pytest.approx(24_665_000, abs=2)
    assert of("party x education", "yes", "high") == pytest.approx(44_937_000, abs=2)
    assert of("party x age", "yes", "18-30") == pytest.approx(12_739_000, abs=2)
    people = 1_395_380_000 * 10_047 / 139_619
    assert of("province x residence", "Shandong", "urban") / people == pytest.approx(0.6118)


def test_every_row_says_where_it_comes_from() -> None:
    for line in (FOLDER / "targets.csv").read_text(encoding="utf-8").splitlines()[1:]:
        assert ",published," in line or not line.endswith(","), line
    for table in CN.tables:
        assert set(table.status_counts) <= {"published", "derived", "assumed"}
        assert set(table.sources) <= set(CN.sources)
    for key, source in CN.sources.items():
        assert source["title"], key
        assert source["kind"] != "assumption" or source["because"], key


def test_inline_shares() -> None:
    margins = parse_margins(INLINE, "study.yaml: society.margins")
    assert (margins.total, margins.in_persons, margins.place) == (1.0, False, None)
    fit = fit_cells(margins)
    np.testing.assert_allclose(
        fit.persons.reshape(2, 4), np.outer([0.4, 0.6], [0.25, 0.25, 0.3, 0.2])
    )
    assert whole_persons(fit, 1000).tolist() == [100, 100, 120, 80, 150, 150, 180, 120]


def test_shares_take_the_total_of_the_persons() -> None:
    raw = copy.deepcopy(TWO_WAY)
    raw["margins"].append({"over": ["age"], "shares": {"a": 0.7, "b": 0.3}})
    assert parse_margins(raw, "s").tables[2].target.tolist() == pytest.approx([700, 300])


def test_bare_yes_and_no_of_yaml_are_categories() -> None:
    raw = {
        "attributes": {"party": [False, True]},
        "margins": [{"over": ["party"], "persons": {False: 9, True: 1}}],
    }
    assert parse_margins(raw, "s").attributes == {"party": ("no", "yes")}


def change(raw: dict[str, Any], path: list[Any], value: object) -> dict[str, Any]:
    raw = copy.deepcopy(raw)
    spot: Any = raw
    for step in path[:-1]:
        spot = spot[step]
    if value is None:
        del spot[path[-1]]
    else:
        spot[path[-1]] = value
    return raw


ROWS = TWO_WAY["margins"][1]["rows"]
MISTAKES = [
    (
        change(INLINE, ["margins", 0, "shares", "rural"], -0.4),
        ["margin 'residence', rural: a negative value", "-0.4"],
    ),
    (
        change(INLINE, ["margins", 0, "over"], ["residense"]),
        ["unknown attribute 'residense'", 'did you mean "residence"?'],
    ),
    (
        change(INLINE, ["margins", 0, "shares"], {"rural": 0.4, "urbane": 0.6}),
        ["margin 'residence': unknown category of residence", 'did you mean "urban"?'],
    ),
    (
        change(INLINE, ["margins", 1, "shares", "3"], None),
        ["margin 'education': a category is missing", "no row for 3"],
    ),
    (
        change(INLINE, ["margins", 0, "shares"], {"rural": 0, "urban": 0}),
        ["margin 'residence': the total of this margin is zero"],
    ),
    (
        change(INLINE, ["margins", 0, "shares", "rural"], 0.5),
        ["margin 'residence': the shares of this margin do not add up to 1", "1.1"],
    ),
    (
        change(TWO_WAY, ["margins", 1, "rows", 0, "persons"], 400),
        [
            "margins 'residence x sex' and 'sex x age' disagree in total",
            "residence x sex: 1,000; sex x age: 1,100",
        ],
    ),
    (
        change(
            change(TWO_WAY, ["margins", 1, "rows", 0, "persons"], 350),
            ["margins", 1, "rows", 2, "persons"],
            350,
        ),
        [
            "margins 'residence x sex' and 'sex x age' contradict each other",
            "female: residence x sex 500, sex x age 550",
        ],
    ),
    (
        change(TWO_WAY, ["margins", 1, "rows"], [*ROWS, ROWS[0]]),
        ["margin 'sex x age': a row is given twice", "female x a"],
    ),
    (
        change(TWO_WAY, ["impossible"], [{"residence": "rural", "sex": "male"}]),
        ["margin 'residence x sex' cannot be met: nobody can be in rural x male", "300"],
    ),
    (
        change(TWO_WAY, ["impossible"], [{"residence": "rural", "sexe": "male"}]),
        ["unknown attribute 'sexe'", 'did you mean "sex"?'],
    ),
    (
        change(
            TWO_WAY,
            ["seed_table"],
            [{"name": "x", "odds": [{"age": "b", "sex": "male", "times": 0}]}],
        ),
        ["margin 'sex x age' cannot be met: nobody can be in male x b"],
    ),
    (change(TWO_WAY, ["attribute"], {}), ["unknown key", 'did you mean "attributes"?']),
    (change(TWO_WAY, ["margins", 0, "share"], {}), ["one of persons, shares or rows"]),
    (change(TWO_WAY, ["margins", 1], TWO_WAY["margins"][0]), ["a margin is given twice"]),
]


@pytest.mark.parametrize(("raw", "words"), MISTAKES)
def test_a_mistake_is_told_in_one_message(raw: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ScslabError) as told:
        parse_margins(raw, "study.yaml")
    message = str(told.value)
    assert message.startswith("study.yaml: ")
    for word in words:
        assert word in message


def test_margins_that_cannot_be_met_together_are_named() -> None:
    # Every pair of margins agrees, but no table has all three.
    def diagonal(a: str, b: str, same: int) -> dict[str, Any]:
        return {
            "over": [a, b],
            "rows": [
                {a: x, b: y, "persons": same if x == y else 50 - same}
                for x in ("1", "2")
                for y in ("1", "2")
            ],
        }

    raw = {
        "attributes": {"a": ["1", "2"], "b": ["1", "2"], "c": ["1", "2"]},
        "margins": [diagonal("a", "b", 49), diagonal("b", "c", 49), diagonal("a", "c", 1)],
    }
    with pytest.raises(ScslabError, match=r"margin '. x .' cannot be met"):
        fit_cells(parse_margins(raw, "s"))


def test_an_attribute_without_a_margin_is_an_error() -> None:
    raw = change(INLINE, ["attributes", "sex"], ["f", "m"])
    with pytest.raises(ScslabError, match="no margin counts the attribute 'sex'"):
        fit_cells(parse_margins(raw, "s"))


def test_unknown_set_of_margins() -> None:
    with pytest.raises(ScslabError, match='did you mean "cn-2018"'):
        read_margins("cn-2008")
    assert (BUILTIN / "cn-2018").is_dir()
