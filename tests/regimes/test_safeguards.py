"""Safeguards over every regime of the library: what they promise holds, and nothing else moves."""

from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from scslab.core.acts import acts
from scslab.core.errors import ScslabError
from scslab.core.shapes import fit
from scslab.core.values import on, walk_dated
from scslab.core.yamlfile import Document, parse
from scslab.regimes.bounds import bounds_on, counts
from scslab.regimes.check import check_regime
from scslab.regimes.laying import IN_A_MONTH, Touch, changed
from scslab.regimes.load import library, read_regime, regime_document, with_safeguards
from scslab.regimes.model import Regime
from scslab.regimes.safeguard import (
    find_safeguard,
    names_of,
    read_safeguard,
    safeguard_schema,
    safeguards,
)
from scslab.regimes.safeguard_text import describe_safeguard

SINCE, BEFORE, LATER = "2019-06-15", date(2019, 6, 14), date(2035, 1, 1)
NAMES = sorted(safeguards())
ISSUE = {
    *("notice", "help", "human-review", "consent", "five-years", "related", "proportionate"),
    *("no-expression", "no-family", "no-shaming", "method-published", "supervisor", "catalogue"),
    *("propagation", "marking", "reasons", "hardship"),
}
# One of each kind, for what is slow: points, weights, ladders, lists, followers, firms.
SOME = (
    *("cn-rongcheng-points", "cn-sesame", "cn-pboc-credit-reference", "cn-spc-judgment-debtors"),
    *("cn-joint-enforcement", "cn-taxpayer-grades", "cn-serious-dishonesty-lists"),
    *("cn-yangzhou-petitioners-2019", "cn-national-score", "cn-food-safety-blacklist"),
)


@cache
def documents() -> dict[str, Document]:
    return {name: regime_document(folder) for name, folder in library().items()}


@cache
def regimes() -> dict[str, Regime]:
    return {name: fit(Regime, document) for name, document in documents().items()}


@cache
def laid(safeguard: str, regime: str) -> tuple[Document, tuple[Touch, ...]]:
    found, touches = changed(documents()[regime], read_safeguard(safeguard), SINCE)
    return found, tuple(touches)


@cache
def touched(safeguard: str) -> dict[str, Regime]:
    """The regimes in which a safeguard changes something, as changed."""
    found = {name: laid(safeguard, name) for name in library()}
    return {name: fit(Regime, doc) for name, (doc, touches) in found.items() if touches}


def in_force(regime: Regime) -> list[date]:
    """Days on which something can change, from the day of the safeguard on."""
    days = {row.from_ for _, dated in walk_dated(regime) for row in dated.rows} | {SINCE}
    first, last = max(SINCE, regime.covers.from_), regime.covers.to or "9999"
    return [date.fromisoformat(d) for d in sorted(days | {first}) if first <= d <= last]


def black(regime: Regime) -> list:
    return [rules for rules in regime.lists.values() if rules.colour == "black"]


def test_all_safeguards_of_the_issue_are_there() -> None:
    assert sorted(ISSUE) == NAMES and len(ISSUE) == 17


@pytest.mark.parametrize("name", NAMES)
def test_every_regime_still_makes_sense_and_twice_is_once(name: str) -> None:
    safeguard = read_safeguard(name)
    for regime, before in documents().items():
        untouched = deepcopy(before.data)
        after, touches = laid(name, regime)
        assert before.data == untouched
        assert (after is before) == (not touches)
        check_regime(fit(Regime, after), after)
        again, more = changed(after, safeguard, SINCE)
        assert (again.data, more) == (after.data, [])
        for touch in touches:
            assert touch.regime == regime and touch.before != touch.after and touch.source


@pytest.mark.parametrize("name", NAMES)
def test_before_the_day_nothing_changes(name: str) -> None:
    for regime, after in touched(name).items():
        before = dict(walk_dated(regimes()[regime]))
        for place, dated in walk_dated(after):
            held = on(before[place], BEFORE).value if place in before else None
            assert on(dated, BEFORE).value == held, (regime, place)


