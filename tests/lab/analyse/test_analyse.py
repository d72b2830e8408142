"""A whole analysis of a survey file: its parts, its folder, and that nothing is half-written."""

import csv
import json

import numpy as np
import pytest
from made import DESIGN, frame, write

from scslab.analysis import estimate
from scslab.analysis.models.ordinal import fit_ordinal
from scslab.analysis.survey import read_survey
from scslab.api.surveys import analyse
from scslab.core.errors import ScslabError
from scslab.core.files import sha256
from scslab.core.printed import ResultTable, Suppressed


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("analysis")
    data, design, analysis = write(folder)
    report = analyse(data, design=design, analysis=analysis, out=folder / "out")
    return folder, report


def tables(report):
    return {
        part.id: part
        for section in report.sections
        for part in section.parts
        if isinstance(part, ResultTable)
    }


def test_every_part_of_the_plan_is_in_the_report(run):
    _, report = run
    assert [section.id for section in report.sections] == [
        "file", "screen", "weights", "estimates", "crosstabs", "models", "hypotheses", "indirect",
        "methods",
    ]  # fmt: skip
    found = tables(report)
    for name in (
        "approval", "approval-approval-differences-1", "approval-screened", "mean-age",
        "age-quartiles", "ratio", "related", "women", "cross", "both", "line-table", "yes-table",
        "many-table", "large-effects", "large-parallel", "large-partial", "hypotheses", "list",
        "list-design-effect", "list-ends", "list-regression", "hidden", "endorsed",
    ):  # fmt: skip
        assert found[name].rows, name


def survey(folder):
    found = read_survey(
        folder / "survey.csv",
        weight="w",
        strata="region",
        cluster="city",
        nest=True,
        missing={"trust": {9: "dk"}},
    )
    margins = {"sex": {"female": 0.5, "male": 0.5}, "region": {"East": 0.4, "West": 0.6}}
    return found.rake(margins, cap=2.5)


def test_figures_are_those_of_the_survey_in_python(run):
    folder, report = run
    same = survey(folder)
    share = estimate.share(same.sample, "approval", by="sex")
    printed = [row.cells for row in tables(report)["approval"].rows]
    np.testing.assert_allclose([c[2] for c in printed], share.values, rtol=1e-12)
    np.testing.assert_allclose([c[3] for c in printed], share.standard_errors, rtol=1e-12)
    model = fit_ordinal(same.sample, "approval ~ sex").fitted
    first = tables(report)["both"].rows[:2]
    assert first[0].cells[0] == "sex: male"
    assert first[0].cells[1] == pytest.approx(model.coefficients[0], rel=1e-12)
    assert first[1].cells[1] == pytest.approx(model.standard_errors[0], rel=1e-12)


def test_a_declared_code_is_missing_and_its_reason_is_shown(run):
    _, report = run
    levels = [row.cells[0] for row in tables(report)["women"].rows]
    assert levels == ["1", "2", "3", "4", "don't know"] or "dk" in " ".join(map(str, levels))
    assert not any("trust (9)" in text for text in report.warnings)
    n = sum(row.cells[-2] for row in tables(report)["women"].rows[:1])
    assert n == (frame().sex == "female").sum()


def test_shares_with_and_without_flagged_respondents(run):
    _, report = run
    rows = [r for r in tables(report)["approval-screened"].rows if not hidden(r)]
    assert len(rows) > 2
    assert all(row.cells[4] < row.cells[2] for row in rows)
    for row in rows:
        assert row.cells[5] == pytest.approx(row.cells[3] - row.cells[1])


def hidden(row):
    return any(isinstance(cell, Suppressed) for cell in row.cells)


