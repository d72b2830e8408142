"""A story agrees with the run: with its counts, its rules, and with nobody else's luck."""

import pytest
from traced import practice, rich, run_folder, unusual

from mechanisms import FIRM_ACT, mixed
from scslab.core.calendar import day, first_day, month, month_text
from scslab.core.story import STUDY
from scslab.core.values import on
from scslab.lab.run import read_run
from scslab.lab.trace.behind import Library
from scslab.lab.trace.cases import counts
from scslab.lab.trace.trace import live_again, story_of, trace
from small import (
    BREACH,
    agency,
    false_monthly,
    held,
    in_first_month,
    listing_study,
    one_list,
    share,
    step_through,
    study,
    totals,
    write_regime,
    yes,
)

FLIGHTS = {"effects": {"flights": {"says": "No flights", "holds": yes()}}}
BITES = {"flights": held("attempts per listed person-year", 12)}
FIRMS = {"subjects": ["organisations"]}
KNOWN = {"notice": share(1.0), "objects_wronged": share(1.0)}


def kinds(story):
    return [step.kind for step in story.steps]


def at(story, kind):
    """The months of the steps of a kind, as text."""
    return [step.month for step in story.steps if step.kind == kind]


def months_of(run, column, regime=None):
    """The months in which something was counted, each as often as it was."""
    counts = totals(run, column, regime)
    first = month(run.manifest["first_month"])
    return [month_text(first + i) for i, n in enumerate(counts) for _ in range(int(n))]


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rich")
    return live_again(run_folder(rich(folder), folder / "run"), threads=1)


@pytest.fixture(scope="module")
def stories(again):
    """The first three stories of each case."""
    cases = ("wrongly-listed", "rightly-listed", "compounded", "hardship", "rewarded")
    return [story_of(again, case, pick) for case in cases for pick in (1, 2, 3)]


def only_wronged(tmp_path):
    """A run in which exactly one person is entered, and wrongly."""
    write_regime(tmp_path, "a-list", lists=one_list((BREACH,), 6, **FLIGHTS))
    use = {"use": "a-list", "practice": practice(screening=None), "bites": BITES}
    agencies = agency(from_nothing=false_monthly(0.0004))
    for seed in range(1, 40):
        file = study(
            tmp_path,
            regimes=[use],
            agencies=agencies,
            conduct={BREACH: {"rate": in_first_month(0.0)}},
            persons=300,
        )
        folder = run_folder(file, tmp_path / f"run-{seed}", seed=seed)
        run = read_run(folder)
        if totals(run, "wrongful_entries").sum() == 1 and totals(run, "exits").sum() == 1:
            return folder, run
    raise AssertionError("no seed gives one wrongful entry that ends")


def test_the_only_wrongful_entry_is_told_as_it_was_counted(tmp_path):
    folder, run = only_wronged(tmp_path)
    story = trace(folder, "wrongly-listed", threads=1)
    assert at(story, "listed") == months_of(run, "wrongful_entries")
    assert at(story, "leaves") == months_of(run, "wrongful_exits")
    assert at(story, "told") == months_of(run, "told")
    assert at(story, "objects") == months_of(run, "objections")
    assert sorted(at(story, "upheld") + at(story, "rejected")) == months_of(run, "decided")
    assert at(story, "complains") == months_of(run, "complaints")
    stay = totals(run, "wrongful_listed")
    assert dict(story.facts)["On a-list/listed"].endswith(f" {stay.sum()} months")


def test_the_attempts_told_are_those_counted(tmp_path):
    folder, run = only_wronged(tmp_path)
    story = trace(folder, "wrongly-listed", threads=1)
    refused = int(run.measures["wrongful_refused"].sum())
    assert refused > 0
    assert dict(story.facts)["Refused"].endswith(f"(flights {refused})")


def test_all_refusals_of_the_wronged_add_up(again):
    """Each listing once: the sum over all stories is the count of the run."""
    told = 0
    persons = again.found[again.found["truth"] != 0]["subject"]
    for pick in range(1, len(set(persons.tolist())) + 1):
        story = story_of(again, "wrongly-listed", pick, "courts")
        if pick == 1:
            of = story.case.persons
        refused = dict(story.facts)["Refused"]
        told += 0 if refused == "never" else int(refused.split("flights ")[1].rstrip(")"))
        if pick == of:
            break
    measures = again.run.measures
    assert again.found[(again.found["truth"] != 0) & (again.found["regime"] == 0)].size == of
    assert told == measures["wrongful_refused"].sum() > 0


