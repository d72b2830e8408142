"""What single tests make of small changes to a clean file."""

from pathlib import Path
from typing import Any

import pytest

from faulty_rules import changed
from scslab.core.audit import Finding
from scslab.evaluation.audit import audit, read_rule_file


def dated(unit: str, value: Any, source: str = "law") -> dict[str, Any]:
    row: dict[str, Any] = {"from": "2024-01-01", "value": value, "source": source, "at": "art. 1"}
    return {"unit": unit, "rows": [row]}


def yes(source: str = "law") -> dict[str, Any]:
    return dated("yes/no", True, source)


def put(*pairs: tuple[str, Any]) -> list[dict[str, Any]]:
    """Values at places, parts with slashes between them (acts have dots)."""
    return [{"at": place.split("/"), "value": value} for place, value in pairs]


def findings(
    tmp_path: Path, base: str, criterion: str, sets: Any = (), remove: Any = ()
) -> dict[str, Finding]:
    report = audit([read_rule_file(changed(base, "case", tmp_path, sets, remove))])
    return {f.rule: f for f in report.findings if f.criterion == criterion}


def effect(says: str = "Something", **more: Any) -> dict[str, Any]:
    return {"says": says, "by": "the court", "holds": yes(), **more}


def test_field_and_severity_that_the_file_gives_win(tmp_path: Path) -> None:
    sets = put(("lists/debtors/effects/own", effect(context="culture", severity="serious")))
    related = findings(tmp_path, "court-list", "cn.related", sets)
    assert related["lists.debtors.effects.own"].verdict == "not met"
    assert related["lists.debtors.effects.own"].severity == "serious"


def test_a_measure_that_nobody_knows_is_not_testable(tmp_path: Path) -> None:
    sets = put(("lists/debtors/effects/own", effect()))
    for criterion, word in (("cn.related", "field of life"), ("cn.proportionate", "How hard")):
        found = findings(tmp_path / criterion, "court-list", criterion, sets)
        one = found["lists.debtors.effects.own"]
        assert one.verdict == "not testable" and word in one.cause


def test_waiting_without_notice_is_partly(tmp_path: Path) -> None:
    found = findings(
        tmp_path, "court-list", "cn.notice", remove=[("remedy", "notice_before_listing")]
    )
    one = found["remedy.notice_before_listing"]
    assert one.verdict == "partly" and "waits" in one.cause


@pytest.mark.parametrize(
    ("unit", "value", "verdict"),
    [
        ("working days", 20, "met"),
        ("working days", 21, "not met"),
        ("days", 28, "met"),
        ("days", 29, "not met"),
    ],
)
def test_the_longest_deadline(tmp_path: Path, unit: str, value: int, verdict: str) -> None:
    sets = put(("remedy/objection", dated(unit, value)))
    found = findings(tmp_path, "court-list", "cn.objection-deadline", sets)
    assert found["remedy.objection"].verdict == verdict


def test_one_late_deadline_of_two_is_partly(tmp_path: Path) -> None:
    sets = put(
        ("remedy/objection_own_data", dated("working days", 3)),
        ("remedy/objection_others_data", dated("working days", 30)),
    )
    found = findings(
        tmp_path, "court-list", "cn.objection-deadline", sets, [("remedy", "objection")]
    )
    assert {r: f.verdict for r, f in found.items()} == {"remedy.objection_others_data": "partly"}


@pytest.mark.parametrize(("months", "verdict"), [(60, "met"), (61, "not met")])
def test_five_years_are_sixty_months(tmp_path: Path, months: int, verdict: str) -> None:
    sets = put(("remedy/record_ends", dated("months", months)))
    found = findings(tmp_path, "city-rewards", "cn.five-years", sets)
    assert found["remedy.record_ends"].verdict == verdict


