"""Grounds and measures of persons or organisations only; who takes part since when; size."""

from catalogue import closure
from scslab.regimes.cases import Case, CaseOrganisation, CasePerson, CaseRecord
from scslab.regimes.judge import judge
from scslab.regimes.load import read_regime
from small import (
    START,
    held,
    lived_through,
    months,
    one_list,
    one_score,
    points,
    run,
    step_through,
    study,
    totals,
    write_regime,
    yes,
)

ACT = "charity.donation"  # both persons and organisations commit it
ORGANISATIONS = {
    "attributes": {"body": ["firm", "government body"]},
    "counts": "organisations",
    "margins": [{"over": ["body"], "shares": {"firm": 0.8, "government body": 0.2}}],
}


def mixed(folder, **more):
    society = {
        "margins": {
            "attributes": {"sex": ["female", "male"]},
            "margins": [{"over": ["sex"], "shares": {"female": 0.5, "male": 0.5}}],
        },
        "persons": 2000,
        "organisations": {"margins": ORGANISATIONS, "count": 1000},
    }
    rate = held("acts per 1000 person-years", 600)
    agencies = {"watch": {"says": "Looks", "sees": [ACT], "detection": held("share", 1.0)}}
    return study(folder, society=society, conduct={ACT: {"rate": rate}}, agencies=agencies, **more)


def both(**list_parts):
    rules = one_list((ACT,), None, **list_parts)
    return {"who": {"subjects": ["persons", "organisations"]}, "lists": rules}


def test_a_ground_for_organisations_lists_no_person(tmp_path):
    parts = both()
    parts["lists"]["listed"]["grounds"]["did"]["subjects"] = ["organisations"]
    write_regime(tmp_path, "firms-only", **parts)
    found = run(mixed(tmp_path, regimes=["firms-only"]))
    listed = found.table("listings", by=["subject"]).groupby("subject")["entries"].sum()
    assert listed["organisation"] > 300 and listed["person"] == 0
    rules = read_regime(tmp_path / "firms-only")
    records = [CaseRecord(act=ACT, ended=START)]
    person = Case(name="p", on=START, person=CasePerson(age=30), records=records, expect={})
    firm = person.model_copy(update={"person": None, "organisation": CaseOrganisation()})
    assert not judge(rules, person).listed
    assert judge(rules, firm).listed


def test_a_measure_for_persons_refuses_no_organisation(tmp_path):
    effect = {"says": "No planes", "subjects": ["persons"], "holds": yes()}
    write_regime(tmp_path, "no-planes", **both(effects={"planes": effect}))
    use = {"use": "no-planes", "bites": {"planes": held("attempts per listed person-year", 12)}}
    found = run(mixed(tmp_path, regimes=[use]))
    lived = found.table("measures", by=["subject"]).groupby("subject")["refused"].sum()
    assert lived["person"] > 1000
    assert lived.get("organisation", 0) == 0
    listed = found.table("listings", by=["subject"]).groupby("subject")["entries"].sum()
    assert listed["organisation"] > 300


def test_nothing_is_counted_of_a_regime_before_it_takes_part(tmp_path):
    write_regime(tmp_path, "early", lists=one_list())
    write_regime(tmp_path, "late", lists=one_list())
    file = study(tmp_path, regimes=["early", {"use": "late", "since": "2020-06"}])
    found = run(file)
    for column in ("records", "acts", "entries", "covered"):
        assert (totals(found, column, "late")[:5] == 0).all(), column
        assert (totals(found, column, "late")[5:] == totals(found, column, "early")[5:]).all() or (
            column == "entries"
        )
    assert totals(found, "entries", "late")[5:].sum() > 0


def test_organisations_go_along_with_the_number_of_persons(tmp_path):
    write_regime(tmp_path, "any", **both())
    file = mixed(tmp_path, regimes=["any"])
    assert run(file).manifest["organisations"] == 1000
    assert run(file, persons=200).manifest["organisations"] == 100
    assert run(file, persons=200, organisations=7).manifest["organisations"] == 7


def graded(folder, **more):
    """Everybody begins with 10; a breach costs 1; whoever has 9 is C and so on the list."""
    ground = {"says": "Is C", "grades": ["C"], "holds": yes()}
    write_regime(
        folder,
        "graded",
        score=one_score(10, breach=-1),
        grades={"lowest": "D", "floors": {"B": points(10), "C": points(9)}},
        lists={"low": {"says": "Those of C", "grounds": {"is": ground}}},
        **more,
    )


def test_a_listing_by_grade_leaves_with_the_grade(tmp_path):
    """A list without a term that a grade leads to holds exactly those with the grade."""
    graded(tmp_path)
    _, _, state, _ = lived_through(study(tmp_path, regimes=["graded"], length=10))
    assert (state.listed[0] == (state.score[0] == 9)).all()
    assert (state.score[0] == 9).any() and (state.score[0] < 9).any()


def test_who_rises_into_a_grade_is_listed_in_the_month_after(tmp_path):
    """From 8 points a lapsed record brings back to 9, which is a ground."""
    graded(tmp_path, remedy={"record_ends": months(3)})
    before = None
    for _, _, state, _ in step_through(study(tmp_path, regimes=["graded"], length=10)):
        now = state.score[0] == 9
        if before is not None:
            assert state.listed[0][before & now].all()
            assert not state.listed[0][~before & ~now].any()
        before = now.copy()


def test_the_court_list_binds_the_heads_of_bodies_and_lists_no_person_for_them():
    regime = closure("cn-government-defaulters")[0]
    assert regime.lists["defaulters"].grounds["court_list"].subjects == ["organisations"]


def test_records_of_other_subjects_only_are_not_counted(tmp_path):
    parts = both()
    parts["lists"]["listed"]["grounds"]["did"]["subjects"] = ["organisations"]
    write_regime(tmp_path, "firms-only", **parts)
    found = run(mixed(tmp_path, regimes=["firms-only"]))
    counted = found.table("records", by=["subject"]).groupby("subject")["records"].sum()
    assert counted["organisation"] > 300
    assert counted.get("person", 0) == 0
