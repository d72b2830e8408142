"""What can be asked of a comparison, and what a user gets wrong: one message each."""

import json

import pytest
import typer
from trials import trial, two_systems
from typer.testing import CliRunner

from scslab.api.trials import compare
from scslab.cli.compare import compare as command
from scslab.core.errors import ScslabError
from scslab.lab.compare.arms import read_arms
from scslab.lab.compare.compose import attributes_of
from scslab.lab.world import build_world
from scslab.study.read import read_study
from small import everything


def said(call, *parts: str) -> None:
    """Calling gives one message with these words."""
    with pytest.raises(ScslabError) as found:
        call()
    for part in parts:
        assert part in str(found.value), str(found.value)


def test_labels_are_unique():
    arms = read_arms(["none", "notice", " notice + help ", "none", "none"])
    labels = ["none", "notice", "notice+help", "none (2)", "none (3)"]
    assert [arm.label for arm in arms] == labels
    assert arms[2].safeguards == ("notice", "help")


@pytest.mark.parametrize(
    ("specs", "parts"),
    [
        (["none"], ("at least two sides", "--safeguard none --safeguard notice")),
        ([], ("at least two sides",)),
        ("none", ("takes a list",)),
        (["notice", "notice"], ("compared twice", "notice, notice", "exactly zero")),
        (["notice+help", "help+notice"], ("compared twice",)),
        (["none", "none+notice"], ("none stands alone", "none+notice")),
        (["none", "notice+notice"], ("named twice", "notice+notice")),
        (["none", "notice++help"], ("missing",)),
        (["none", ""], ("missing",)),
    ],
)
def test_sides_that_make_no_sense(specs, parts):
    said(lambda: read_arms(specs), *parts)


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ({"seeds": 1}, ("2 to 10,000 seeds", "got: 1", "spread between seeds")),
        ({"seeds": 0}, ("2 to 10,000 seeds",)),
        ({"seeds": -3}, ("2 to 10,000 seeds", "got: -3")),
        ({"seeds": 10**30}, ("2 to 10,000 seeds",)),
        ({"seeds": True}, ("2 to 10,000 seeds",)),
        ({"seeds": [1]}, ("2 to 10,000 seeds",)),
        ({"seeds": [4, 4]}, ("a seed is given twice", "4, 4")),
        ({"seeds": [1, -1]}, ("a whole number from 0 on", "-1")),
        ({"seeds": [1, 2.5]}, ("a whole number from 0 on", "2.5")),
        ({"persons": 0}, ("--persons: persons must be a whole number from 1 on",)),
        ({"persons": 10**12}, ("at most 1,400,000,000 persons", "--persons")),
        ({"months": 0}, ("--months: months must be a whole number from 1 on",)),
        ({"months": 99}, ("the study has 14 months", "got: 99")),
        ({"threads": -2}, ("threads must be a whole number from 1 on",)),
        ({"by": ["sexe"]}, ("--by", 'split by "sexe"', 'did you mean "sex"')),
        ({"by": ["sex", "sex"]}, ("named twice", "--by")),
        ({"by": ["sex+sex"]}, ("named twice",)),
        ({"by": "sex"}, ("by takes a list",)),
        ({"quantity": "wrongful_mouths"}, ("--quantity", 'did you mean "wrongful_months"')),
        ({"safeguards": ["none", "nottice"]}, ("--safeguard", 'did you mean "notice"')),
    ],
)
def test_options_that_make_no_sense(tmp_path, options, parts):
    file = two_systems(tmp_path)
    given = {"safeguards": ["none", "short"], "seeds": 2, "threads": 1} | options
    said(lambda: compare(file, out=tmp_path / "out", **given), *parts)
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".out*"))


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--seeds", "1"], "--seeds: a comparison needs"),
        (["--months", "99"], "--months: the study has 14 months"),
        (["--persons", "-5"], "--persons: persons must be"),
        (["--by", "sexe"], '--by: results cannot be split by "sexe"'),
        (["--quantity", "no"], '--quantity: no quantity "no"'),
        (["--safeguard", "nottice"], '--safeguard: no safeguard "nottice"'),
        (["--out", "."], "the output folder is not empty"),
    ],
)
def test_mistakes_are_told_before_anything_begins(tmp_path, monkeypatch, capsys, words, what):
    file = two_systems(tmp_path)
    (tmp_path / "study.yaml").write_text(json.dumps(file.document.data), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.command()(command)
    call = ["study.yaml", "--safeguard", "none", "--safeguard", "short", *words]
    found = CliRunner().invoke(app, call)
    assert isinstance(found.exception, ScslabError)
    assert what in str(found.exception)
    assert "building the society" not in found.output + capsys.readouterr().err


def test_attributes_known_beforehand_are_those_of_the_society(tmp_path):
    file = two_systems(tmp_path)
    assert attributes_of(file) == list(build_world(file, 1).society.group_codes)
    shipped = read_study("judgment-debtors")
    assert set(attributes_of(shipped)) == set(build_world(shipped, 1, 20_000).society.group_codes)


def test_a_study_that_is_not_there():
    said(
        lambda: compare("jugment-debtors", safeguards=["none", "notice"], seeds=2),
        'did you mean "judgment-debtors"?',
    )


def test_questions_to_a_trial(tmp_path):
    found = trial(two_systems(tmp_path), "none", "short", "slow", seeds=3)
    assert found.safeguards == ["none", "short", "slow"]
    assert found.groups == ["residence", "sex"]
    harms = found.harm(by="sex")
    assert set(harms["group"]) == {"female", "male"}
    assert set(harms["safeguard"]) == {"none", "short", "slow"}
    assert set(found.differences()["safeguard"]) == {"short", "slow"}
    ranking = found.ranking("listed_months", "first")
    assert ranking["safeguard"].tolist()[0] == "short"
    assert ranking["best"].tolist()[0] == 1
    assert set(found.frontier("listed_months", "breaches_listed")["safeguard"]) == set(
        found.safeguards
    )
    said(lambda: found.harm(by="income"), 'not split by "income"', "known: residence, sex")
    said(lambda: found.differences(by=["sex", "residence"]), 'not split by "sex+residence"')
    said(lambda: found.ranking("no_such"), 'no quantity "no_such"')
    said(lambda: found.ranking(regime="third"), 'no regime "third"', "first")
    said(lambda: found.frontier(compliance="wrongful_months"), "wrongful_months", "breaches")
    said(lambda: found.frontier(harm="breaches"), 'no quantity "breaches"')


def test_warnings_name_safeguards_that_do_nothing(tmp_path):
    found = trial(two_systems(tmp_path), "none", "short", "no-family", seeds=2)
    first, second = found.manifest["warnings"]
    assert first.startswith('safeguard "no-family" changes nothing')
    assert second == "2 seeds are few: intervals are wide and the ranking is rough"
    rows = found.pairs[found.pairs["safeguard"] == "no-family"]
    assert (rows.loc[rows["first"].notna(), "difference"] == 0).all()


def test_usual_splits_are_those_of_the_society(tmp_path):
    assert trial(everything(tmp_path), "none", "none", seeds=2, months=2).groups == ["sex"]
