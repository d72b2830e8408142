"""Safeguards in a study: over which rules, from which day, and with whose practice."""

from pathlib import Path

import pytest

from scslab.core.errors import ScslabError
from scslab.lab.safeguards import completed, idle, touches, with_safeguards
from scslab.lab.world import read_rules
from scslab.regimes.model import Regime
from scslab.regimes.safeguard import read_safeguard, safeguards
from scslab.study.model import Practice
from scslab.study.read import StudyFile, read_study
from small import (
    BREACH,
    held,
    listing_study,
    months,
    one_list,
    one_score,
    run,
    share,
    study,
    totals,
    write_regime,
    yes,
)

REASONS = "reasons.assume-reasons"


def two_lists(folder: Path, **parts: object) -> StudyFile:
    write_regime(folder, "one", lists=one_list(stays=72))
    write_regime(folder, "two", lists=one_list(stays=24))
    return study(folder, **({"regimes": ["one", "two"]} | parts))


def rules(file: StudyFile) -> dict[str, Regime]:
    return {regime.id: regime for regime in read_rules(file)[1]}


def practice(file: StudyFile, i: int = 0) -> Practice:
    return read_rules(file)[0].study.regimes[i].practice


def own(folder: Path, text: str, name: str = "own") -> None:
    """A safeguard beside the study."""
    (folder / "safeguards").mkdir(exist_ok=True)
    head = (
        f"schema: change/1\nid: {name}\nname: Own\nabout: Made up.\nnot_modelled: []\n"
        "sources: {guess: {kind: assumption, title: A guess, because: Made up.}}\n"
    )
    (folder / "safeguards" / f"{name}.yaml").write_text(head + text, encoding="utf-8")


def row(value: object, low: object, high: object, unit: str = "share") -> str:
    value, low, high = (str(x).lower() for x in (value, low, high))
    return f"{{unit: {unit}, row: {{value: {value}, source: guess, between: [{low}, {high}]}}}}"


def test_a_study_lays_them_from_its_first_day(tmp_path: Path) -> None:
    found = rules(two_lists(tmp_path, safeguards=["five-years", "reasons"]))
    assert [(r.from_, r.value) for r in found["one"].lists["listed"].stays.rows] == [
        ("2020-01-01", 60)
    ]
    assert found["two"].lists["listed"].stays.rows[0].source == "made-up"  # shorter, so it stays
    assert found["two"].remedy.reasons_given.rows[0].from_ == "2020-01-01"


def test_a_later_study_leaves_the_years_before_alone() -> None:
    file = read_study("judgment-debtors")
    first = f"{file.study.period.from_}-01"
    laid = rules(with_safeguards(file, ["five-years"]))["cn-spc-judgment-debtors"]
    rows = laid.lists["dishonest"].grounds["refused"].stays.rows
    assert rows[-1].value == 60 and rows[-1].from_ == max(first, laid.covers.from_)


def test_one_regime_can_have_a_safeguard_of_its_own(tmp_path: Path) -> None:
    uses = [{"use": "one", "safeguards": ["help"]}, {"use": "two"}]
    found = rules(two_lists(tmp_path, regimes=uses, safeguards=["reasons"]))
    assert found["one"].remedy.help_with_objections is not None
    assert found["two"].remedy.help_with_objections is None
    assert all(r.remedy.reasons_given is not None for r in found.values())


def test_none_changes_nothing(tmp_path: Path) -> None:
    file = two_lists(tmp_path)
    same = with_safeguards(file, ["none"])
    assert same.study == file.study and same.document.data == file.document.data
    assert rules(same) == rules(file)
    assert completed(file) is file
    assert touches(file, "none") == []


def test_names_take_the_place_of_the_studys_own(tmp_path: Path) -> None:
    file = two_lists(tmp_path, safeguards=["help"])
    before = file.document.data["safeguards"]
    changed = with_safeguards(file, ["notice+reasons", "none"])
    assert changed.study.safeguards == ["notice", "reasons"]
    assert file.document.data["safeguards"] is before == ["help"]
    assert with_safeguards(changed, ["none"]).study.safeguards == []


def test_a_shortened_study_stays_short(tmp_path: Path) -> None:
    file, _, _ = read_rules(two_lists(tmp_path), 3)
    assert with_safeguards(file, ["help"]).study.period.to == "2020-03"


def test_the_order_of_names_does_not_matter(tmp_path: Path) -> None:
    file = two_lists(tmp_path)
    names = ["related", "notice", "five-years", "propagation", "help", "reasons", "catalogue"]
    one, other = (with_safeguards(file, x) for x in (names, names[::-1]))
    assert read_rules(one)[0].study == read_rules(other)[0].study
    assert rules(one) == rules(other)


def test_touches_say_what_changes_where(tmp_path: Path) -> None:
    file = two_lists(tmp_path)
    found = [(t.regime, t.path, t.before, t.after) for t in touches(file, "five-years+reasons")]
    assert found == [
        ("one", "lists.listed.stays", "72 months", "60 months"),
        ("one", "remedy.reasons_given", "no rule", "yes"),
        ("two", "remedy.reasons_given", "no rule", "yes"),
    ]
    last = touches(file, "reasons")[0]
    assert last.source == "Zhejiang Province public credit information regulation, art. 28"


