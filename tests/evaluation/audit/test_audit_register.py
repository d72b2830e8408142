"""The register of criteria: complete, sourced, and each with its test."""

import re
from pathlib import Path

import pytest

from scslab.core.audit import VERDICTS
from scslab.core.errors import ScslabError
from scslab.evaluation.audit import TESTS, chosen, criteria, instruments
from scslab.evaluation.audit.inputs import input_of, tables
from scslab.evaluation.audit.register import elements, register

DOCS = Path(__file__).parents[3] / "docs" / "audit.md"


def test_every_criterion_has_a_test_and_every_test_a_criterion() -> None:
    assert list(TESTS) == list(criteria())


def test_all_fifteen_rows_of_the_chinese_limits_are_there() -> None:
    assert {c.row for c in criteria().values()} - {0} == set(range(1, 16))


def test_the_instruments_and_the_elements_of_the_ban() -> None:
    assert instruments() == ("EU AI Act", "GDPR", "PIPL", "Chinese limits")
    assert [e.id for e in elements()] == [
        "system",
        "over-time",
        "behaviour",
        "detriment",
        "unrelated",
        "disproportionate",
    ]


def test_every_criterion_says_what_it_asks_by_which_text() -> None:
    used = set()
    for c in criteria().values():
        assert c.says and c.met and c.test and c.subjects and c.sources, c.id
        assert c.wording == "paraphrase"
        for s in c.sources:
            used.add(s.key)
            assert s.at and s.tag in ("published", "reported by press", "uncertain")
            assert s.href.startswith("https://")
        assert c.since == min(s.since for s in c.sources)
    assert used == set(register().sources)


def test_places_and_subjects() -> None:
    assert {c.place for c in criteria().values() if c.instrument in ("EU AI Act", "GDPR")} == {"EU"}
    assert criteria()["cn.proportionate"].place == "China"  # No. 49 holds nationwide
    assert criteria()["cn.related"].place == "Shanghai, Shandong, Shenzhen"
    assert criteria()["cn.consent"].place == "Rongcheng"
    assert criteria()["cn.family"].subjects == ("persons",)
    assert criteria()["cn.related"].subjects == ("persons", "organisations")


def test_criteria_can_be_chosen() -> None:
    assert [c.id for c in chosen("cn.notice, cn.hearing")] == ["cn.notice", "cn.hearing"]
    assert {c.instrument for c in chosen(None, "pipl")} == {"PIPL"}
    assert [c.id for c in chosen("pipl.deletion", "PIPL")] == ["pipl.deletion"]


@pytest.mark.parametrize(
    ("only", "instrument", "says"),
    [
        ("cn.notise", None, 'no criterion "cn.notise"'),
        (None, "GDPF", 'no instrument "GDPF"'),
        ("cn.notice", "GDPR", "no criterion is left"),
        (" ", None, 'no criterion " "'),
    ],
)
def test_a_wrong_choice_is_one_message(only: str, instrument: str, says: str) -> None:
    with pytest.raises(ScslabError, match=re.escape(says)):
        chosen(only, instrument)


def test_inputs_know_every_act() -> None:
    from scslab.core.acts import acts

    for act in acts():
        found = input_of(act)
        assert found.catalogue in ("in", "private", "out") and found.credit in (
            "yes",
            "praise",
            "no",
        )
    kinds = {k for row in tables()["acts"].values() for k in row.get("tells", ())}
    assert kinds == {"finance", "health", "private-life", "opinion", "membership"}
    good = [
        a for a, x in acts().items() if x["kind"] == "breach" and input_of(a).credit == "praise"
    ]
    assert not good


def test_the_documentation_has_every_criterion_and_verdict() -> None:
    text = DOCS.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z.0-9-]+)` \| (.*?) \| (.*?) \| (.*?) \|$", text, re.MULTILINE)
    shown = {id: (title, article, asks) for id, title, article, asks in rows}
    assert shown == {
        c.id: (c.title, f"{c.instrument}, {c.article}", c.test) for c in criteria().values()
    }
    for verdict in VERDICTS:
        assert f"**{verdict}**" in text


def test_the_documentation_names_every_limit_that_is_read() -> None:
    text = DOCS.read_text(encoding="utf-8")
    room = Path(__file__).parents[3] / "src" / "scslab" / "evaluation" / "audit"
    code = "\n".join(p.read_text(encoding="utf-8") for p in room.glob("*.py"))
    lists = re.findall(r"^(?:[A-Z]+) = \(?((?:\s*\"[a-z_]+\",?)+)", code, re.MULTILINE)
    called = re.findall(r"view\.limit\(\s*\"([a-z_]+)\"|forbidden\([^()]*\(\"([a-z_]+)\"", code)
    names = {n for found in lists for n in re.findall(r"\"([a-z_]+)\"", found)}
    names |= {n for pair in called for n in pair if n}
    names = {n for n in names if n.count("_") >= 1} - {
        "objection_own_data",
        "objection_others_data",
    }
    assert len(names) >= 20
    assert not [n for n in sorted(names) if f"`{n}`" not in text]