def test_what_is_false_is_no_act_of_the_person(tmp_path):
    folder, _ = only_wronged(tmp_path)
    story = trace(folder, "wrongly-listed", threads=1)
    assert "act" not in kinds(story)
    assert "It rests on nothing: nobody did this." in story.steps[0].says
    assert story.steps[0].kind == "recorded"


def test_a_misattributed_record_names_the_act_of_the_other(tmp_path):
    parts = {
        "persons": 2,
        "conduct": {BREACH: {"rate": in_first_month(1.0)}},
        "agencies": agency(wrong_subject=share(1.0)),
        "margins": {
            "attributes": {"sex": ["female", "male"]},
            "margins": [{"over": ["sex"], "shares": {"female": 0.5, "male": 0.5}}],
        },
    }
    file = listing_study(tmp_path, **parts)
    folder = run_folder(file, tmp_path / "run")
    story = trace(folder, "wrongly-listed", threads=1)
    _, _, _, shards = next(step_through(file))
    (listed,) = [row for row in shards[0].entries if row["subject"] == story.subject]
    (acted,) = [act for act in shards[0].acts if act["luck"] == listed["record"]]
    assert acted["subject"] == 1 - story.subject
    act = story.steps[0]
    other = {"female": "male", "male": "female"}[dict(story.attributes)["sex"]]
    assert act.kind == "act" and act.month == "2020-01"
    assert act.says.startswith(f"Another simulated person ({other}) of the same household commits")
    assert "Whoever did it has no record." in story.steps[1].says


def test_the_person_commits_the_act_of_a_true_record(again):
    story = story_of(again, "rightly-listed", 1, "courts")
    assert story.steps[0].kind == "act"
    assert story.steps[0].says.startswith("The person commits contract.breach")
    assert not any("Wrongly" in step.says for step in story.steps)


def test_steps_come_in_the_order_of_time(stories):
    for story in stories:
        found = [step.month for step in story.steps]
        assert found == sorted(found)
        assert story.first_month <= found[0] and found[-1] <= story.last_month


def test_each_row_is_the_one_in_force(again, stories):
    library = Library(again.world)
    seen = 0
    for story in stories:
        for step in story.steps:
            for row in step.rows:
                dated = library.values[row.of, row.key]
                held = on(dated, first_day(month(step.month))).row
                assert held is not None
                assert row.row.since == held.from_ <= first_day(month(step.month)).isoformat()
                assert day(row.row.since)
                assert row.title == library.source(row.of, held.source).title
                seen += 1
    assert seen > 200


def test_chances_are_chances(stories):
    found = [chance for story in stories for step in story.steps for chance in step.chances]
    assert len(found) > 100
    assert all(0.0 < chance.p < 1.0 for chance in found)


def test_a_person_who_is_never_told_never_objects(again):
    told = 0
    for name in ("courts/listed", "city/low", "railway/banned"):
        regime = name.partition("/")[0]
        (of,) = [c for c in counts(again.found, again.world, regime) if c.name == "never-told"]
        for pick in range(1, of.persons + 1):
            story = story_of(again, "never-told", pick, regime)
            known = ("told", "learns", "objects", "silent", "upheld", "rejected")
            told += 1
            assert any(fact == f"On {name}" for fact, _ in story.facts)
            assert not any(name in step.says for step in story.steps if step.kind in known)
    assert told > 0


def test_never_told_in_a_run_without_notice(tmp_path):
    agencies = agency(from_nothing=false_monthly(0.01))
    file = listing_study(tmp_path, agencies=agencies, practice={"objects_wronged": share(1.0)})
    story = trace(run_folder(file, tmp_path / "run"), "never-told", threads=1)
    assert not {"told", "learns", "objects", "upheld", "silent"} & set(kinds(story))
    facts = dict(story.facts)
    assert (facts["Told"], facts["Objected"], facts["Corrected"]) == ("never", "never", "never")


def test_who_is_corrected_leaves_for_that(again):
    story = story_of(again, "corrected", 1)
    leaves = [step.says for step in story.steps if step.kind == "leaves"]
    assert any(says.endswith("it was corrected.") for says in leaves)
    assert dict(story.facts)["Corrected"] != "never"


