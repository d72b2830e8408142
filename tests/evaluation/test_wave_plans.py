"""The plans and papers of the two survey studies run on invented answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_answers import kostka, liu
from measured_here import measure_in, printed

from scslab.analysis.model_tables import Hypothesis
from scslab.core.printed import FrameworkFigure, Part, PrintedFigure, ResultTable
from scslab.evaluation.exhibits import PaperFile, exhibit_parts, read_paper
from scslab.evaluation.exhibits.paper import printed_in
from scslab.evaluation.findings import findings
from scslab.lab.analyse.prepare import Prepared, prepare
from scslab.lab.analyse.read_plan import Plan, check_ids, read_plan
from scslab.lab.analyse.run import Analysed, analyse_ready
from scslab.survey.answers import Answers

STUDIES = Path(__file__).resolve().parents[2] / "studies"


@dataclass(frozen=True)
class Wave:
    plan: Plan
    ready: Prepared
    done: Analysed
    paper: PaperFile
    parts: dict[str, Part]

    def part(self, id: str) -> Any:
        found = [p for s in self.done.report.sections for p in s.parts if getattr(p, "id", 0) == id]
        return found[0]


def wave(name: str, answers: Answers) -> Wave:
    folder = STUDIES / name
    plan = read_plan(folder / "design.yaml", folder / "analysis.yaml")
    ready = prepare(answers, plan)
    done = analyse_ready(ready, plan, lambda _: None)
    paper = read_paper(folder / "paper.yaml")
    parts = exhibit_parts(
        paper,
        measure_in(ready.sample, {k: m.fitted for k, m in done.models.items()}),
        printed,
        [
            Hypothesis(h.id, h.says, h.model, h.coefficient, h.expected)
            for h in plan.analysis.hypotheses
        ],
        source=answers.source,
    )
    check_ids([p for s in done.report.sections for p in s.parts] + parts)
    return Wave(plan, ready, done, paper, {getattr(p, "id", ""): p for p in parts})


@pytest.fixture(scope="module")
def approval() -> Wave:
    return wave("kostka-2018", kostka())


@pytest.fixture(scope="module")
def support() -> Wave:
    return wave("liu-2020", liu())


def column(one: Wave, name: str) -> np.ndarray:
    return one.ready.sample.answers.array(name)


def cells(table: ResultTable) -> dict[Any, tuple[Any, ...]]:
    return {row.cells[0]: row.cells[1:] for row in table.rows if row.kind == "body"}


# Kostka


def test_regions_are_those_of_the_society(approval: Wave) -> None:
    code, region = column(approval, "province"), column(approval, "region")
    variable = approval.ready.sample.answers.variable
    rows = (
        (STUDIES.parent / "src/scslab/world/society/margins/cn-2018/provinces.csv")
        .read_text(encoding="utf-8")
        .splitlines()[1:]
    )
    wanted = dict(row.split(",")[:2] for row in rows)
    assert len(wanted) == 31 and set(code) == set(range(1, 32))
    for one, found in set(zip(code, region, strict=True)):
        name = variable("province").labels[one]
        assert variable("region").labels[found] == wanted[name], name


def test_every_person_is_in_one_group_of_members(approval: Wave) -> None:
    group = column(approval, "member_group")
    ticks = {n: column(approval, f"systems_{n}") == 1 for n in ("sesame", "tencent", "other")}
    local, none = column(approval, "systems_local") == 1, column(approval, "systems_none") == 1
    labels = approval.ready.sample.answers.variable("member_group").labels
    named = np.array([labels[g] for g in group])
    s, t, o = ticks.values()
    assert (named[s & t] == "both").all()
    assert (named[s & ~t] == "Sesame only").all() and (named[~s & t] == "Tencent only").all()
    assert (named[~s & ~t & o] == "other commercial only").all()
    assert (named[~s & ~t & ~o & local] == "local pilot").all()
    assert (named[none] == "none").all()
    assert set(named) == set(labels.values())


def test_derived_answers_are_known_only_where_the_question_was_asked(approval: Wave) -> None:
    user = column(approval, "commercial") == 1
    for name in ("benefit", "disadvantage", "active"):
        assert (np.isnan(column(approval, name)) == ~user).all(), name
    easy = column(approval, "effects_credit_easy") == 1
    assert (column(approval, "benefit")[easy] == 1).all()
    assert (column(approval, "active") == 1 - column(approval, "joining_automatic"))[user].all()
    told = ~np.isnan(column(approval, "score"))
    assert (
        told
        == ~(
            np.isnan(column(approval, "score_sesame")) & np.isnan(column(approval, "score_tencent"))
        )
    ).all()
    assert column(approval, "holder")[told].all()


def test_weights_meet_the_margins_under_the_cap(approval: Wave) -> None:
    weights = approval.ready.sample.design.weights
    assert weights.max() <= 2.0 * weights.mean() * (1 + 1e-9)
    for name, shares in (
        ("age_group", {1: 0.55, 2: 0.42, 3: 0.03}), ("sex", {0: 0.39, 1: 0.61}),
        ("region", {1: 0.45, 2: 0.35, 3: 0.20}),
    ):  # fmt: skip
        for code, share in shares.items():
            inside = column(approval, name) == code
            assert weights[inside].sum() / weights.sum() == pytest.approx(share, abs=1e-6)


def test_the_margins_are_those_of_the_library(approval: Wave) -> None:
    from scslab.analysis.weighting.margins import margins, read_margins

    library = {m.variables[0]: (m.levels, m.shares) for m in read_margins("cn-online-2018").margins}
    (step,) = approval.plan.design.weighting
    assert isinstance(step.to, dict)
    here = {m.variables[0]: (m.levels, m.shares) for m in margins(step.to).margins}
    assert here == {"age_group" if k == "age" else k: v for k, v in library.items()}


def test_those_in_a_hurry_are_flagged(approval: Wave) -> None:
    assert approval.ready.screen is not None and approval.plan.analysis.screen is not None
    flagged = approval.ready.screen.flagged(approval.plan.analysis.screen.at_least)
    assert flagged[:40].all() and flagged[40:].mean() < 0.01


def test_seven_models_say_how_many_they_leave_out(approval: Wave) -> None:
    table = approval.part("models")
    rows = {row.cells[0]: row.cells[1:] for row in table.rows if row.kind == "foot"}
    untold = int(np.isnan(column(approval, "income")).sum())
    assert untold > 0.05 * 1500
    left = rows["left out, an answer missing"]
    assert left[:3] == (untold,) * 3
    n = rows["n (unweighted)"]
    assert n[0] == 1500 - untold and len(n) == 7
    assert n[3] < n[0] and len(set(n[3:])) == 1
    assert approval.part("income").rows  # and the report shows who did not tell


def test_regressions_find_what_was_put_in(approval: Wave) -> None:
    rows = {row.cells[0]: row.cells for row in approval.part("hypotheses").rows}
    assert len(rows) == 21
    for name in ("H5", "H9", "H10", "H16"):
        assert rows[name][-1] == "as expected", rows[name]


def test_every_exhibit_is_a_table_and_a_figure(approval: Wave, support: Wave) -> None:
    for one in (approval, support):
        for exhibit in one.paper.paper.exhibits:
            assert isinstance(one.parts[f"paper-{exhibit.id}"], ResultTable)
            figure = one.parts[f"paper-{exhibit.id}-chart"]
            assert isinstance(figure, PrintedFigure | FrameworkFigure)
            assert figure.synthetic
    wanted = {f"table-{k}" for k in range(1, 6)} | {f"figure-{k}" for k in range(1, 7)}
    assert wanted <= {exhibit.id for exhibit in approval.paper.paper.exhibits}


def test_every_finding_of_the_papers_stands_in_some_exhibit(approval: Wave, support: Wave) -> None:
    for letter, one in (("K", approval), ("L", support)):
        named = {name for _, name in printed_in(one.paper.paper)}
        assert named == {name for name in findings() if name.startswith(letter)}


def test_the_paper_beside_the_invented_answers(approval: Wave) -> None:
    overall = cells(approval.parts["paper-figure-3"])  # type: ignore[arg-type]
    assert overall["approves"][4] == 0.80 and overall["neither"][4] == 0.19
    shares = [overall[name][0] for name in ("disapproves", "neither", "approves")]
    assert sum(shares) == pytest.approx(1)
    sample = cells(approval.parts["paper-sample"])  # type: ignore[arg-type]
    assert sample["14 to 30"][0] == pytest.approx(0.55) and sample["14 to 30"][5] == "inside"
    income = [sample[k] for k in ("below 1,000 RMB", "1,000 to 4,000 RMB", "above 4,000 RMB")]
    assert sum(one[0] for one in income) + sample["not told"][0] == pytest.approx(1)
    groups = cells(approval.parts["paper-table-2"])  # type: ignore[arg-type]
    ns = [groups[k][-1] for k in ("Sesame and Tencent", "Sesame, not Tencent",
        "Tencent, not Sesame", "another commercial system only", "local pilot only", "none",
        "does not know")]  # fmt: skip
    assert sum(ns) == groups["all respondents"][-1] == 1500
    framework = approval.parts["paper-figure-1-chart"]
    assert isinstance(framework, FrameworkFigure)
    signs = {line.id: line for factor in framework.factors for line in factor.lines}
    assert len(signs) == 21
    assert (signs["H5"].simulated, signs["H5"].printed) == ("+", "+")
    assert signs["H4"].expected == "-" and signs["H4"].printed == "+"


# Liu


def test_indices_are_means_of_their_items(support: Wave) -> None:
    items = [n for n in support.ready.sample.answers.variables if n.startswith("surveil_")]
    assert len(items) == 8
    mean = np.mean([column(support, name) for name in items], axis=0)
    assert column(support, "surveillance") == pytest.approx(mean)


def test_both_regressions_find_trust_and_stand_in_the_paper(support: Wave) -> None:
    table = support.parts["paper-regressions"]
    assert isinstance(table, ResultTable)
    rows = cells(table)
    assert rows["Trust in the central government (1 to 5)"][0] > 0.2
    assert len(rows) == 15
    figure = support.parts["paper-regressions-chart"]
    assert isinstance(figure, PrintedFigure) and len(figure.rows) == 30
    assert sum(row.says == "\N{MINUS SIGN}" for row in figure.rows) == 7


def test_one_answer_down_both_grids_is_flagged() -> None:
    made = liu()
    frame = made.frame.copy()
    grids = [n for n in frame if n.startswith(("surveil_", "punish_"))]
    frame.loc[100:119, grids] = 4.0
    frame.loc[130:139, grids[:8]] = 4.0  # one grid alone
    from dataclasses import replace

    folder = STUDIES / "liu-2020"
    plan = read_plan(folder / "design.yaml", folder / "analysis.yaml")
    ready = prepare(replace(made, frame=frame), plan)
    assert ready.screen is not None and plan.analysis.screen is not None
    flagged = ready.screen.flagged(plan.analysis.screen.at_least)
    assert flagged[100:120].all() and flagged[:40].all()
    assert flagged[130:140].sum() <= 1