def test_changes_of_the_study_come_first(tmp_path: Path) -> None:
    changes = {"lists.listed.stays": months(96)}
    file = two_lists(tmp_path, regimes=[{"use": "two", "changes": changes}])
    assert [t.before for t in touches(file, "five-years")] == ["96 months"]
    found = rules(with_safeguards(file, ["five-years"]))["two"]
    assert found.lists["listed"].stays.rows[0].value == 60


# Practice.


def test_practice_is_laid_where_the_study_says_nothing(tmp_path: Path) -> None:
    file = two_lists(tmp_path, safeguards=["human-review"])
    assert file.study.regimes[0].practice.screening is None
    found, _, _ = read_rules(file)
    for use in found.study.regimes:
        dated = use.practice.screening.stops_wronged
        assert (dated.rows[0].value, dated.rows[0].from_) == (0.3, "2020-01-01")
        assert dated.rows[0].between == [0.1, 0.6]
    key = dated.rows[0].source
    assert key == "human-review.assume-review"
    assert found.study.sources[key].kind == "assumption"
    assert set(found.study.sources) == {"made-up", key}


def test_what_the_study_says_stays(tmp_path: Path) -> None:
    said = {"marked": share(0.9), "notice": share(0.3)}
    uses = [{"use": "one", "practice": said}, {"use": "two"}]
    file = two_lists(tmp_path, regimes=uses, safeguards=["marking", "notice"])
    one, two = practice(file, 0), practice(file, 1)
    assert (one.marked.rows[0].value, two.marked.rows[0].value) == (0.9, 0.5)
    assert (one.notice.rows[0].value, two.notice.rows[0].value) == (0.3, 0.8)
    assert one.hearing == two.hearing
    common = two_lists(tmp_path, practice=said, safeguards=["marking", "notice"])
    assert practice(common, 1).marked.rows[0].value == 0.9


def test_channels_are_a_word_about_notice(tmp_path: Path) -> None:
    letter = {"letter": {"says": "A letter", "reaches": share(0.4)}}
    file = two_lists(tmp_path, practice={"notices": letter}, safeguards=["notice"])
    assert practice(file).notice is None and practice(file).hearing is not None


def test_kinds_of_help_come_together(tmp_path: Path) -> None:
    file = two_lists(tmp_path, safeguards=["help", "reasons", "method-published"])
    found = practice(file).helps
    shares = [found.help.rows[0].value, found.reasons.rows[0].value, found.method.rows[0].value]
    assert shares == [0.3, 0.15, 0.05]
    said = two_lists(
        tmp_path, practice={"helps": {"help": share(0.7)}}, safeguards=["help", "reasons"]
    )
    found = practice(said).helps
    assert (found.help.rows[0].value, found.reasons.rows[0].value) == (0.7, 0.15)
    assert set(read_rules(said)[0].study.sources) == {"made-up", REASONS}


def test_practice_is_only_laid_where_rules_change(tmp_path: Path) -> None:
    write_regime(tmp_path, "has-it", lists=one_list(), remedy={"human_review": yes()})
    write_regime(tmp_path, "has-not", lists=one_list())
    file = study(tmp_path, regimes=["has-it", "has-not"], safeguards=["human-review"])
    assert practice(file, 0).screening is None
    assert practice(file, 1).screening is not None


def test_consent_says_who_joins(tmp_path: Path) -> None:
    write_regime(tmp_path, "points", score=one_score(1000, breach=-10))
    file = study(tmp_path, regimes=["points"], safeguards=["consent"])
    joins = read_rules(file)[0].study.regimes[0].joins
    assert (joins.share.rows[0].value, joins.withdraws.rows[0].value) == (0.5, 0.002)
    said = [{"use": "points", "joins": {"share": share(0.25)}}]
    joins = (
        read_rules(study(tmp_path, regimes=said, safeguards=["consent"]))[0].study.regimes[0].joins
    )
    assert (joins.share.rows[0].value, joins.withdraws.rows[0].value) == (0.25, 0.002)


def test_every_practice_has_the_shape_of_a_study() -> None:
    file = read_study("one-score-for-all")
    every = list(safeguards())
    found = read_rules(with_safeguards(file, every))[0].study
    for name in every:
        safeguard = read_safeguard(name)
        held = [
            use for use in found.regimes for key in safeguard.practice if getattr(use.practice, key)
        ]
        assert bool(held) == bool(safeguard.practice)


# A run under them.


def test_consent_in_a_run(tmp_path: Path) -> None:
    write_regime(tmp_path, "points", score=one_score(1000, breach=-10))
    file = study(tmp_path, regimes=["points"], persons=4000, length=3)
    everybody = totals(run(file), "scored")[-1]
    agreed = totals(run(with_safeguards(file, ["consent"])), "scored")[-1]
    assert everybody == 4000
    assert abs(agreed - 2000) < 4 * (4000 * 0.25) ** 0.5 + 20