@pytest.mark.parametrize("name", NAMES)
def test_every_safeguard_names_its_law_and_touches_somebody(name: str) -> None:
    safeguard = read_safeguard(name)
    cited = [safeguard.sources[law.source].kind for law in safeguard.law]
    assert "law" in cited
    assert touched(name)
    assert len(safeguard.not_modelled) >= 1 and len(" ".join(safeguard.about.split())) > 80


def test_one_source_has_one_description() -> None:
    found: dict[str, object] = {}
    for name in NAMES:
        for key, source in read_safeguard(name).sources.items():
            if source.kind != "assumption":
                assert found.setdefault(key, source) == source, (name, key)


def test_platforms_codes_and_praise_need_no_safeguard() -> None:
    for name in NAMES:
        reached = touched(name)
        for regime in ("cn-credit-platform", "cn-unified-code", "cn-moral-models"):
            assert regime not in reached


def test_the_order_does_not_matter() -> None:
    for folder in (library()[name] for name in SOME):
        forward = read_regime(folder, safeguards=NAMES, since=SINCE)
        assert forward == read_regime(folder, safeguards=NAMES[::-1], since=SINCE)


def test_one_after_the_other_holds_the_same_in_any_order() -> None:
    for document in (documents()[name] for name in SOME):
        forward, backward = document, document
        for name in NAMES:
            forward, _ = changed(forward, read_safeguard(name), SINCE)
        for name in NAMES[::-1]:
            backward, _ = changed(backward, read_safeguard(name), SINCE)
        one, other = fit(Regime, forward), fit(Regime, backward)
        there = {p: d for p, d in walk_dated(one) if p[0] != "bounds"}
        here = {p: d for p, d in walk_dated(other) if p[0] != "bounds"}
        assert there.keys() == here.keys()
        for day in (BEFORE, *in_force(one), LATER):
            assert all(on(there[p], day).value == on(here[p], day).value for p in there)
            for act in acts():
                assert counts(act, bounds_on(one, day)) == counts(act, bounds_on(other, day))


def test_no_safeguard_changes_nothing() -> None:
    folder = library()["cn-spc-judgment-debtors"]
    assert read_regime(folder, safeguards=[], since=SINCE) == read_regime(folder)
    assert names_of(["none"]) == []
    assert names_of(["notice+help", "none", "help"]) == ["help", "notice"]


def test_without_a_day_it_holds_from_the_first_day_of_the_regime() -> None:
    regime = read_regime(library()["us-fico"], safeguards=["five-years"])
    assert [(r.from_, r.value) for r in regime.remedy.record_ends.rows] == [("2009-11-01", 60)]


def test_nothing_is_laid_over_a_regime_that_is_over() -> None:
    document = documents()["cn-suining-2010"]
    assert changed(document, read_safeguard("help"), "2014-07-01") == (document, [])
    assert changed(document, read_safeguard("help"), "2014-06-30")[1]


# What each safeguard promises, on every day from SINCE on.


def test_notice() -> None:
    for regime in touched("notice").values():
        own = [r for r in black(regime) if any(not g.follows for g in r.grounds.values())]
        for day in in_force(regime):
            assert on(regime.remedy.heard_before_listing, day).value is True
            notice = on(regime.remedy.notice_before_listing, day).value
            assert notice / IN_A_MONTH[regime.remedy.notice_before_listing.unit] >= 10 / 21
            for rules in own:
                if any(on(g.holds, day).value for g in rules.grounds.values()):
                    assert on(rules.waits, day).value >= IN_A_MONTH[rules.waits.unit]
    # Seven working days become the month that a society counts; longer waits stay.
    air = touched("notice")["cn-air-misconduct-2018"]
    rows = air.lists["misconduct"].waits.rows
    assert [(r.from_, r.value) for r in rows] == [("2018-05-01", 7), (SINCE, 21)]
    assert rows[1].between == [21, 63] and rows[1].note == "safeguard notice"
    tax = touched("notice")["cn-tax-major-violation"]
    assert [r.value for r in tax.lists["major-violations"].waits.rows] == [60]
    followers = touched("notice")["cn-joint-enforcement"]
    assert followers.lists["judgment_debtors"].waits is None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("help", "help_with_objections"),
        ("reasons", "reasons_given"),
        ("human-review", "human_review"),
        ("method-published", "method_published"),
        ("supervisor", "complaint"),
        ("marking", "marked_as_disputed"),
        ("propagation", "correction_reaches"),
    ],
)
def test_remedies(name: str, key: str) -> None:
    reached = touched(name)
    for regime in reached.values():
        for day in in_force(regime):
            assert on(getattr(regime.remedy, key), day).value is True
    rates = [r for r in regimes().values() if r.score or r.grades or black(r)]
    alive = {r.id for r in rates if (r.covers.to or "9999") >= SINCE}
    assert set(reached) == alive


