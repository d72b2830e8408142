"""Drafts of impact assessments: every element is there, and its numbers are those of the run."""

from pathlib import Path

import pytest
from whole_forms import answered, most

from mechanisms import FAULTS
from scslab.api.impact import assess
from scslab.core.impact import HumanPart, ImpactDraft, MachinePart
from scslab.core.printed import ResultTable, Suppressed
from scslab.evaluation.harm import harm, measure_totals, totals
from scslab.lab.run import Run
from scslab.lab.safeguards import with_safeguards
from scslab.study.read import StudyFile
from small import (
    BREACH,
    agency,
    desk_monthly,
    everything,
    held,
    listing_study,
    one_list,
    one_score,
    run,
    share,
    study,
    write_regime,
    yes,
)

PRACTICE = {
    "notice": share(0.9),
    "objects_wronged": share(0.8),
    "objects_rightful": share(0.2),
    "desk": {"decisions": desk_monthly(0.05), "rejects_wronged": share(0.2)},
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[StudyFile, Run]:
    file = everything(tmp_path_factory.mktemp("rules"))
    return file, run(file)


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> tuple[StudyFile, Run]:
    """A list without a score, with reviews, reasons and effects."""
    folder = tmp_path_factory.mktemp("lists")
    remedy = {
        "objection": held("working days", 15),
        "reasons_given": yes(),
        "human_review": yes(),
    }
    effects = {"flights": {"says": "No flights", "severity": "serious", "holds": yes()}}
    write_regime(folder, "a-list", lists=one_list((BREACH,), 6, effects=effects), remedy=remedy)
    practice = PRACTICE | {"screening": {"stops_wronged": share(0.5), "stops_rightful": share(0.1)}}
    use = {"use": "a-list", "practice": practice}
    file = study(folder, regimes=[use], agencies=agency(**FAULTS), persons=4000)
    return file, run(file)


def drafted(made: tuple[StudyFile, Run], kind: str, regime: str | None = None) -> ImpactDraft:
    file, found = made
    return assess(found, study=file, kind=kind, regime=regime).chapters[0]


def table(draft: ImpactDraft, name: str) -> ResultTable:
    made = {p.table.id: p.table for p in draft.parts("machine") if p.table is not None}
    return made[f"{draft.regime}-{name}"]


def body(made: ResultTable) -> dict[str, tuple]:
    """Rows by heading and first cell."""
    rows, under = {}, ""
    for row in made.rows:
        if row.kind == "heading":
            under = f"{row.cells[0]}/"
        else:
            rows[("" if row.kind == "foot" else under) + str(row.cells[0])] = row.cells[1:]
    return rows


def section(draft: ImpactDraft, article: str) -> tuple:
    return next(s.parts for s in draft.sections if article in s.article)


def test_every_element_of_article_27_has_both_kinds_of_parts(lists) -> None:
    found = drafted(lists, "fria")
    for letter in "abcdef":
        marks = {part.mark for part in section(found, f"27(1)({letter})")}
        assert marks == {"machine", "human"}
    assert [part.mark for part in section(found, "27(2)")] == ["human"] * 4
    timing = next(p.text for p in found.parts("machine") if p.heading == "From when")
    assert "2 August 2026" in timing
    assert "2 December 2027" in timing
    assert timing.startswith("Uncertain")


def test_group_sizes_are_those_of_the_run(lists) -> None:
    found, (file, made) = drafted(lists, "fria"), lists
    rows = body(table(found, "sizes"))
    last = made.table("listings", by=["sex"])
    last = last[last["month"] == "2020-12"].set_index("sex")
    scale = made.manifest["scale"]
    for sex in ("female", "male"):
        covered, listed = int(last.loc[sex, "covered"]), int(last.loc[sex, "listed"])
        assert rows[f"Sex/{sex}"] == (
            covered,
            covered / last["covered"].sum(),
            pytest.approx(covered * scale),
            listed,
            pytest.approx(listed * scale),
        )
    assert rows["All covered"][0] == last["covered"].sum()
    assert file.study.id == made.manifest["study"]


def test_harm_is_that_of_the_run(lists) -> None:
    found, (_, made) = drafted(lists, "fria"), lists
    wrongful = int(made.tallies["wrongful_entries"].sum())
    assert wrongful > 30
    rows = body(table(found, "harm"))
    years = made.tallies["covered"].sum() / 12
    got = rows["Listings on a false record (per 100,000 person-years)"]
    assert got[:2] == (wrongful, pytest.approx(years))
    assert got[2] == pytest.approx(1e5 * wrongful / years)
    assert got[3] < got[2] < got[4]
    frame = harm(totals(made.tallies, ["sex"]), measure_totals(made.measures, ["sex"]), ["sex"])
    mine = frame[(frame["quantity"] == "wrongful_entries") & (frame["regime"] == "a-list")]
    by = body(table(found, "by-wrongful-entries"))
    for row in mine.itertuples():
        assert by[f"Sex/{row.sex}"] == (row.amount, row.n, row.rate, row.low, row.high)
    scaled = body(table(found, "harm-scaled"))["Listings on a false record"]
    assert scaled == (wrongful, pytest.approx(wrongful * made.manifest["scale"]))


def test_remedies_are_those_of_the_rules_and_of_the_run(lists) -> None:
    found, (_, made) = drafted(lists, "fria"), lists
    oversight = body(table(found, "oversight"))
    assert oversight["A person looks at each record before it counts"][0] == "yes"
    assert oversight["The person is heard before being listed"][0] == "the rules say nothing"
    terms = body(table(found, "remedies"))
    assert terms["An objection is decided within"][:2] == ("15 working days", "made-up, here")
    counts = made.tallies[["screened", "objections", "decided", "late", "waiting"]].sum()
    steps = body(table(found, "remedies-run"))
    assert steps["Objections"][0] == counts["objections"] > 0
    assert steps["Objections decided"][0] == counts["decided"]
    late = steps["Decided late, after the term of the rule"]
    assert late[0] == counts["late"]
    assert late[3] == counts["late"] / counts["decided"]
    assert steps["Records stopped by human review"][0] == counts["screened"] > 0
    practice = body(table(found, "oversight-practice"))
    assert practice["False records that human review stops"][0] == "50%"


def test_a_draft_says_what_it_is(lists) -> None:
    for kind in ("fria", "dpia", "aia", "bias"):
        found = drafted(lists, kind)
        limits = " ".join(found.limits)
        assert "not legal advice" in limits
        assert "synthetic" in limits
        assert {part.mark for part in found.parts()} == {"machine", "human"}
        for part in found.parts("machine"):
            assert isinstance(part, MachinePart)
            assert part.basis.says.startswith("Filled from: ")
            assert part.text or part.table is not None


def test_dpia_has_the_seven_steps_and_the_four_points(lists) -> None:
    found = drafted(lists, "dpia")
    headings = [s.heading for s in found.sections]
    assert [h[:6] for h in headings] == [f"Step {n}" for n in range(1, 8)]
    articles = " ".join(s.article for s in found.sections)
    for wanted in ("35(7)(a)", "35(7)(b)", "35(7)(c)", "35(7)(d)", "35(2)", "(9)", "36"):
        assert wanted in articles


def test_the_register_has_words_by_rule_and_asks_for_confirmation(lists) -> None:
    found, (_, made) = drafted(lists, "dpia"), lists
    rows = {row.cells[0].split(" (")[0]: row.cells[1:] for row in table(found, "register").rows}
    count, years, likelihood, grave = rows["Listed on a false record"]
    rate = count / years
    assert count == made.tallies["wrongful_entries"].sum()
    assert years == pytest.approx(made.tallies["covered"].sum() / 12)
    assert rate >= 0.01
    assert (likelihood, grave) == ("probable", "severe")  # the effect is said to be serious
    # The study says nothing of hardship, so its absence is no finding.
    assert not any("hardship" in name for name in rows)
    asked = next(p for p in found.parts("human") if "overall risk" in p.question)
    assert len(asked.rows) == len(rows)
    assert not any(word in str(rows) for word in ("low risk", "high risk"))


def test_bias_table_is_counted_from_the_last_month(lists) -> None:
    found, (_, made) = drafted(lists, "bias"), lists
    rows = body(table(found, "not-listed-sex"))
    last = made.table("listings", by=["sex"])
    last = last[last["month"] == "2020-12"].set_index("sex")
    rates = 1 - last["listed"] / last["covered"]
    for sex in ("female", "male"):
        n, rate, ratio, interval, listed, *_ = rows[sex]
        assert n == last.loc[sex, "covered"]
        assert rate == pytest.approx(rates[sex])
        assert ratio == pytest.approx(rates[sex] / rates.max())
        assert listed == pytest.approx(1 - rates[sex])
        assert (interval == "reference") == (rates[sex] == rates.max())
    pairs = body(table(found, "not-listed-sex-residence"))
    assert sum(cells[0] for cells in pairs.values()) == last["covered"].sum()
    text = " ".join(p.text for p in found.parts("machine"))
    assert "shown as a mark, not as a verdict" in text
    assert "not on a blacklist" in text


def test_a_score_without_lists(tmp_path: Path) -> None:
    score = one_score(1000, breach=-20, good=5)
    grades = {"lowest": "B", "floors": {"A": {**held("points", 990)}}}
    reward = {"praise": {"says": "Praised", "grades": ["A"], "gives": yes()}}
    write_regime(tmp_path, "score-only", score=score, grades=grades, rewards=reward)
    use = {"use": "score-only", "practice": PRACTICE}
    file = study(tmp_path, regimes=[use], agencies=agency(**FAULTS))
    made = (file, run(file))
    fria = drafted(made, "fria")
    columns = [c.name for c in table(fria, "sizes").columns]
    assert columns == ["group", "covered", "share", "real"]
    assert "by-points-lost" in " ".join(p.table.id for p in fria.parts("machine") if p.table)
    ids = {s.id for s in drafted(made, "bias").sections}
    assert {"top-grade", "reward-praise"} <= ids
    assert "not-listed" not in ids
    top = body(table(drafted(made, "bias"), "top-grade-sex"))
    grade = made[1].table("grades", by=["sex"])
    grade = grade[(grade["month"] == "2020-12") & (grade["grade"] == "A")].set_index("sex")
    pool = made[1].tallies
    pool = (
        pool[pool["month"].astype(str) == "2020-12"].groupby("sex", observed=True)["scored"].sum()
    )
    for sex in ("female", "male"):
        assert top[sex][0] == pool[sex]
        assert top[sex][1] == pytest.approx(grade.loc[sex, "persons"] / pool[sex])
    register = [row.cells[0] for row in table(drafted(made, "dpia"), "register").rows]
    assert not any(said.startswith("Listed") for said in register)
    assert any(said.startswith("A false record") for said in register)


def test_a_list_where_nothing_happens(tmp_path: Path) -> None:
    quiet = {BREACH: {"rate": held("acts per 1000 person-years", 0)}}
    file = listing_study(tmp_path, conduct=quiet, persons=60)
    made = (file, run(file))
    for kind in ("fria", "dpia", "aia", "bias"):
        assert drafted(made, kind).sections
    assert body(table(drafted(made, "bias"), "not-listed-sex"))["female"][1] == 1.0


def test_few_are_not_shown(tmp_path: Path) -> None:
    file = listing_study(tmp_path, persons=40, agencies=agency(**FAULTS))
    found = drafted((file, run(file)), "bias")
    cells = [c for row in table(found, "not-listed-sex-residence").rows for c in row.cells]
    assert Suppressed(30) in cells


def test_a_chapter_for_each_regime_in_the_order_of_the_run(whole) -> None:
    file, made = whole
    found = assess(made, study=file, kind="fria")
    assert [c.regime for c in found.chapters] == made.manifest["regimes"]
    two = assess(made, study=file, kind="fria", regime=["joined", "debtors"])
    assert [c.regime for c in two.chapters] == ["debtors", "joined"]
    ids = [p.table.id for c in found.chapters for p in c.parts("machine") if p.table]
    assert len(ids) == len(set(ids))


def test_the_laboratory_answers_only_what_the_rules_settle(lists, whole) -> None:
    found = drafted(lists, "aia")
    settled = {p.basis.source.split("question ")[1]: p for p in found.parts("machine")
               if "question " in p.basis.source}  # fmt: skip
    assert set(settled) == {
        "projectDetailsPhase", "aboutAlgorithm3", "aboutAlgorithm4", "aboutAlgorithm5",
        "aboutAlgorithm8", "aboutDataSource1", "aboutDataSource10", "aboutDataSource4",
        "fairnessDesign13", "fairnessDesign10",
    }  # fmt: skip
    assert settled["aboutDataSource4"].text.startswith("No (0 points)")  # one agency
    assert settled["fairnessDesign10"].text.startswith("Yes (2 points)")
    # Personal data and their use against the person: 2 points each; recourse and reasons.
    rows = body(table(found, "score"))
    assert rows["Raw impact score"][0] == 4
    assert rows["Mitigation score"][0] == 4
    assert rows["Impact level"][:2] == ("I", "IV")
    first = found.sections[0].parts[0]
    assert "there is no score yet" in first.text
    # Nothing is known of reasons where the rules are silent.
    other = drafted(whole, "aia", "debtors")
    sources = [p.basis.source for p in other.parts("machine")]
    assert not any("fairnessDesign10" in source for source in sources)


def test_answers_of_people_replace_those_of_the_laboratory(lists, tmp_path: Path) -> None:
    file, made = lists
    path = tmp_path / "answers.yaml"
    path.write_text(
        "schema: aia/1\nanswers:\n"
        "  projectDetailsPhase: Implementation\n"
        "  aboutDataSource1: 'No'\n"
        "  impact30: item1-4\n"
        "  impact31: It lists people.\n",
        encoding="utf-8",
    )
    found = assess(made, study=file, kind="aia", answers=path).chapters[0]
    human = {p.id: p for p in found.parts("human") if isinstance(p, HumanPart)}
    assert human["impact30"].answer.startswith("Full automation")
    assert [c.chosen for c in human["impact30"].choices] == [True, False]
    assert human["impact31"].answer == "It lists people."
    assert human["aboutDataSource1"].answer == "No"
    # What hangs on personal data is not asked, nor is the phase of design.
    assert "aboutDataSource9" not in human
    assert not any("Design" in name for name in human)
    sources = " ".join(p.basis.source for p in found.parts("machine"))
    assert "fairnessImplementation13" in sources
    assert "aboutDataSource10" not in sources
    assert body(table(found, "score"))["Raw impact score"][0] == 4  # full automation alone


def test_a_complete_form_gives_one_score(lists, tmp_path: Path) -> None:
    file, made = lists
    lines = [f"  {name}: {list(values)}" for name, values in answered(most).items()]
    path = tmp_path / "answers.yaml"
    path.write_text("schema: aia/1\nanswers:\n" + "\n".join(lines), encoding="utf-8")
    found = assess(made, study=file, kind="aia", answers=path).chapters[0]
    said = found.sections[0].parts[0].text
    assert "Raw impact score 167 of 167, mitigation score 77, current score 142" in said
    assert said.endswith("impact level IV.")
    duties = next(s for s in found.sections if s.id == "duties")
    assert [p.text for p in duties.parts if p.heading.startswith("Approval")] == ["Treasury Board"]


def test_the_practice_of_safeguards_is_told(tmp_path: Path) -> None:
    file = with_safeguards(listing_study(tmp_path, persons=200), ["human-review"])
    found = drafted((file, run(file)), "fria")
    rows = body(table(found, "oversight-practice"))
    assert rows["False records that human review stops"][1].startswith("human-review.")
    review = body(table(found, "oversight"))["A person looks at each record before it counts"]
    assert review[0] == "yes"
    assert review[1].split(",")[0] in {source.key for source in found.sources}
    assert rows["False records that human review stops"][1].split(",")[0] in {
        source.key for source in found.sources
    }


def test_months_are_those_of_the_run(lists) -> None:
    found = drafted(lists, "fria")
    months_of = {p.basis.months for p in found.parts("machine") if p.basis.months}
    assert months_of == {"2020-01 to 2020-12"}
