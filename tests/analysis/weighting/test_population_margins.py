"""Margins from dicts, files and names; figures that do not fit are told with their line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from scslab.analysis.weighting.margins import margins, read_margins, renamed
from scslab.core.errors import ScslabError
from scslab.evaluation import findings


def test_shares_stay_and_counts_bring_their_total():
    shares = margins({"sex": {"f": 0.39, "m": 0.61}}, total=1000)
    counts = margins({"sex": {"f": 39, "m": 61.0}}, unit="count")
    assert shares.margins == counts.margins
    assert (shares.total, counts.total) == (1000, 100)
    assert margins({"sex": {"f": 39, "m": 61}}, unit="percent").total is None


def test_joint_margins_are_nested_or_of_tuples():
    nested = {"f": {"young": 0.2, "old": 0.3}, "m": {"young": 0.4, "old": 0.1}}
    flat = {("f", "young"): 0.2, ("f", "old"): 0.3, ("m", "young"): 0.4, ("m", "old"): 0.1}
    one = margins({"sex x age": nested})
    assert one == margins({("sex", "age"): flat}) == margins({("sex", "age"): nested})
    assert one.margins[0].levels[1] == ("f", "old")
    assert one.margins[0].name == "sex x age"


def test_codes_are_written_as_files_write_them():
    assert margins({"sex": {1.0: 0.4, 2: 0.6}}).margins[0].levels == (("1",), ("2",))


def test_the_printed_margins_of_2018_are_the_findings():
    """K56 female, K57 age 14-30, K58 East, as the list of findings has them."""
    path = Path(findings.__file__).with_name("findings.csv")
    with path.open(encoding="utf-8", newline="") as file:
        told = {row["id"]: row["value"] for row in csv.DictReader(file)}
    found = read_margins("cn-online-2018")
    by_level = {
        level[0]: share
        for margin in found.margins
        for level, share in zip(margin.levels, margin.shares, strict=True)
    }
    assert by_level["female"] == float(told["K56"])
    assert by_level["14-30"] == float(told["K57"])
    assert by_level["East"] == float(told["K58"])
    assert by_level["51-65"] == pytest.approx(0.03)
    assert "10.1177/1461444819826402" in found.source


def test_margins_take_a_file_s_own_names():
    found = renamed(read_margins("cn-online-2018"), {"age": "q1", "region": "prov"})
    assert [m.name for m in found.margins] == ["q1", "sex", "prov"]
    with pytest.raises(ScslabError, match='did you mean "age"'):
        renamed(found := read_margins("cn-online-2018"), {"agee": "q1"})
    assert found.margins[0].name == "age"


def test_rounded_figures_are_brought_to_one_whole_if_asked_and_it_is_said():
    found = margins({"sex": {"f": 0.4, "m": 0.61}}, rescale=True)
    assert sum(found.margins[0].shares) == pytest.approx(1, abs=1e-15)
    assert found.notes == ("sex: figures sum to 1.01, brought to 1 (-0.99 %)",)


@pytest.mark.parametrize(
    ("figures", "more", "message"),
    [
        (
            {"sex": {"f": 0.5, "m": 0.45}},
            {},
            'margins: sex: the shares of margin "sex" do not sum to 1: off by -0.05 (-5 %)\n'
            "  got: 0.95\n"
            "  try: mend the figures; in a file of margins say rescale: true, if they are off by "
            "rounding only",
        ),
        (
            {"sex": {"f": 150, "m": 150}, "age": {"y": 330}, "region": {"E": 300}},
            {},
            'margins: age: the totals of the margins disagree: "age" is off by +30 (+10 %)\n'
            "  got: 300, 330, 300\n"
            "  expected: 300 in each margin",
        ),
        ({"sex": {"f": 150, "m": 151}}, {"total": 300}, 'disagree: "sex" is off by +1'),
        ({"sex": {"f": 50, "m": 50}}, {}, "may be percent or persons"),
        ({"sex": {"f": -0.5, "m": 1.5}}, {}, "margins: sex.f: the figure of a category"),
        ({"sex": {"f": "x"}}, {}, "got: x"),
        ({"sex": {"f": True}}, {}, "must be a number"),
        ({"sex": {"f": float("nan")}}, {}, "must be a number"),
        ({"sex": {"f": 0.0}}, {}, "are all 0"),
        ({"sex": {}}, {}, "a margin without categories"),
        ({}, {}, "no margins"),
        ({"sex x age": {"f": 1.0}}, {}, "more variables than levels"),
        ({"sex": {("f", "y"): 1.0}}, {}, "more parts than the margin has variables"),
        ({"sex x sex": {"f": {"f": 1.0}}}, {}, "names a variable twice"),
        ({"sex": {1: 0.5, 1.5: 0.3, "1": 0.2}}, {}, 'category "1" is given twice'),
        ({"a x b": {"f": {"y": 1.0}}, ("a", "b"): {"f": {"y": 1.0}}}, {}, '"a x b" is given twice'),
        ({"sex": {"f": 1.0}}, {"unit": "shares"}, 'did you mean "share"'),
        ({"sex": {"f": 1.0}}, {"total": -3}, "must be a positive number"),
    ],
)
def test_figures_that_do_not_fit_are_told(figures, more, message):
    with pytest.raises(ScslabError) as told:
        margins(figures, **more)
    assert message in str(told.value)


FILE = """\
source: a census
total: 2000
margins:
  sex: {f: 900, m: 1100}
  sex x age:
    f: {young: 500, old: 400}
    m: {young: 600, old: 500}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_margins(tmp_path):
    found = read_margins(written(tmp_path, FILE))
    assert (found.total, found.source) == (2000, "a census")
    assert found.margins[1].shares == (0.25, 0.2, 0.3, 0.25)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("total:", "totl:", 'm.yaml:2: totl: unknown key "totl"\n  try: did you mean "total"?'),
        ("source: a census\n", "", '"source" is missing'),
        ("old: 400", "old: none", "m.yaml:6: margins.sex x age.f.old: the figure of a category"),
        ("m: 1100", "m: 1090", 'm.yaml:4: margins.sex: the totals of the margins disagree: "sex"'),
    ],
)
def test_mistakes_in_a_file_have_their_line(tmp_path, old, new, message):
    with pytest.raises(ScslabError) as told:
        read_margins(written(tmp_path, FILE.replace(old, new)))
    assert message in str(told.value)


def test_a_name_that_is_none():
    with pytest.raises(ScslabError, match='did you mean "cn-online-2018"'):
        read_margins("cn-online-2019")