def test_small_cells_are_hidden_everywhere(run):
    _, report = run
    data = frame()
    eldest = np.bincount(data[data.age >= 78].approval, minlength=4)[1:]
    assert 0 < eldest.min() < 5, "the made survey must have a small cell"
    rows = tables(report)["few"].rows
    assert [hidden(r) for r in rows if r.cells[0] == "others"] == [False] * 3
    small = [hidden(r) for r in rows if r.cells[0] == "eldest"]
    assert sum(small) >= 2  # one alone could be worked out from the others
    screened = [r for r in tables(report)["few-screened"].rows if r.cells[0].startswith("eldest")]
    for gone, row in zip(small, screened, strict=True):
        assert hidden(row) or not gone
    figure = next(p for s in report.sections for p in s.parts if getattr(p, "id", "") == "few-bars")
    assert [item.name for item in figure.items] == ["others"]
    assert "eldest" in figure.notes[0]


def test_few_flagged_respondents_are_not_given_away_by_a_difference(run):
    _, report = run
    for section in report.sections:
        for part in section.parts:
            if getattr(part, "id", "").endswith("-screened"):
                for row in part.rows:
                    if not hidden(row):
                        assert not 0 < row.cells[2] - row.cells[4] < 5


def test_the_folder_holds_what_the_manifest_says(run):
    folder, report = run
    out = folder / "out"
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    files = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    assert files == {*manifest["outputs"], "manifest.json"}
    assert all(sha256(out / name) == digest for name, digest in manifest["outputs"].items())
    assert set(manifest["inputs"]) == {"survey.csv", "design.yaml", "analysis.yaml"}
    for name in tables(report):
        for suffix in ("csv", "tex", "html", "docx", "xlsx"):
            assert (out / "tables" / f"{name}.{suffix}").stat().st_size > 100
    assert (out / "figures" / "bars.svg").read_text(encoding="utf-8").startswith("<svg")


def test_written_numbers_are_not_rounded(run):
    folder, report = run
    with (folder / "out" / "tables" / "both.csv").open(encoding="utf-8") as file:
        first = next(csv.DictReader(file))
    assert float(first["m1"]) == tables(report)["both"].rows[0].cells[1]


def test_the_answers_written_open_again_with_what_was_made(run):
    folder, _ = run
    again = read_survey(folder / "out" / "answers.sav", weight="w").answers
    assert again.variable("old").labels == {1.0: "younger", 2.0: "older"}
    assert set(again.reasons("trust")) == {"", "dk"}
    assert again.labelled("approval").categories.tolist() == ["disapprove", "neither", "approve"]


def test_code_is_under_the_tables(run):
    _, report = run
    found = tables(report)
    for name in ("approval", "mean-age", "cross", "both", "line-table", "list"):
        assert 'read_sav("answers.sav"' in found[name].code["R"], name
        assert "answers.sav" in found[name].code["Stata"]
    assert "svyolr(" in found["both"].code["R"]
    assert "rake(" in found["both"].code["R"]


def test_the_same_files_give_the_same_bytes(run, tmp_path):
    folder, _ = run
    data, design, analysis = (folder / n for n in ("survey.csv", "design.yaml", "analysis.yaml"))
    analyse(data, design=design, analysis=analysis, out=tmp_path / "again")
    for path in sorted((folder / "out").rglob("*")):
        if path.is_file() and path.name not in ("manifest.json", "answers.sav"):
            other = tmp_path / "again" / path.relative_to(folder / "out")
            assert path.read_bytes() == other.read_bytes(), path.name