def test_a_late_correction_says_so(tmp_path):
    write_regime(
        tmp_path, "a-list", lists=one_list(), remedy={"objection": held("working days", 21)}
    )
    desk = {"decisions": held("decisions per 1000 persons and year", 60)}
    use = {"use": "a-list", "practice": KNOWN | {"desk": desk}}
    agencies = agency(from_nothing=false_monthly(0.02))
    file = study(tmp_path, regimes=[use], agencies=agencies, persons=200)
    folder = run_folder(file, tmp_path / "run")
    story = trace(folder, "late-correction", threads=1)
    (decided,) = [step.says for step in story.steps if step.kind == "upheld"]
    assert decided.endswith("later than the rules allow.")
    late = totals(read_run(folder), "late").sum()
    assert late >= story.case.persons > 0


def test_hardship_is_told_and_counted(again):
    story = story_of(again, "hardship", 1)
    assert story.steps[0].says.endswith("Hardship, such as an illness, brought it about.")
    counted = sum(totals(again.run, "hardship_entries", r) for r in ("courts", "city", "railway"))
    assert story.case.found == counted.sum()


def test_every_kind_of_step_can_be_told(again):
    """The words of all remedies: whatever happens in the first stories can be said."""
    found = {
        kind for case, n in COMMON for pick in range(1, n) for kind in steps(again, case, pick)
    }
    assert found >= {
        *("act", "recorded", "arrived", "listed", "measures", "refused", "points"),
        *("told", "not told", "learns", "objects", "silent", "upheld", "rejected", "complains"),
        *("heard", "over", "correction sent", "correction missed", "corrected elsewhere"),
        *("performs", "leaves", "points back", "stands", "rewarded"),
    }


def test_waits_hearings_counts_and_escalations_can_be_told(tmp_path):
    again = live_again(run_folder(unusual(tmp_path), tmp_path / "run"), threads=1)
    wanted = {"to be listed", "in effect", "cleared", "never listed", "counted", "moves"}
    wanted |= {"ended by an act", "stopped"}
    found = set()
    for pick in range(1, 20):
        for case, regime in (("corrected", None), ("wrongly-listed", "plain")):
            story = story_of(again, case, pick, regime)
            found |= set(kinds(story))
            waits = {step.says for step in story.steps if step.kind == "to be listed"}
            assert len(waits) == sum(k in ("in effect", "never listed") for k in kinds(story))
        if wanted <= found:
            return
    raise AssertionError(f"never told: {wanted - found}")


def test_what_stands_is_told_in_the_last_month(again):
    for pick in (1, 2, 3, 4):
        story = story_of(again, "never-corrected", pick)
        for step in story.steps:
            if step.kind == "stands":
                assert step.month == story.last_month
        stay = [value for name, value in story.facts if name.startswith("On ")]
        ends = any("still at the end" in value for value in stay)
        assert ends == any("is still on" in step.says for step in story.steps)


COMMON = (("compounded", 12), ("rightly-listed", 12), ("rewarded", 4), ("hardship", 8))


def steps(again, case, pick):
    return kinds(story_of(again, case, pick))


def test_values_of_the_study_are_told_where_they_stand(tmp_path):
    write_regime(tmp_path, "a-list", lists=one_list())
    agencies = agency(from_nothing=false_monthly(0.01))
    file = study(tmp_path, regimes=["a-list"], agencies=agencies, practice=KNOWN)
    story = trace(run_folder(file, tmp_path / "run"), "wrongly-listed", threads=1)
    keys = {(row.of, row.key) for step in story.steps for row in step.rows}
    assert (STUDY, "practice.notice") in keys
    assert (STUDY, "practice.objects_wronged") in keys
    assert (STUDY, "agencies.watch.from_nothing") in keys
    assert ("a-list", "lists.listed.grounds.did.holds") in keys


@pytest.mark.parametrize("code", [False, True])
def test_the_identity_code_is_told_with_its_row_and_factor(tmp_path, code):
    write_regime(tmp_path, "firms", who=FIRMS, lists=one_list((FIRM_ACT,)))
    more = {"identity": "cn-unified-code"} if code else {}
    faults = agency(FIRM_ACT, wrong_subject=share(0.2))
    file = mixed(tmp_path, "firms", agencies=faults, length=3, **more)
    folder = run_folder(file, tmp_path / "run")
    story = trace(folder, "wrongly-listed", threads=1)
    step = next(step for step in story.steps if step.kind == "recorded")
    (luck,) = [chance for chance in step.chances if "another's name" in chance.says]
    keys = [row.key for row in step.rows]
    assert "agencies.watch.wrong_subject" in keys
    assert ("identity.removes" in keys) == code
    assert ("(times 0.1 by the identity code)" in luck.says) == code
    assert luck.p == pytest.approx(0.02 if code else 0.2)  # it removes 90 % from 2018 on