def test_a_list_that_ends_on_performance_only_needs_a_lawyer(tmp_path: Path) -> None:
    found = findings(
        tmp_path, "court-list", "cn.five-years", remove=[("lists", "debtors", "stays")]
    )
    one = found["lists.debtors.stays"]
    assert one.verdict == "needs a lawyer" and "performance" in one.cause


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        ("Banks must refuse loans", "not met"),
        ("Banks may not lend", "not met"),
        ("Loans are refused", "needs a lawyer"),
        ("Banks may take it into account", None),
        ("Banks are told", None),
    ],
)
def test_words_that_force_banks(tmp_path: Path, says: str, verdict: str | None) -> None:
    sets = put(("lists/debtors/effects/finance/says", says))
    found = findings(tmp_path, "court-list", "cn.banks-not-forced", sets)
    one = found.get("lists.debtors.effects.finance")
    assert (one.verdict if one else None) == verdict


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        ("No good schools for the children", "not met"),
        ("No school with high fees for the children", "needs a lawyer"),
        ("No nights in hotels", None),
    ],
)
def test_measures_that_bite_on_relatives(tmp_path: Path, says: str, verdict: str | None) -> None:
    sets = put(("lists/debtors/effects/own", effect(says, context="courts", severity="slight")))
    found = findings(tmp_path, "court-list", "cn.family", sets)
    one = found.get("lists.debtors.effects.own")
    assert (one.verdict if one else None) == verdict


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [("law", "met"), ("rule", "needs a lawyer"), ("press", "not met"), ("commentary", "not met")],
)
def test_who_says_that_names_are_published(tmp_path: Path, kind: str, verdict: str) -> None:
    sets = put(
        ("sources/other", {"kind": kind, "title": "Made up", "date": "2023-01-01"}),
        (
            "lists/debtors/effects/name_published",
            {"says": "Names are shown", "holds": yes("other")},
        ),
    )
    found = findings(tmp_path, "court-list", "cn.names", sets)
    assert found["lists.debtors.effects.name_published"].verdict == verdict


def test_confidence_follows_the_source(tmp_path: Path) -> None:
    sets = put(
        ("sources/guess", {"kind": "assumption", "title": "A guess", "because": "It is a test."}),
        (
            "remedy/reasons_given",
            {
                "unit": "yes/no",
                "rows": [
                    {
                        "from": "2024-01-01",
                        "value": False,
                        "source": "guess",
                        "between": [False, True],
                    }
                ],
            },
        ),
    )
    one = findings(tmp_path, "court-list", "cn.reasons", sets)["remedy.reasons_given"]
    assert (one.confidence, one.why_confidence) == ("low", "the rule is an assumption of the file")
    assert one.rows[0].basis == "assumed"


def test_a_company_may_be_declared_and_so_may_a_public_body(tmp_path: Path) -> None:
    sets = put(("limits/operated_by_public_body", dated("yes/no", False)))
    assert not findings(tmp_path / "a", "court-list", "cn.related", sets)
    assert findings(tmp_path / "b", "court-list", "cn.related")


def test_health_by_an_act_with_consent_needs_a_lawyer(tmp_path: Path) -> None:
    act = {"says": "Donates blood", "points": dated("points", 5)}
    sets = put(("score/acts/civic.blood-donation", act))
    rule = "score.acts.civic.blood-donation"
    for criterion in ("pipl.sensitive-data", "gdpr.special-data", "cn.banned-data"):
        found = findings(tmp_path / criterion, "city-rewards", criterion, sets)
        assert found[rule].verdict == "needs a lawyer", criterion
    more = [*sets, *put(("who/consent", dated("yes/no", False)))]
    found = findings(tmp_path / "no", "city-rewards", "pipl.sensitive-data", more)
    assert found[rule].verdict == "not met"
    limit = put(("limits/separate_consent_for_sensitive_data", yes()))
    found = findings(tmp_path / "sep", "city-rewards", "pipl.sensitive-data", [*more, *limit])
    assert found[rule].verdict == "met"


def test_elements_decide_together(tmp_path: Path) -> None:
    rule = "lists.low.effects.deposit_free_services"

    def told(name: str, *pairs: tuple[str, Any]) -> tuple[str, dict[str, str]]:
        found = findings(tmp_path / name, "lender-score", "ai-act.unrelated", put(*pairs))[rule]
        return found.verdict, {e.id: e.there for e in found.elements}

    verdict, there = told("as-is")
    assert verdict == "met" and there["unrelated"] == "not there"
    verdict, there = told("travel", ("lists/low/effects/deposit_free_services/context", "travel"))
    assert verdict == "not met"
    assert there == {
        "system": "taken as given",
        "over-time": "there",
        "behaviour": "there",
        "detriment": "there",
        "unrelated": "there",
    }
    utilities = ("score/acts/utility.late-in-court/points", dated("points", 0))
    travel = ("lists/low/effects/deposit_free_services/context", "travel")
    verdict, there = told("only-credit", utilities, travel)
    assert verdict == "needs a lawyer" and there["behaviour"] == "unclear"


def test_only_a_single_act_that_suffices_is_out_of_proportion(tmp_path: Path) -> None:
    rule = "lists.low.effects.deposit_free_services"
    serious = ("lists/low/effects/deposit_free_services/severity", "serious")
    for points, verdict in ((-50, "not met"), (-30, "needs a lawyer")):
        act = {"says": "Returns a thing late", "points": dated("points", points)}
        sets = put(("score/acts/hire.late-return", act), serious)
        found = findings(tmp_path / str(points), "lender-score", "ai-act.disproportionate", sets)
        assert found[rule].verdict == verdict


