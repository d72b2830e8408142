"""Fields of life: every act and every measure of the library has one."""

import pytest

from scslab.core.acts import acts
from scslab.core.contexts import (
    DEGREES,
    act_context,
    act_gravity,
    contexts,
    degree_rank,
    measure_context,
    measure_severity,
    own_field_open,
    related,
    table,
    why_contested,
    why_related,
)
from scslab.core.errors import ScslabError
from scslab.regimes.load import library, read_regime


@pytest.fixture(scope="module")
def measures() -> set[str]:
    """Keys of all effects and rewards of the library."""
    found: set[str] = set()
    for folder in library().values():
        regime = read_regime(folder)
        found |= set(regime.rewards)
        for rules in regime.lists.values():
            found |= set(rules.effects)
    return found


def test_every_act_has_a_field_and_a_gravity() -> None:
    for act in acts():
        assert act_context(act) in contexts()
        assert act_gravity(act) in DEGREES


def test_every_measure_of_the_library_has_a_field_and_a_severity(measures: set[str]) -> None:
    missing = sorted(m for m in measures if measure_context(m) is None)
    assert not missing
    assert {measure_context(m) for m in measures} <= set(contexts())
    assert {measure_severity(m) for m in measures} <= set(DEGREES)


def test_no_row_is_idle(measures: set[str]) -> None:
    from fnmatch import fnmatchcase

    for part, names in (("acts", set(acts())), ("measures", measures)):
        for pattern in table()[part]:
            assert any(fnmatchcase(name, pattern) for name in names), pattern


def test_pairs_name_known_fields_and_give_a_reason() -> None:
    for part in ("related", "contested"):
        seen = set()
        for act, measure, why in table()[part]:
            assert {act, measure} <= set(contexts()), (act, measure)
            assert act != measure and why
            assert (act, measure) not in seen, (part, act, measure)
            seen.add((act, measure))
    for act, measure, _ in table()["contested"]:
        assert not related(act, measure) and why_contested(act, measure)
    assert set(table()["everywhere"]) <= set(contexts())


def test_a_name_wins_over_a_pattern() -> None:
    assert (act_context("village.arrears"), act_context("village.quarrel")) == ("money", "village")
    assert act_gravity("contract.breach") == "ordinary"


def test_related() -> None:
    assert related("travel", "travel")
    assert related("courts", "spending") and not related("spending", "courts")
    assert not related("petition", "travel")
    assert related("petition", "publicity")
    assert why_related("courts", "travel") is None
    assert "freedom to travel" in (why_contested("courts", "travel") or "")
    assert why_contested("petition", "travel") is None


def test_a_measure_of_the_acts_own_field_needs_one_field() -> None:
    assert related("food", "own-field")
    assert own_field_open(["food", "family"], "own-field")
    assert not own_field_open(["food", "food"], "own-field")
    assert not own_field_open(["food", "family"], "publicity")
    assert not own_field_open(["food", "family"], None)


def test_an_unknown_act_is_an_error_and_an_unknown_measure_is_not() -> None:
    with pytest.raises(ScslabError, match="no field of life"):
        act_context("nothing.such")
    assert measure_context("nothing_such") is None
    assert measure_severity("nothing_such") is None


def test_degrees_are_ordered() -> None:
    assert [degree_rank(d) for d in DEGREES] == [0, 1, 2]