def test_propagation_also_caps_the_days_after_a_cancelled_basis() -> None:
    for regime in touched("propagation").values():
        dated = regime.remedy.basis_cancelled
        assert all(on(dated, day).value <= 3 for day in in_force(regime))


def test_consent() -> None:
    reached = touched("consent")
    for regime in reached.values():
        assert regime.score or regime.grades
        assert "persons" in regime.who.subjects
        for day in in_force(regime):
            assert on(regime.who.consent, day).value is True
            assert on(regime.who.withdrawal, day).value is True
    assert not {"cn-spc-judgment-debtors", "cn-taxpayer-grades"} & set(reached)
    paths = [t.path for t in laid("consent", "cn-sesame")[1]]
    assert paths == ["who.withdrawal"]  # it asked for consent already


def test_five_years() -> None:
    for regime in (fit(Regime, laid("five-years", name)[0]) for name in library()):
        for day in in_force(regime):
            if regime.score or regime.grades:
                assert on(regime.remedy.record_ends, day).value <= 60
            for rules in black(regime):
                terms = [rules.stays, *(g.stays for g in rules.grounds.values())]
                said = [on(t, day).value for t in terms if t is not None]
                assert all(term <= 60 for term in said if term is not None)
                for ground in rules.grounds.values():
                    acts_or_lists = (ground.acts or ground.listed_on) and not ground.follows
                    if acts_or_lists and on(ground.holds, day).value:
                        assert on(ground.stays or rules.stays, day).value is not None
    debtors = touched("five-years")["cn-spc-judgment-debtors"].lists["dishonest"]
    assert [r.value for r in debtors.grounds["refused"].stays.rows] == [None, None, 60]
    assert [r.value for r in debtors.stays.rows] == [None, 24]
    # What rests on a score or grade ends with it: a term would make it stand on.
    assert touched("five-years")["cn-taxpayer-grades"].lists["named-d"].stays is None


def test_measures_are_bound() -> None:
    for name in ("related", "proportionate"):
        reached = touched(name)
        for regime in reached.values():
            for day in in_force(regime):
                assert [b.only for b in bounds_on(regime, day)] == [name]
        assert all(
            (regime.id in reached) == any(rules.effects for rules in black(regime))
            for regime in regimes().values()
            if regime.platform is None and (regime.covers.to or "9999") >= SINCE
        )


def test_no_expression() -> None:
    reached = touched("no-expression")
    rights = [
        a for a in acts() if a.split(".")[0] in ("petition", "speech") or a == "office.blocked"
    ]
    for regime in regimes().values():
        if regime.id == "cn-suining-2010":  # over by then
            continue
        grounds = [g for rules in black(regime) for g in rules.grounds.values()]
        heard = {*regime.rates, *(act for ground in grounds for act in ground.acts)}
        assert (regime.id in reached) == bool(heard & set(rights))
    for regime in reached.values():
        for day in in_force(regime):
            hit = {*regime.rates} | {
                a for r in black(regime) for g in r.grounds.values() for a in g.acts
            }
            assert not any(counts(act, bounds_on(regime, day)) for act in hit & set(rights))
            assert counts("utility.theft", bounds_on(regime, day))
    first = changed(documents()["cn-suining-2010"], read_safeguard("no-expression"))[1]
    assert [t.after for t in first] == [
        "does not count: speech.defamation",
        "does not count: petition.repeated",
        "does not count: office.blocked",
    ]


