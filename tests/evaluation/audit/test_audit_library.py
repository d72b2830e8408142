"""The audit of the whole library: complete, specific, and mended by the safeguards it asks for."""

from collections import Counter
from pathlib import Path

import pytest

from scslab.core.audit import AuditReport, Verdict, counts, grouped, worst
from scslab.core.errors import ScslabError
from scslab.evaluation.audit import audit, criteria, read_rule_file
from scslab.regimes.load import library
from scslab.report.audit_hypothetical import as_if, hypothetical


@pytest.fixture(scope="module")
def report() -> AuditReport:
    return audit([read_rule_file(folder) for folder in library().values()])


def one(name: str, on: str | None = None, safeguards: tuple[str, ...] = ()) -> AuditReport:
    return audit([read_rule_file(library()[name], safeguards)], on=on)


def test_every_criterion_is_applied_or_said_not_to_apply(report: AuditReport) -> None:
    applied = {(f.criterion, f.regime) for f in report.findings}
    left = {(n.criterion, n.regime) for n in report.not_applied}
    assert not applied & left
    assert applied | left == {(c, r.id) for c in criteria() for r in report.scope}
    assert all(n.why for n in report.not_applied)


def test_every_finding_is_specific(report: AuditReport) -> None:
    texts: dict[str, list[str]] = {}
    for f in report.findings:
        assert f.rule and f.rule_text and f.condition and f.cause, f
        assert not f.condition[0].islower() and not f.cause[0].islower()
        if f.verdict in ("not met", "partly"):
            assert f.effect and f.recommendation, f
        if f.verdict == "met":
            assert not f.recommendation
        if f.file not in texts:
            path = library()[f.regime] / "regime.yaml"
            texts[f.file] = path.read_text(encoding="utf-8").splitlines()
        assert 1 <= f.line <= len(texts[f.file])
    per_regime = Counter((f.regime, f.id) for f in report.findings)
    assert max(per_regime.values()) == 1


def test_a_rule_has_one_verdict_of_each_kind_per_criterion(report: AuditReport) -> None:
    seen = Counter((f.regime, f.criterion, f.rule, f.verdict, f.acts) for f in report.findings)
    assert max(seen.values()) == 1


def test_the_same_files_give_the_same_report(report: AuditReport) -> None:
    again = audit([read_rule_file(folder) for folder in library().values()])
    assert again == report


def test_no_attribute_is_a_score(report: AuditReport) -> None:
    assert not [name for name in dir(report) if "score" in name or "rating" in name]


def test_the_forgery_of_old_suining_is_told_by_its_acts() -> None:
    report = one("cn-suining-2010")
    assert report.scope[0].day == "2014-06-30"
    assert report.scope[0].why_day == "the last day that the file covers"
    rules = {f.rule for f in report.failed if f.criterion == "cn.credit-related"}
    assert rules == {
        f"score.acts.{act}"
        for act in (
            "civic.investment-brought",
            "family.parents-neglected",
            "party.serious-warning",
            "family.extra-birth",
            "family.violence",
            "petition.repeated",
            "speech.defamation",
        )
    }
    banned = [f for f in report.failed if f.criterion == "ai-act.unrelated"]
    assert [f.rule.split(".")[-1] for f in banned] == ["political_review", "licences", "support"]
    assert {e.there for f in banned for e in f.elements if e.id != "system"} == {"there"}


def test_flights_of_debtors_need_a_lawyer_with_both_sides() -> None:
    report = one("cn-spc-judgment-debtors")
    cells = [f for f in report.findings if f.rule == "lists.dishonest.effects.flights"]
    related = next(f for f in cells if f.criterion == "cn.related")
    assert related.verdict == "needs a lawyer"
    assert "high spending; others see freedom to travel" in related.cause
    luxury = [
        f
        for f in report.findings
        if f.rule.endswith("dishonest.effects.luxury_spending") and f.criterion == "cn.related"
    ]
    assert [f.verdict for f in luxury] == ["met"]


def test_a_list_that_one_act_enters_is_at_most_for_a_lawyer(report: AuditReport) -> None:
    for f in report.findings:
        if f.criterion.startswith("ai-act") and f.verdict == "not met":
            there = {e.id: e.there for e in f.elements}
            assert there["over-time"] == "there"


def test_persons_are_protected_not_organisations(report: AuditReport) -> None:
    grades = [n for n in report.not_applied if n.regime == "cn-taxpayer-grades"]
    assert {n.criterion for n in grades} >= {c for c in criteria() if c.startswith("gdpr")}
    why = next(n.why for n in grades if n.criterion == "gdpr.contest")
    assert why == "it protects persons; only organisations are rated"


