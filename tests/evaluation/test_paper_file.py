"""Mistakes in a paper file, each with its line and one sentence."""

from __future__ import annotations

import pytest

from scslab.core.errors import ScslabError
from scslab.core.yamlfile import parse
from scslab.evaluation.exhibits.paper import paper_of, printed_in

GOOD = """\
paper: paper/1
title: A paper
source: A journal, 2019
short: Paper 2019
factors:
  - {name: Persons, hypotheses: [{id: H1, says: Age, finding: K23}]}
exhibits:
  - id: figure-2
    title: Use
    kind: shares
    rows:
      - {label: Sesame, share: {systems_sesame: [1]}, finding: K08}
      - {label: older, share: {age_group: [2]}, finding: K57, value: "0.42"}
  - id: table-2
    title: Approval
    kind: crosstab
    columns: [{id: approves, label: Approves, share: {approval: [4, 5]}}]
    rows: [{label: all, findings: {approves: K01}}]
  - id: table-4
    title: Models
    kind: models
    models: {m3: Model 3}
    coefficients: [{label: Party, name: party}]
    findings: {m3.party: K16}
  - {id: table-1, title: Hypotheses, kind: hypotheses}
  - {id: figure-1, title: Framework, kind: framework, outcome: Approval}
"""


def test_a_good_file_is_read_with_all_its_findings() -> None:
    file = paper_of(parse(GOOD, "paper.yaml"))
    assert [one.kind for one in file.paper.exhibits] == [
        "shares", "crosstab", "models", "hypotheses", "framework",
    ]  # fmt: skip
    assert [name for _, name in printed_in(file.paper)] == ["K23", "K08", "K57", "K01", "K16"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("finding: K08", "finding: K008", 'paper.yaml:12: .*row 1, finding: no finding "K008"'),
        ("findings: {approves: K01}", "findings: {approve: K01}", 'no column "approve"'),
        ("approves: K01}", "approves: K999}", 'paper.yaml:18: .*no finding "K999"'),
        ("m3.party: K16", "m3.partei: K16", 'no cell "m3.partei"'),
        ("m3.party: K16", "m4.party: K16", 'no cell "m4.party"'),
        ("finding: K23", "finding: K230", 'paper.yaml:6: .*no finding "K230"'),
        ('value: "0.42"', 'value: "0.43"', "the note of the finding has no such value"),
        ('value: "0.42"', 'value: "0.4"', "the note of the finding has no such value"),
        ('value: "0.42"', "value: 0.42", "expected: text"),
        ("id: table-2", "id: figure-2", 'the id "figure-2" is used twice'),
        ("share: {systems_sesame: [1]}, ", "", "a row measures one thing"),
        ("{label: Sesame, share", "{label: Sesame, mean: age, share", "got: share, mean"),
        ("share: {age_group: [2]}", "mean: age", "rows of one exhibit are measured alike"),
        ("{label: all, fi", "{label: all, share: {a: [1]}, fi", "a cell measures one thing"),
        ("{label: all, fi", "{label: all, finding: K01, fi", "no single printed value"),
        ("    kind: shares\n", "    kind: models\n", '"models" is missing'),
        (", outcome: Approval", "", '"outcome" is missing'),
        ("kind: hypotheses}", "kind: hypotheses, outcome: a}", '"outcome" does not belong here'),
        ("kind: shares", "kind: share", 'did you mean "shares"'),
        ("short: Paper 2019\n", "", '"short" is missing'),
        ("{label: Party, name: party}", "{lable: Party, name: party}", 'unknown key "lable"'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_sentence(old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(ScslabError, match=says):
        paper_of(parse(GOOD.replace(old, new, 1), "paper.yaml"))


def test_factors_are_needed_where_they_are_drawn() -> None:
    lines = [line for line in GOOD.splitlines() if not line.startswith(("factors", "  - {name"))]
    with pytest.raises(ScslabError, match='"factors" are missing'):
        paper_of(parse("\n".join(lines), "paper.yaml"))


def test_a_hypothesis_stands_in_one_factor() -> None:
    twice = GOOD.replace("finding: K23}]", "finding: K23}, {id: H1, says: Old}]")
    with pytest.raises(ScslabError, match='hypothesis "H1" stands twice'):
        paper_of(parse(twice, "paper.yaml"))