def test_a_benefit_withheld_is_for_a_lawyer_a_small_one_is_not(tmp_path: Path) -> None:
    found = findings(tmp_path / "a", "city-rewards", "ai-act.unrelated")
    assert {f.verdict for f in found.values()} == {"met"}
    sets = put(
        ("rewards/relief", {"says": "Is preferred for relief", "grades": ["A"], "gives": yes()})
    )
    found = findings(tmp_path / "b", "city-rewards", "ai-act.unrelated", sets)
    assert found["rewards.relief"].verdict == "needs a lawyer"


def test_a_drop_on_a_ladder_that_suffices(tmp_path: Path) -> None:
    ground = {"says": "Has grade red", "grades": ["red"], "holds": yes()}
    sets = put(
        ("lists/red/says", "Red factories"),
        ("lists/red/grounds", {"red": ground}),
        ("lists/red/effects", {"market_entry": effect("No new plants")}),
        ("grades/acts/waste.unsorted", {"says": "Unsorted", "drops": dated("grades", 2)}),
        ("who/subjects", ["persons", "organisations"]),
    )
    found = findings(tmp_path, "environment-ladder", "cn.proportionate", sets)
    assert found["lists.red.effects.market_entry"].verdict in ("not met", "needs a lawyer")
    report = audit([read_rule_file(tmp_path / "case")])
    wrong = [f for f in report.failed if f.criterion == "cn.proportionate"]
    assert [f.acts for f in wrong] == [("waste.unsorted",)]


def test_an_unknown_list_elsewhere_is_said(tmp_path: Path) -> None:
    ground = {"says": "Listed elsewhere", "listed_on": ["xx-none/some"], "holds": yes()}
    sets = put(("lists/debtors/grounds/elsewhere", ground))
    report = audit([read_rule_file(changed("court-list", "case", tmp_path, sets))])
    found = [f for f in report.of("not testable") if "xx-none/some" in f.condition]
    assert {f.criterion for f in found} == {"cn.related", "cn.proportionate"}


def no() -> dict[str, Any]:
    return dated("yes/no", False)


FURTHER = [
    ("city-rewards", "limits/banned_data", yes(), {"cn.banned-data"}),
    ("city-rewards", "limits/information_beyond_the_catalogue", yes(), {"cn.catalogue"}),
    ("city-rewards", "limits/slight_corrected_acts_count", yes(), {"cn.slight-acts"}),
    ("city-rewards", "limits/personal_status_counts", yes(), {"cn.credit-related"}),
    ("city-rewards", "limits/personal_records_published", yes(), {"cn.names"}),
    ("court-list", "limits/unrelated_measures", yes(), {"cn.related"}),
    ("court-list", "limits/disproportionate_measures", yes(), {"cn.proportionate"}),
    ("court-list", "limits/banks_and_media_forced_to_punish", yes(), {"cn.banks-not-forced"}),
    ("court-list", "limits/lists_outside_the_four_fields", yes(), {"cn.four-fields"}),
    ("food-list", "limits/representative_listed_for_the_firm", yes(), {"cn.family"}),
    ("food-list", "limits/measures_without_a_list_or_law", yes(), {"cn.published-measures"}),
    ("court-list", "lists/debtors/stays", dated("months", 72), {"cn.five-years"}),
    ("city-rewards", "remedy/basis_cancelled", dated("working days", 30), {"cn.basis-cancelled"}),
    (
        "city-rewards",
        "score/acts/family.parents-neglected",
        {"says": "Neglects old parents", "points": dated("points", -30)},
        {"cn.catalogue", "cn.credit-related"},
    ),
    (
        "city-rewards",
        "score/acts/civic.investment-brought",
        {"says": "Brings an investor", "points": dated("points", 30)},
        {"cn.catalogue", "cn.credit-related"},
    ),
    (
        "taxpayer-points",
        "score/acts/party.no-group",
        {"says": "Has no Party group", "points": dated("points", -5)},
        {"cn.catalogue", "cn.credit-related"},
    ),
    (
        "taxpayer-points",
        "score/acts/tax.late-return",
        {"says": "Files late", "points": dated("points", -5)},
        {"cn.slight-acts"},
    ),
]


@pytest.mark.parametrize(("base", "place", "value", "criteria"), FURTHER)
def test_further_faults(
    tmp_path: Path, base: str, place: str, value: Any, criteria: set[str]
) -> None:
    report = audit([read_rule_file(changed(base, "case", tmp_path, put((place, value))))])
    assert {f.criterion for f in report.failed} == criteria
    assert {f.rule for f in report.failed} == {place.replace("/", ".")}
    # The same limit as a "no" is a promise that nothing breaks.
    if place.startswith("limits/") and value == yes():
        kept = audit([read_rule_file(changed(base, "kept", tmp_path, put((place, no()))))])
        assert not kept.failed
