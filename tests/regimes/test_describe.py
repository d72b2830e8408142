"""What `show` says: every key of the shape, with its source; on a day only what holds then."""

import types
import typing
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from scslab.core.cards import RuleLine
from scslab.core.values import Dated, Row, walk_dated
from scslab.regimes.card import card_of, group_of
from scslab.regimes.describe import describe
from scslab.regimes.load import library, read_regime
from scslab.regimes.model import Regime
from scslab.regimes.telling import tell

NAMES = sorted(library())


class Filler:
    """Makes a regime that says all that the shape can say, each row with a place of its own."""

    def __init__(self) -> None:
        self.places = 0

    def value(self, kind: Any, name: str) -> Any:
        """A value of a type."""
        origin = typing.get_origin(kind)
        parts = typing.get_args(kind)
        if origin is typing.Annotated:
            return self.value(parts[0], name)
        if origin in (typing.Union, types.UnionType):
            return self.value(next(p for p in parts if p is not type(None)), name)
        if origin is Literal:
            return parts[-1]
        if origin is dict:
            return {f"{name}-key": self.value(parts[1], name)}
        if origin is list:
            return [self.value(parts[0], name)]
        if isinstance(kind, type) and issubclass(kind, Dated):
            return self.dated()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self.model(kind)
        return {bool: True, str: f"{name}-text"}[kind]

    def dated(self) -> Dated:
        """A rule with two rows, each at a place that no other row has."""
        self.places += 2
        rows = [
            {"from": f"201{i}-01-01", "value": True, "source": "rule", "at": f"<{place}>"}
            for i, place in enumerate((self.places - 1, self.places))
        ]
        return Dated(unit="yes/no", rows=[Row(**row) for row in rows])

    def model(self, kind: type[BaseModel]) -> Any:
        """A model with all its keys."""
        fixed = {
            "schema": "regime/1",
            "id": "all",
            "covers": {"from": "2010-01-01", "to": None},
            "sources": {"rule": {"kind": "rule", "title": "A rule"}},
            "source": "rule",
            "reviewed": "2026-11-22",
        }
        data = {
            field.alias or name: fixed.get(field.alias or name)
            or self.value(field.annotation, field.alias or name)
            for name, field in kind.model_fields.items()
        }
        return kind.model_construct(**data) if kind is Dated else kind.model_validate(data)


def filled() -> Regime:
    return Filler().model(Regime)


def lines_of(regime: Regime, when: str | None = None) -> Iterator[RuleLine]:
    for part in tell(regime, when):
        yield from part.lines


def test_the_filled_regime_says_all() -> None:
    regime = filled()
    places = {str(part) for place, _ in walk_dated(regime) for part in place}
    assert len(walk_dated(regime)) > 60
    assert {"platform", "identity", "inspections", "escalates", "quotas", "restarts"} <= places


@pytest.mark.parametrize("when", [None, "2012-01-01"])
def test_every_key_that_holds_a_dated_value_is_told(when: str | None) -> None:
    regime = filled()
    text = describe(regime, when)
    for place, dated in walk_dated(regime):
        rows = dated.rows if when is None else dated.rows[-1:]
        for row in rows:
            assert f", {row.at}]" in text, ".".join(map(str, place))


def test_every_line_knows_its_place_in_the_file() -> None:
    regime = filled()
    told = [line.key for line in lines_of(regime) if line.rows]
    assert sorted(told) == sorted(".".join(map(str, p)) for p, _ in walk_dated(regime))


def test_words_of_the_shape_are_told() -> None:
    text = describe(filled())
    for words in (
        'only those whose attribute "with-text" is are-text [rule, at-text]',
        "organisations, in places-text",
        "a serious act",
        "falls to grade to-text at once",
        "grades without a score, best first: ladder-text",
        "field: national defence",
        "a member of the household stands on listed_on-text",
        "the entry stands while that listing stands",
        "only those who joined can be listed",
        "a redlist, which praises",
        "taken by by-text",
        'moves to the list "to-text" after',
        "an entry ends at once on ends_on-text",
        "can apply to leave early after (from performance)",
    ):
        assert words in " ".join(text.split()), words