def test_companies_are_not_bound_by_limits_on_public_bodies(report: AuditReport) -> None:
    public = {r.id: r.public for r in report.scope}
    assert [public[x] for x in ("cn-sesame", "de-schufa", "us-fico")] == ["company"] * 3
    assert set(public.values()) == {"company", "public body"}
    mine = {f.criterion for f in report.findings if f.regime == "de-schufa"}
    assert "cn.related" not in mine and "cn.objection-mark" in mine


def test_hypothetical_tests_say_so(report: AuditReport) -> None:
    rules = {r.id: r for r in report.scope}
    found = criteria()
    assert as_if(found["gdpr.contest"], rules["cn-sesame"]) == "as if used in the EU"
    assert as_if(found["gdpr.contest"], rules["de-schufa"]) == ""
    assert as_if(found["cn.consent"], rules["de-schufa"]) == "as if used in Rongcheng"
    assert as_if(found["cn.proportionate"], rules["de-schufa"]) == "as if used in China"
    # A regional text binds in its region only, and No. 49 all over China.
    related = found["cn.related"]
    assert as_if(found["cn.proportionate"], rules["cn-spc-judgment-debtors"]) == ""
    assert as_if(related, rules["cn-spc-judgment-debtors"]) == (
        "as if used in Shanghai, Shandong or Shenzhen"
    )
    assert as_if(related, rules["cn-shanghai-waste-sorting"]) == ""
    assert as_if(found["cn.consent"], rules["cn-rongcheng-villages"]) == ""
    # The regulation on credit reporting binds bureaux, not courts.
    assert as_if(found["cn.objection-mark"], rules["cn-baihang"]) == ""
    assert as_if(found["cn.objection-mark"], rules["cn-spc-judgment-debtors"]) == (
        "as if used in Shanghai"
    )
    old = as_if(found["pipl.deletion"], rules["cn-suining-2010"])
    assert old == "as if in force before 2021-11-01"


def test_the_report_says_where_regional_articles_are_used_as_if() -> None:
    report = one("cn-suining-2010")
    lines = hypothetical(report, report.scope[0])
    assert "PIPL: as if already in force on 2014-06-30 (it is since 2021-11-01)" in lines
    chinese = lines[-1]
    assert chinese.startswith("Chinese limits: regional articles as if used in Shenzhen, Shanghai")
    assert "document 2020 No. 49 holds nationwide" in chinese
    assert "Shanghai (since 2017-10-01), Zhejiang (since 2018-01-01)" in chinese
    # It was in force on the day, so it is not among those that came later.
    assert "2013-03-15" not in chinese


def test_silence_of_a_file_is_no_fact_about_the_world(report: AuditReport) -> None:
    for f in report.of("not met", "partly"):
        if f.rule_text.endswith("nothing declared"):
            assert f.effect.startswith("If "), (f.regime, f.criterion, f.effect)
    for f in report.failed:
        if f.criterion.endswith("human-decision"):
            assert "says that there is none" in f.cause
    court = {f.criterion: f for f in one("cn-spc-judgment-debtors").findings}
    assert court["cn.notice"].verdict == "partly" and "is warned before" in court["cn.notice"].cause
    assert court["gdpr.human-decision"].verdict == "needs a lawyer"
    assert "a contract, a law or explicit consent" in court["gdpr.human-decision"].cause


def test_a_guess_that_may_fail_is_not_testable() -> None:
    found = {f.criterion: f for f in one("cn-spc-judgment-debtors").findings}
    late = found["cn.objection-deadline"]
    assert late.verdict == "not testable"
    assert (
        late.cause == "Whether it is in time is not known: assumed, between 3 and 60 working days."
    )
    assert "The file assumes it" in found["gdpr.contest"].cause


def test_a_term_of_some_grounds_only_is_for_a_lawyer_under_both_laws() -> None:
    found = one("cn-spc-judgment-debtors").findings
    cells = {f.criterion: f for f in found if f.criterion in ("pipl.deletion", "cn.five-years")}
    assert cells["pipl.deletion"].verdict == "needs a lawyer"
    assert "There is no term for" in cells["pipl.deletion"].cause


def test_a_score_whose_use_is_not_in_the_file_is_not_passed() -> None:
    found = {(f.criterion, f.rule): f for f in one("de-schufa").findings}
    for criterion in ("ai-act.unrelated", "ai-act.disproportionate"):
        assert found[criterion, "score"].verdict == "not testable"
        assert "not in the file" in found[criterion, "score"].cause
    assert found["gdpr.score-as-decision", "score"].verdict == "needs a lawyer"