def test_a_mistake_leaves_nothing_behind(tmp_path):
    data, design, analysis = write(tmp_path)
    text = analysis.read_text(encoding="utf-8").replace("approval ~ sex}", "approval ~ sexx}")
    analysis.write_text(text, encoding="utf-8")
    with pytest.raises(ScslabError) as error:
        analyse(data, design=design, analysis=analysis, out=tmp_path / "out")
    line = next(i for i, row in enumerate(text.splitlines(), 1) if "sexx" in row)
    assert str(error.value).startswith(f"{analysis}:{line}: models, row 1: ")
    assert 'did you mean "sex"?' in str(error.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_refused_before_anything_is_read(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(ScslabError, match="the output folder is not empty"):
        analyse("nowhere.sav", analysis="nowhere.yaml", out=tmp_path / "out")


MISTAKES = [
    ("rows: sex, columns: approval", "rows: sex, columns: sex", "two different variables"),
    ("of: [age, index], by: [old]", "of: [age, indexx]", 'did you mean "index"?'),
    ("id: small, kind", "id: large, kind", 'the id "large" is used twice'),
    ("models: [small, large]", "models: [small, larg]", 'no model "larg"'),
    (
        "model: large, coefficient: oldolder",
        "model: lage, coefficient: oldolder",
        'no model "lage"',
    ),
    (
        "coefficient: oldolder",
        "coefficient: oldolderr",
        'model large has no coefficient "oldolderr"',
    ),
    ("effects: [sex, age]", "effects: [region]", "region"),
    ("where: {sex: [female]}", "where: {sex: [femal]}", '"sex" has no category "femal"'),
    ("neutral: neither", "neutral: middle", 'no level "middle"'),
    ("of: [q1], per: [q2]", "of: [q1]", "a ratio needs a denominator"),
    ("items: 3, direct", "items: 2, direct", "list_experiments, row 1"),
    ("device: mirrored, p: 0.7", "device: mirrored, p: 0.5", "tell nothing of the truth"),
    ("statistic: quantile", "statistic: quantil", 'did you mean "quantile"?'),
    ("title: Everything", "titel: Everything", 'unknown key "titel"'),
    ("mean_of: [q1, q2, q3], at_least: 2", "mean_of: [q1, q9]", 'no variable "q9"'),
    ("seconds: seconds", "seconds: secondss", 'no variable "secondss"'),
    ("statistic: mean, of: [age, index]", "statistic: mean, of: []", "at least 1"),
    ("items: [approval], by: sex", "items: []", "at least 1"),
    ("models: [small, large]", "models: []", "at least 1"),
    ("files: [csv", "smallest_cell: -1\nfiles: [csv", "0 or more"),
    ("kind: linear, formula", "kind: linear, link: logit, formula", "has no link to choose"),
    ("kind: logit, formula", "kind: logit, parallel: true, formula", '"parallel" is of ordinal'),
]


@pytest.mark.parametrize(("old", "new", "says"), MISTAKES)
def test_a_mistake_in_the_plan_names_its_line(old, new, says, tmp_path):
    data, design, analysis = write(tmp_path)
    text = analysis.read_text(encoding="utf-8")
    assert old in text
    analysis.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScslabError) as error:
        analyse(data, design=design, analysis=analysis)
    assert says in str(error.value)
    assert str(error.value).startswith(f"{analysis}:")


DESIGN_MISTAKES = [
    ("weight: w", "weight: ww", 'no variable "ww"'),
    ("weight: w", "weight: sex", "the weight is text, not a number"),
    ("nest: true", "nest: false", "a cluster lies in several strata"),
    ("{female: 0.5, male: 0.5}", "{female: 0.5, other: 0.5}", "other"),
    ("{female: 0.5, male: 0.5}", "{female: 0.5, male: 0.6}", "1.1"),
    ("cap: 2.5", "cap: 1.01", "cap"),
    ("trust: {9: dk}", "trust: {9: dunno}", "dunno"),
    ("trust: {9: dk}", "trusst: {9: dk}", 'did you mean "trust"?'),
]


@pytest.mark.parametrize(("old", "new", "says"), DESIGN_MISTAKES)
def test_a_mistake_in_the_design_is_told(old, new, says, tmp_path):
    data, design, analysis = write(tmp_path)
    text = design.read_text(encoding="utf-8")
    assert old in text
    design.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScslabError) as error:
        analyse(data, design=design, analysis=analysis)
    assert says in str(error.value)


def test_files_of_another_kind_are_named(tmp_path):
    data, design, analysis = write(tmp_path)
    with pytest.raises(ScslabError, match="this is a file of kind design, not analysis"):
        analyse(data, design=design, analysis=design)
    with pytest.raises(ScslabError, match="this is a file of kind analysis, not design"):
        analyse(data, design=analysis, analysis=analysis)


