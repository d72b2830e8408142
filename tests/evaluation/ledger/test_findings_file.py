"""Findings that a reader brings: a file of his own."""

import pytest

from scslab.core.errors import ScslabError
from scslab.evaluation.findings import findings, read_findings

HEAD = "id,source,quantity,group,kind,value,n,note\n"
ROW = "Z1,a paper,approves,all,share,0.80,400,weighted\n"


def test_the_package_findings_read_back(tmp_path):
    from pathlib import Path

    from scslab.evaluation import findings as module

    path = Path(module.__file__).with_name("findings.csv")
    assert read_findings(path) == findings()


def test_order_extra_columns_blank_lines_and_a_mark_do_not_matter(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "\ufeffpage,kind,id,source,quantity,group,value,n,note\n"
        '\n7,sign,Z1,a paper,"effect of age, on approval",all,+,,\n,,,,,,,,\n',
        encoding="utf-8",
    )
    (one,) = read_findings(path).values()
    assert (one.id, one.quantity, one.value, one.n) == ("Z1", "effect of age, on approval", "+", "")


MISTAKES = {
    "a missing column": (HEAD.replace(",kind", "") + "1\n", 'f.csv:1: column "kind" is missing'),
    "a double column": (HEAD.replace("note", "n") + ROW, 'column "n" stands twice'),
    "another separator": (HEAD.replace(",", ";") + ROW, "separate the columns by commas"),
    "a double id": (HEAD + ROW + ROW, 'f.csv:3: finding "Z1" is written twice (first at line 2)'),
    "an unknown kind": (HEAD + ROW.replace("share", "shares"), 'unknown kind "shares"'),
    "a bad number": (HEAD + ROW.replace("0.80", "80%"), "write a share as 0.80"),
    "a percentage": (HEAD + ROW.replace("0.80", "80"), "write 80 % as 0.80"),
    "a comma": (HEAD + ROW.replace("0.80", '"0,80"'), "a point, not a comma: 0.80"),
    "a comma in a log-odds": (
        HEAD + ROW.replace("share,0.80", 'log-odds,"0,314"'),
        "a point, not a comma: 0.314",
    ),
    "thousands in n": (HEAD + ROW.replace("400", '"2,209"'), "no thousands separators: 2209"),
    "thousands in a count": (
        HEAD + ROW.replace("share,0.80", 'count,"9,590,000"'),
        "no thousands separators: 9590000",
    ),
    "no number": (HEAD + ROW.replace("0.80", ""), "f.csv:2: this is no number of the kind share"),
    "not a number": (HEAD + ROW.replace("0.80", "nan"), "this is no number"),
    "a bad sign": (HEAD + ROW.replace("share,0.80", "sign,plus"), "a sign is +, - or 0"),
    "a bad n": (HEAD + ROW.replace("400", "many"), "n is a whole number of respondents"),
    "an n of 0": (HEAD + ROW.replace("400", "0"), "n is a whole number of respondents"),
    "a bad part": (
        HEAD + ROW.replace("share,0.80", "distribution,0.5/half"),
        "this is no number of the kind distribution",
    ),
    "too many cells": (HEAD + ROW.strip() + ",more\n", "a row has more cells than the header"),
    "too few cells": (HEAD + "Z1,a paper\n", "a row has fewer cells than the header"),
    "no id": (HEAD + ROW.replace("Z1", ""), "a finding needs an id and a quantity"),
    "nothing": (HEAD, "the file has no findings"),
    "an empty file": ("", 'column "id" is missing'),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_line(name: str, tmp_path, monkeypatch):
    text, message = MISTAKES[name]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ScslabError) as caught:
        read_findings("f.csv")
    assert message in str(caught.value)


@pytest.mark.parametrize(("kind", "value"), [("sign", "−"), ("log-odds", "−0.12")])
def test_a_typeset_minus_is_a_minus(kind: str, value: str, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(HEAD + ROW.replace("share,0.80", f"{kind},{value}"), encoding="utf-8")
    (one,) = read_findings(path).values()
    assert one.value == value.replace("−", "-")


def test_no_such_file(tmp_path):
    with pytest.raises(ScslabError, match="no such file"):
        read_findings(tmp_path / "none.csv")