def test_a_rule_that_has_not_begun_or_has_ended_is_not_told_on_a_day() -> None:
    regime = read_regime(library()["cn-rongcheng-points"])
    assert "residence needed" not in describe(regime, "2018-06-01")
    assert "residence needed\n    12 months, since 2019-01-01" in describe(regime, "2020-01-01")
    assert "residence needed" not in describe(regime, "2022-01-01")
    assert "List: serious" in describe(regime)
    assert "ground duty_refused" not in describe(regime, "2018-06-01")


def test_a_rule_that_is_switched_off_is_not_told_on_a_day() -> None:
    regime = read_regime(library()["cn-spc-judgment-debtors"])
    named = "measure flights: No planes; for persons only\n    "
    assert f"{named}from 2013-10-01: not in force [" in describe(regime)
    assert "measure flights" not in describe(regime, "2014-01-01")
    assert f"{named}in force, since 2015-07-22" in describe(regime, "2016-01-01")


def test_rows_are_told_with_source_day_and_range() -> None:
    text = describe(read_regime(library()["cn-rongcheng-points"]))
    assert (
        "Pays a public-service fee late (utility.late)\n"
        "    from 2016-01-05 (day assumed): -20 points [table, public services]\n"
    ) in text
    assert (
        "grade AA from a score of\n"
        "    from 2016-01-05: 1,030 points [assumed: assume-floors, 1,010 to 1,039 points]\n"
    ) in text
    assert (
        "\nonly who agrees first is rated\n"
        "    from 2016-01-05: no [measures-2016, scope, all persons of 18 and over]\n"
    ) in text


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_short_and_every_row_is_told(name: str) -> None:
    regime = read_regime(library()[name])
    text = describe(regime)
    for line in text.splitlines()[2:]:
        assert len(line) <= 100 or " " not in line.strip(" -"), line
    told = [row for line in lines_of(regime) for row in line.rows]
    assert len(told) == sum(len(dated.rows) for _, dated in walk_dated(regime))


def test_groups_follow_from_the_rules() -> None:
    groups = {n: group_of(read_regime(library()[n])) for n in NAMES}
    assert groups["cn-spc-judgment-debtors"] == "Courts and lists"
    assert groups["cn-rongcheng-points"] == "Scores of cities and villages"
    assert groups["cn-sesame"] == "Credit and national scores"
    assert groups["cn-taxpayer-grades"] == "Organisations"
    assert groups["cn-credit-platform"] == "Across systems"


def test_the_card_tells_changes_and_shares() -> None:
    card = card_of(read_regime(library()["cn-spc-judgment-debtors"]))
    rows = [row for part in card.parts for line in part.lines for row in line.rows]
    assert card.values.total == len(rows)
    assert card.values.assumed == sum(row.basis == "assumed" for row in rows)
    days = {day.day: day.changes for day in card.timeline}
    assert list(days) == sorted(days)
    assert set(days) == {row.since for row in rows}
    assert (
        "List: dishonest: stays on the list: no fixed term: until removed becomes 24 months"
    ) in days["2017-05-01"]
    assert "List: dishonest: No planes; for persons only: comes into force" in days["2015-07-22"]
    assert "List: dishonest: 8 rules stand, restated" in days["2017-05-01"]


def test_the_scale_of_floors() -> None:
    scale = card_of(read_regime(library()["cn-rongcheng-points"])).scale
    assert scale is not None
    assert [band.name for band in scale.bands] == ["D", "C", "B", "A", "AA", "AAA"]
    assert [band.says for band in scale.bands] == [
        "below 600",
        "600 to below 850",
        "850 to below 960",
        "960 to below 1,030",
        "1,030 to below 1,050",
        "from 1,050",
    ]
    assert scale.bands[0].low == 0 and scale.bands[-1].high == 1
    for below, above in zip(scale.bands, scale.bands[1:], strict=False):
        assert below.high == above.low and below.low < below.high
    assert scale.bands[3].low < scale.start < scale.bands[3].high
