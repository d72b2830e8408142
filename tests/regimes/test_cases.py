"""Every regime of the library: its shape, its sources, and its worked cases."""

from datetime import date, timedelta
from functools import cache

import pytest

from scslab.core.calendar import day
from scslab.core.errors import ScslabError
from scslab.core.values import number_on, walk_dated
from scslab.regimes.cases import Case, CasePerson
from scslab.regimes.judge import check_case, judge
from scslab.regimes.load import library, read_cases, read_regime
from scslab.regimes.model import Regime

NAMES = sorted(library())
FIRST_THREE = {"cn-rongcheng-points", "cn-sesame", "cn-spc-judgment-debtors"}
CASES = [(n, c) for n in NAMES for c in read_cases(library()[n])]


@cache
def regime_of(name: str) -> Regime:
    return read_regime(library()[name])


def test_library_holds_the_first_three() -> None:
    assert set(NAMES) >= FIRST_THREE


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{n}: {c.name}" for n, c in CASES])
def test_case(name: str, case: Case) -> None:
    assert check_case(regime_of(name), case) == []


@pytest.mark.parametrize("name", NAMES)
def test_cases_cover_what_goes_wrong_first(name: str) -> None:
    regime, cases = regime_of(name), read_cases(library()[name])
    names = [c.name for c in cases]
    assert len(cases) >= 7
    assert len(set(names)) == len(names)
    assert any("(boundary)" in n for n in names)
    assert any("(change of rules)" in n for n in names)
    if regime.who.adults_from is not None:
        ages = [(c.person.age, day(c.on)) for c in cases if c.person is not None]
        assert any(age < number_on(regime.who.adults_from, on) for age, on in ages)
    assert all(c.expect for c in cases)


@pytest.mark.parametrize("name", NAMES)
def test_every_value_has_a_place_or_a_reason_and_a_range(name: str) -> None:
    regime = regime_of(name)
    used = set()
    for place, dated in walk_dated(regime):
        for row in dated.rows:
            source = regime.sources[row.source]
            used.add(row.source)
            if source.kind == "assumption":
                assert source.because and row.between and row.between[0] < row.between[1], place
            else:
                assert row.at, place
    used |= {among.source for among in regime.who.among}
    assert used == set(regime.sources)


@pytest.mark.parametrize("name", NAMES)
def test_days_covered(name: str) -> None:
    regime = regime_of(name)
    begins = regime.covers.from_
    early = [p for p, dated in walk_dated(regime) if dated.rows[0].from_ < begins]
    assert early == []
    before = date.fromisoformat(begins) - timedelta(days=1)
    case = Case(
        name="early", on=before.isoformat(), person=CasePerson(age=40), records=[], expect={}
    )
    until = f"to {regime.covers.to}" if regime.covers.to else "onward"
    with pytest.raises(ScslabError) as caught:
        judge(regime, case)
    assert str(caught.value) == f"{name} covers {begins} {until}; {before} was asked"


@pytest.mark.parametrize("name", NAMES)
def test_folder_is_complete(name: str) -> None:
    folder, regime = library()[name], regime_of(name)
    law = (folder / "law.md").read_text(encoding="utf-8")
    assert "assumed" in law and "not_modelled" in law
    assert regime.not_modelled
    assert all(left.what and left.why and left.effect for left in regime.not_modelled)