def test_a_measure_of_the_acts_own_field_by_a_grade_of_many_is_for_a_lawyer() -> None:
    found = {
        f.criterion: f
        for f in one("cn-suining-2010").findings
        if f.rule == "lists.warned.effects.strict_inspection"
    }
    for criterion in ("cn.related", "ai-act.unrelated"):
        assert found[criterion].verdict == "needs a lawyer", criterion
        assert "of several fields" in found[criterion].cause


def test_an_act_that_reveals_special_data_is_for_a_lawyer() -> None:
    found = [f for f in one("cn-suining-2010").findings if f.criterion == "gdpr.special-data"]
    party = next(f for f in found if "party" in f.rule)
    assert party.verdict == "needs a lawyer"
    assert party.cause.endswith("A substantial public interest is not tested.")


def test_a_closed_list_is_tested_while_it_was_open() -> None:
    name = "cn-yangzhou-petitioners-2019"
    assert not one(name).findings
    open_then = one(name, on="2020-06-01")
    failed = {f.rule for f in open_then.failed if f.criterion == "cn.catalogue"}
    assert failed == {
        f"lists.petitioners.grounds.{ground}"
        for ground in ("groundless", "wrong_place", "skips_levels")
    }


def test_a_day_outside_is_refused_for_one_and_left_out_of_many() -> None:
    with pytest.raises(ScslabError, match="cn-sesame covers 2015-01-28 onward"):
        one("cn-sesame", on="2010-01-01")
    files = [read_rule_file(library()[n]) for n in ("cn-sesame", "cn-suining-2010")]
    both = audit(files, on="2012-01-01")
    assert [r.id for r in both.scope] == ["cn-suining-2010"]
    assert both.left_out == (
        ("cn-sesame", "cn-sesame covers 2015-01-28 onward; 2012-01-01 was asked"),
    )
    with pytest.raises(ScslabError, match="no file covers this day"):
        audit(files, on="1999-01-01")


def test_a_listing_elsewhere_leads_to_its_acts() -> None:
    report = one("cn-joint-enforcement")
    acts = {
        a for f in report.findings if f.rule.startswith("lists.judgment_debtors") for a in f.acts
    }
    assert "judgment.refused" in acts
    assert not [f for f in report.findings if "in no file that the audit can see" in f.cause]


MENDS = {
    "notice": {"cn.notice", "cn.hearing", "gdpr.contest"},
    "reasons": {"cn.reasons", "pipl.explanation"},
    "marking": {"cn.objection-mark"},
    "human-review": {"gdpr.human-decision", "pipl.human-decision"},
    "method-published": {"pipl.transparent", "cn.explainable"},
    "no-shaming": {"cn.names"},
    "propagation": {"cn.basis-cancelled"},
    "five-years": {"cn.five-years", "pipl.deletion"},
}


@pytest.mark.parametrize("name", sorted(MENDS))
def test_a_safeguard_mends_what_it_is_for_and_breaks_nothing(
    name: str, report: AuditReport
) -> None:
    laid = audit([read_rule_file(folder, (name,)) for folder in library().values()])
    # Whether a human looks is "not met" only where a file denies it; none of the library does.
    asked: tuple[Verdict, ...] = ("not met",)
    asked = (*asked, "needs a lawyer") if name == "human-review" else asked
    before = {(f.regime, f.criterion, f.rule) for f in report.of(*asked)}
    after = {(f.regime, f.criterion, f.rule) for f in laid.of(*asked)}
    assert not after - before
    mended = {criterion for _, criterion, _ in before - after}
    assert mended and mended <= MENDS[name]
    assert {r.safeguards for r in laid.scope} == {name}


def test_findings_that_say_the_same_are_grouped(report: AuditReport) -> None:
    groups = grouped(report.failed)
    assert sum(len(g.findings) for g in groups) == len(report.failed)
    assert len(groups) < len(report.failed)
    assert worst(()) is None
    assert sum(counts(report.findings).values()) == len(report.findings)


def test_library_files_are_named_without_a_path_of_this_machine(report: AuditReport) -> None:
    assert {f.file for f in report.findings} <= {
        f"scslab/regimes/library/{name}/regime.yaml" for name in library()
    }


def test_a_file_that_was_given_keeps_its_name(tmp_path: Path) -> None:
    from faulty_rules import changed

    folder = changed("court-list", "mine", tmp_path)
    assert read_rule_file(folder).document.name == (folder / "regime.yaml").as_posix()