def test_no_family() -> None:
    reached = touched("no-family")
    assert set(reached) == {"cn-spc-judgment-debtors", "cn-joint-enforcement", "cn-national-score"}
    for regime in reached.values():
        for rules in black(regime):
            schools = [e for name, e in rules.effects.items() if "school" in name]
            assert not any(on(e.holds, day).value for e in schools for day in in_force(regime))
    praise = reached["cn-joint-enforcement"].lists["honoured"]
    assert on(praise.effects["school"].holds, LATER).value is True


def test_no_shaming() -> None:
    for regime in (fit(Regime, laid("no-shaming", name)[0]) for name in library()):
        names = [(n, e) for rules in black(regime) for n, e in rules.effects.items()]
        if "persons" in regime.who.subjects:
            shame = [e for n, e in names if "publish" in n or n.startswith("named_")]
            assert not any(on(e.holds, day).value for e in shame for day in in_force(regime))
    assert "cn-rongcheng-villages" not in touched("no-shaming")  # a board of praise
    assert len(touched("no-shaming")) == 7


def test_catalogue() -> None:
    reached = touched("catalogue")
    for regime in reached.values():
        grounds = [g for rules in black(regime) for g in rules.grounds.values()]
        for day in in_force(regime):
            bounds = bounds_on(regime, day)
            fields = any(g.field is None and not g.listed_on for g in grounds)
            assert any(b.only == "four-fields" for b in bounds) == fields
            assert not counts("utility.late", bounds) or "utility.late" not in regime.rates
            assert counts("utility.theft", bounds) and counts("judgment.refused", bounds)
            assert counts("civic.volunteering", bounds)
    assert not {"cn-sesame", "de-schufa", "cn-pboc-credit-reference"} & set(reached)
    assert "cn-spc-judgment-debtors" not in reached  # legal duty is one of the four fields


def test_hardship() -> None:
    for regime in touched("hardship").values():
        for day in in_force(regime):
            assert on(regime.remedy.hardship.holds, day).value is True


# Rows of later days, units, and protections that are there already.

RULES = """
id: made-up
covers: {from: 2018-01-01}
sources: {s: {kind: commentary, title: Made up}}
score: {acts: {utility.late: {says: Late}}}
remedy:
  record_ends: {unit: months, rows: [
    {from: 2018-01-01, value: 24, source: s, at: x},
    {from: 2020-01-01, value: 84, source: s, at: x},
    {from: 2022-01-01, value: 36, source: s, at: x},
    {from: 2024-01-01, value: null, source: s, at: x},
    {from: 2025-01-01, value: 72, source: s, at: x}]}
  notice_before_listing: {unit: days, rows: [{from: 2018-01-01, value: 7, source: s, at: x}]}
lists:
  watched:
    says: Watched
    grounds: {late: {says: Late, acts: [utility.late], holds: {unit: yes/no, rows: [
      {from: 2021-01-01, value: true, source: s, at: x}]}}}
"""


def rows(document: Document, *place: str) -> list[tuple[str, object]]:
    at = document.data
    for part in place:
        at = at[part]
    return [(row["from"], row["value"]) for row in at["rows"]]


def test_later_rows_cannot_undo_a_safeguard() -> None:
    found, touches = changed(parse(RULES, "rules"), read_safeguard("five-years"), "2019-01-01")
    assert rows(found, "remedy", "record_ends") == [
        ("2018-01-01", 24),
        ("2020-01-01", 60),
        ("2022-01-01", 36),
        ("2024-01-01", 60),
    ]
    assert touches[0].before == (
        "24 months, from 2020-01-01 84 months, from 2022-01-01 36 months, from 2024-01-01 no rule, "
        "from 2025-01-01 72 months"
    )
    assert touches[0].after == (
        "24 months, from 2020-01-01 60 months, from 2022-01-01 36 months, from 2024-01-01 60 months"
    )
    assert touches[0].source == "Shanghai social credit regulation, art. 35"


def test_a_list_is_safe_from_the_day_on_which_it_begins() -> None:
    found, _ = changed(parse(RULES, "rules"), read_safeguard("five-years"), "2019-01-01")
    assert rows(found, "lists", "watched", "stays") == [("2021-01-01", 60)]