def analysed(folder, old="", new="", design=None):
    data, plan, analysis = write(folder)
    text = analysis.read_text(encoding="utf-8")
    assert old in text
    analysis.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    if design is not None:
        plan.write_text(design, encoding="utf-8")
    return analyse(data, design=plan, analysis=analysis)


def test_code_says_what_the_table_does(run):
    _, report = run
    found = {name: table.code.get("R", "") for name, table in tables(report).items()}
    assert not any('== "")' in text for text in found.values())
    assert "svyby(~approval, ~sex, valid, svymean, na.rm = TRUE)" in found["approval"]
    assert "contrasts %*% coef(means)" in found["approval-approval-differences-1"]
    assert 'shown[is.na(shown) & codes %in% 9] <- "dk"' in found["women"]
    assert "rake(" in found["weights"]
    assert not any(text for name, text in found.items() if name.endswith("-screened"))


def test_both_domains_are_conditions_of_the_code(tmp_path):
    report = analysed(tmp_path, "define:", "where: {sex: [female, male]}\ndefine:")
    line = next(x for x in tables(report)["women"].code["R"].splitlines() if "in_domain <- (" in x)
    assert line.count("data$sex %in%") == 2


def test_references_are_in_the_code(tmp_path):
    report = analysed(tmp_path, "formula: age ~ sex + index",
                      "formula: age ~ sex + index, reference: {sex: male}")  # fmt: skip
    assert 'relevel(factor(sex), ref = "male")' in tables(report)["line-table"].code["R"]
    assert "ib2.c_sex" in tables(report)["line-table"].code["Stata"]


def test_comparisons_hide_small_cells_of_the_plan(tmp_path):
    data, plan, analysis = write(tmp_path)
    start, end = analysis.read_text(encoding="utf-8").split("likert:\n")
    end = end[end.index("list_experiments:") :]  # no bar would be left
    analysis.write_text(f"{start}smallest_cell: 700\n{end}", encoding="utf-8")
    report = analyse(data, design=plan, analysis=analysis)
    assert all(hidden(row) for row in tables(report)["approval-approval-differences-1"].rows)


def test_no_share_alone_is_hidden_without_flagged_respondents(run):
    _, report = run
    for name, table in tables(report).items():
        if name in ("approval-screened", "few-screened", "women-screened"):
            groups = {}
            for row in table.rows:
                groups.setdefault(row.cells[0].split(",")[0], []).append(hidden(row))
            assert all(sum(gone) != 1 for gone in groups.values()), name


def test_a_domain_of_flagged_respondents_only_is_said(tmp_path):
    data, plan, analysis = write(tmp_path)
    fast = "  - {name: speed, from: seconds, cut: [0, 250, 2000], labels: {1: hasty, 2: calm}}\n"
    text = analysis.read_text(encoding="utf-8").replace("screen:\n", fast + "screen:\n", 1)
    text = text.replace("  seconds: seconds\n", "  seconds: seconds\n  seconds_below: 260\n", 1)
    item = "  - {id: hasty, statistic: mean, of: [age], where: {speed: [hasty]}}\n"
    text = text.replace("crosstabs:\n", item + "crosstabs:\n", 1)
    analysis.write_text(text, encoding="utf-8")
    report = analyse(data, design=plan, analysis=analysis)
    table = tables(report)["hasty-screened"]
    assert "Everybody is flagged here" in " ".join(table.notes)


def test_two_results_of_one_id_are_named(tmp_path):
    with pytest.raises(ScslabError, match='two results have the id "approval-screened"'):
        analysed(tmp_path, "id: mean-age", "id: approval-screened")
    with pytest.raises(ScslabError, match='two results have the id "weights"'):
        analysed(tmp_path, "id: mean-age", "id: weights")


def test_steps_of_weighting_are_numbered(tmp_path):
    design = DESIGN + "  - {method: trim, upper: 2}\n"
    found = tables(analysed(tmp_path, design=design))
    assert {"weights", "weights-2"} <= set(found)
    assert "trimWeights(" in found["weights-2"].code["R"]