def test_a_term_in_a_run(tmp_path: Path) -> None:
    own(tmp_path, f"changes: [{{at_most: lists.*.stays, {row(2, 1, 4, 'months')[1:-1]}}}]\n")
    file = listing_study(
        tmp_path,
        stays=None,
        length=6,
        conduct={BREACH: {"rate": held("acts per 1000 person-years", 600)}},
    )
    found = run(with_safeguards(file, ["own"]))
    assert totals(run(file), "exits").sum() == 0
    entries, exits = totals(found, "entries"), totals(found, "exits")
    assert exits[:2].sum() == 0 and entries[0] > 30
    assert exits[2] == entries[0]


# What does nothing, and mistakes.


def test_what_does_nothing_is_said(tmp_path: Path) -> None:
    file = two_lists(tmp_path)
    assert idle(file, ["no-family", "five-years"]) == [
        'safeguard "no-family" changes nothing: the regimes of this study have it already, or it '
        "is not for them"
    ]
    assert idle(file, ["hardship"]) == [
        'safeguard "hardship" has no effect in this study: the study does not say how many acts '
        "hardship brings about"
    ]
    assert idle(file, ["help"]) == [
        'safeguard "help" has no effect in this study: nobody learns of an entry'
    ]
    assert idle(file, ["help+notice"]) == []
    assert idle(two_lists(tmp_path, practice={"notice": share(0.5)}), ["help"]) == []


def test_one_beside_the_study_wins(tmp_path: Path) -> None:
    text = f"changes: [{{set: remedy.reasons_given, {row(True, False, True, 'yes/no')[1:-1]}}}]\n"
    own(tmp_path, text, "reasons")
    found = rules(two_lists(tmp_path, safeguards=["reasons"]))["one"].remedy.reasons_given
    assert found.rows[0].source == "reasons.guess"
    assert found.rows[0].between == [False, True]


def test_an_unknown_name_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ScslabError) as caught:
        rules(two_lists(tmp_path, safeguards=["notice", "reason"]))
    text = two_lists(tmp_path, safeguards=["notice", "reason"]).text.splitlines()
    line = next(i for i, words in enumerate(text, 1) if '"reason"' in words)
    assert str(caught.value) == (
        f'study.yaml:{line}: safeguards, row 2: no safeguard "reason"\n'
        '  try: did you mean "reasons"?'
    )
    with pytest.raises(ScslabError) as caught:
        with_safeguards(two_lists(tmp_path), ["reason"])
    assert str(caught.value) == 'no safeguard "reason"\n  try: did you mean "reasons"?'


def test_a_mistake_in_its_practice_is_told_in_its_file(tmp_path: Path) -> None:
    text = f"changes: [{{set: remedy.human_review, {row(True, False, True, 'yes/no')[1:-1]}}}]\n"
    own(tmp_path, text + f"practice:\n  screening:\n    stops_wrong: {row(0.5, 0, 1)}\n")
    path = tmp_path / "safeguards" / "own.yaml"
    with pytest.raises(ScslabError) as caught:
        rules(two_lists(tmp_path, safeguards=["own"]))
    assert str(caught.value) == (
        f'{path}:10: practice.screening.stops_wrong: unknown key "stops_wrong"\n'
        '  try: did you mean "stops_wronged"?'
    )
    own(tmp_path, text + f"practice:\n  marked: {row(3, 1, 4, 'months')}\n")
    with pytest.raises(ScslabError) as caught:
        rules(two_lists(tmp_path, safeguards=["own"]))
    assert str(caught.value) == (
        f"{path}:9: practice.marked.unit: this unit does not fit here\n"
        "  got: months\n  expected: share"
    )


def test_rules_that_make_no_sense_with_it_are_told_at_the_study(tmp_path: Path) -> None:
    own(tmp_path, f"changes: [{{at_most: lists.*.stays, {row(6, 1, 12, 'months')[1:-1]}}}]\n")
    lists = one_list(escalates={"to": "worse", "after": months(12)}, stays=24)
    lists |= {"worse": one_list()["listed"]}
    write_regime(tmp_path, "two-steps", lists=lists)
    file = study(tmp_path, regimes=["two-steps"], safeguards=["own"])
    with pytest.raises(ScslabError) as caught:
        rules(file)
    line = next(i for i, words in enumerate(file.text.splitlines(), 1) if "safeguards" in words)
    assert str(caught.value) == (
        f"study.yaml:{line}: safeguards: with own laid over two-steps, "
        "lists.listed.escalates.after: entries end before they can move (on 2020-01-01)\n"
        "  got: stays 6 months, moves after 12"
    )


def test_a_mistake_of_the_rules_themselves_is_told_as_it_is(tmp_path: Path) -> None:
    write_regime(tmp_path, "broken", lists=one_list(acts=("utility.thefft",)))
    with pytest.raises(
        ScslabError, match='act "utility.thefft" is not in the vocabulary'
    ) as caught:
        rules(study(tmp_path, regimes=["broken"], safeguards=["help"]))
    assert "laid over" not in str(caught.value)