def test_a_value_keeps_the_unit_of_the_rule() -> None:
    found, touches = changed(parse(RULES, "rules"), read_safeguard("notice"), "2019-01-01")
    assert rows(found, "remedy", "notice_before_listing") == [("2018-01-01", 7), ("2019-01-01", 15)]
    assert (touches[0].before, touches[0].after) == ("7 days", "15 days")
    laid_row = found.data["remedy"]["notice_before_listing"]["rows"][1]
    assert laid_row["between"] == [7, 29] and laid_row["source"] == "notice.assume-days"
    assert found.data["sources"]["notice.assume-days"]["kind"] == "assumption"


def test_a_bound_of_the_rules_own_is_enough() -> None:
    text = RULES.replace("utility.late", "petition.groundless")
    own = """
bounds:
  rights: {says: No rights, acts: [petition.*, speech.*], holds: {unit: yes/no, rows: [
    {from: 2018-01-01, value: true, source: s, at: x}]}}
"""
    safeguard = read_safeguard("no-expression")
    assert changed(parse(text, "rules"), safeguard, "2019-01-01")[1]
    assert changed(parse(text + own, "rules"), safeguard, "2019-01-01")[1] == []
    ends = own.replace("at: x}]", "at: x}, {from: 2023-01-01, value: false, source: s, at: x}]")
    assert changed(parse(text + ends, "rules"), safeguard, "2019-01-01")[1]


def test_a_bound_of_the_same_name_is_widened() -> None:
    text = RULES.replace("utility.late", "petition.groundless")
    own = """
bounds:
  no-petition: {says: No letters, acts: [petition.repeated], holds: {unit: yes/no, rows: [
    {from: 2018-01-01, value: true, source: s, at: x}]}}
"""
    found, touches = changed(
        parse(text + own, "rules"), read_safeguard("no-expression"), "2019-01-01"
    )
    bound = found.data["bounds"]["no-petition"]
    assert bound["acts"] == ["petition.repeated", "petition.*"] and len(touches) == 1
    assert changed(found, read_safeguard("no-expression"), "2019-01-01")[1] == []


def test_a_term_is_put_on_the_acts_of_a_list_that_grades_also_lead_to() -> None:
    text = RULES + "      low: {says: Low, grades: [D], holds: {unit: yes/no, rows: []}}\n"
    text = text.replace("grounds: {late:", "grounds:\n      late:").replace(
        "at: x}]}}}\n      low", "at: x}]}}\n      low"
    )
    found, _ = changed(parse(text, "rules"), read_safeguard("five-years"), "2019-01-01")
    assert "stays" not in found.data["lists"]["watched"]
    assert rows(found, "lists", "watched", "grounds", "late", "stays") == [("2021-01-01", 60)]


def test_safeguards_can_be_laid_by_name() -> None:
    found = with_safeguards(
        parse(RULES, "rules"), ["reasons", read_safeguard("help")], "2019-01-01"
    )
    assert found.data["remedy"]["reasons_given"]["rows"][0]["value"] is True
    assert found.data["remedy"]["help_with_objections"]["rows"][0]["value"] is True


# Words.


def test_description() -> None:
    text = describe_safeguard(read_safeguard("notice"))
    for part in (
        "Notice and hearing before listing\n=================================\nsafeguard notice\n",
        "- zhejiang-2017, art. 28: Reasons and grounds are told before listing",
        "- remedy.notice_before_listing is at least 10 working days [assume-days, 5 working",
        "- practice.hearing.appears_wronged: 0.4 [assume-hearing, 0.2 to 0.7]",
        "- assume-month: Whole months between decision and listing (assumption) - assumed because:",
    ):
        assert part in text
    assert all(len(line) <= 100 or "http" in line for line in text.splitlines())


@pytest.mark.parametrize("name", NAMES)
def test_every_safeguard_can_be_described(name: str) -> None:
    safeguard, text = read_safeguard(name), describe_safeguard(read_safeguard(name))
    assert all(key in text for key in safeguard.sources)
    assert safeguard.name in text and "Not modelled" in text


def test_schema() -> None:
    schema = safeguard_schema()
    assert {"id", "law", "changes", "bounds", "practice"} <= set(schema["properties"])
    assert schema["additionalProperties"] is False


# Files with one mistake each.

VALID = """\
schema: change/1
id: own
name: Own safeguard
about: Made up for a test.
law: [{source: act, at: art. 1, says: Something}]
sources:
  act: {kind: law, title: An act, date: 2020-01-01}
  guess: {kind: assumption, title: A guess, because: Nothing is known.}
changes:
  - at_most: remedy.record_ends
    unit: months
    row: {value: 60, source: act, at: art. 5}
bounds:
  quiet:
    says: No talk
    acts: [speech.*]
    holds: {unit: yes/no, row: {value: true, source: guess, between: [false, true]}}
practice:
  marked: {unit: share, row: {value: 0.5, source: guess, between: [0.1, 0.9]}}
not_modelled: []
"""


def test_the_base_of_the_mistakes_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(VALID, encoding="utf-8")
    assert read_safeguard(path).changes[0].how == "at_most"
    path.write_text(VALID.replace("value: 60", "value: 48"), encoding="utf-8")
    assert read_safeguard(path).changes[0].row.value == 48  # edited, so read again


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "remedy.record_ends",
            "remedy.records_end",
            'own.yaml:10: changes, row 1, at_most: "remedy.records_end" is no place in a regime\n'
            '  try: did you mean "record_ends"?',
        ),
        (
            "remedy.record_ends",
            "lists.*.grounds",
            'own.yaml:10: changes, row 1, at_most: "lists.*.grounds" is no dated value of a regime',
        ),
        (
            "source: act, at: art. 5",
            "source: acts, at: art. 5",
            'own.yaml:12: changes, row 1, row.source: source "acts" is not in sources\n'
            '  try: did you mean "act"?',
        ),
        (
            "source: act, at: art. 5",
            "source: act",
            'own.yaml:12: changes, row 1, row: say at which place in "act" the value stands '
            "(at: ...)",
        ),
        (
            "source: act, at: art. 5",
            "source: guess",
            'own.yaml:12: changes, row 1, row: "guess" is an assumption, so the row needs between: '
            "[low, high]",
        ),
        (
            ", between: [0.1, 0.9]",
            "",
            'own.yaml:19: practice.marked.row: "guess" is an assumption, so the row needs between: '
            "[low, high]",
        ),
        (
            "unit: months",
            "unit: days",
            "own.yaml:11: changes, row 1, unit: this unit does not fit here\n"
            "  got: days\n  expected: months",
        ),
        (
            "  - at_most: remedy.record_ends",
            "  - at_most: remedy.record_ends\n    set: remedy.record_ends",
            "own.yaml:10: changes, row 1: a change needs one of set, at_most and at_least\n"
            "  got: set and at_most",
        ),
        (
            "speech.*",
            "speach.*",
            'own.yaml:16: bounds.quiet.acts, row 1: no act of the vocabulary is "speach.*"\n'
            '  try: did you mean "speech.*"?',
        ),
        (
            "id: own",
            "id: other",
            "own.yaml:2: id: the id must be the name of the file\n  got: other\n  expected: own",
        ),
        (
            "law: [{source: act,",
            "law: [{source: akt,",
            'own.yaml:5: law, row 1, source: source "akt" is not in sources\n'
            '  try: did you mean "act"?',
        ),
        (
            "because: Nothing is known.",
            "note: Nothing is known.",
            "own.yaml:8: sources.guess: a source of kind assumption needs a reason\n"
            "  try: because: ...",
        ),
        (
            "changes:",
            "change:",
            'own.yaml:9: change: unknown key "change"\n  try: did you mean "changes"?',
        ),
    ],
)
def test_mistakes(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    assert VALID.count(old) >= 1
    path.write_text(VALID.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScslabError) as caught:
        read_safeguard(path)
    assert str(caught.value).replace(str(path), "own.yaml") == message


def test_an_unknown_safeguard_gets_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(ScslabError) as caught:
        find_safeguard("notices", where="here")
    assert str(caught.value) == 'here: no safeguard "notices"\n  try: did you mean "notice"?'
    (tmp_path / "safeguards").mkdir()
    (tmp_path / "safeguards" / "my-own.yaml").write_text(VALID, encoding="utf-8")
    with pytest.raises(ScslabError, match='did you mean "my-own"'):
        find_safeguard("my-won", tmp_path)
    assert find_safeguard("my-own", tmp_path).stem == "my-own"
