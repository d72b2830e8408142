"""An audit as text, JSON, SARIF, HTML and Word: complete, escaped, the same bytes each time."""

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import docx
import pytest

from faulty_rules import clean_folder
from scslab.core.audit import NOT_ADVICE, VERDICTS, AuditReport
from scslab.core.audit_evidence import (
    Amount,
    ErrorRow,
    Evidence,
    GroupRate,
    ImpactRow,
    RunNote,
)
from scslab.evaluation.audit import audit, chosen, read_rule_file
from scslab.regimes.load import library
from scslab.report.audit_docx import audit_docx
from scslab.report.audit_json import audit_json
from scslab.report.audit_page import audit_page
from scslab.report.audit_sarif import LEVELS, audit_sarif
from scslab.report.audit_text import audit_text

SUINING = "cn-suining-2010"


def of(*names: str) -> AuditReport:
    return audit([read_rule_file(library()[n]) for n in names], target="here")


@pytest.fixture(scope="module")
def single() -> AuditReport:
    return of(SUINING)


@pytest.fixture(scope="module")
def several() -> AuditReport:
    return of(SUINING, "cn-sesame", "cn-unified-code", "de-schufa")


@pytest.fixture(scope="module")
def with_run() -> AuditReport:
    """A report with a made-up run behind it, and a name that must be escaped."""
    base = of("cn-spc-judgment-debtors")
    evidence = Evidence(
        "run-1",
        (Amount("time under the measure", 12345.0, "person-months"),),
        (GroupRate("sex", "male", 7.1, 100, "female", 2.4, 90, "per 1,000 months on file"),),
    )
    findings = tuple(
        replace(f, evidence=evidence, rule_text="<b>shout</b> & run") for f in base.findings
    )
    return replace(
        base,
        findings=findings,
        run=RunNote("run-1", "study", "1", "2019-01 to 2019-12", 1000, {base.scope[0].id: "same"}),
        impact=(ImpactRow(base.scope[0].id, "sex", "female", 1000, 5, 1),),
        errors=(ErrorRow(base.scope[0].id, 10, 2, 7, 3, 1, 1, 2, 1.5),),
    )


# Text


def test_text_of_one_regime(single: AuditReport) -> None:
    text = audit_text(single)
    head = text.splitlines()
    assert head[0] == "Audit of Suining mass credit"
    assert head[2] == f"37 criteria, {len(single.findings)} findings; not met: {len(single.failed)}"
    assert "rules of 2014-06-30 (the last day that the file covers)" in " ".join(head[3:5])
    assert single.scope[0].sha256 in text
    assert "EU AI Act: as if used in the EU" in text
    assert "score: not met (7 of 8)" in text
    assert "EU AI Act, Art. 5(1)(c), element by element" in text
    assert re.sub(r"\s+", " ", text).endswith(NOT_ADVICE)
    for f in single.failed:
        assert f.where in text or f"(line {f.line})" in text
    assert "test: as if used in Rongcheng, as if in force before 2021-06-18" in text


@pytest.mark.parametrize("name", [SUINING, "cn-spc-judgment-debtors", "de-schufa", ""])
def test_no_line_of_text_is_wider_than_a_terminal(name: str) -> None:
    text = audit_text(of(*([name] if name else library())))
    assert max(map(len, text.splitlines())) <= 100


def test_text_of_several_regimes(several: AuditReport) -> None:
    text = audit_text(several)
    assert "a count is not a score" in text
    row = next(line for line in text.splitlines() if line.startswith(SUINING))
    assert row.split()[:2] == [SUINING, "2014-06-30"]
    assert [int(n) for n in row.split()[2:]] == [19, 0, 6, 5, 6, 1]
    assert "Nothing to test in cn-unified-code" in text


def test_text_of_a_clean_file() -> None:
    text = audit_text(audit([read_rule_file(clean_folder("taxpayer-points"))]))
    assert "none is not met" in text and "Not met:" not in text


def test_text_with_a_run(with_run: AuditReport) -> None:
    text = audit_text(with_run)
    assert "with the run run-1 (synthetic)" in text
    assert "time under the measure: 12,345 person-months" in text


# JSON


def test_json_holds_everything(single: AuditReport) -> None:
    data = json.loads(audit_json(single))
    assert data["schema"] == "audit/1" and data["fails"] is True
    assert data["says"] == NOT_ADVICE
    assert len(data["findings"]) == len(single.findings)
    assert len(data["criteria"]) == 37
    cell = next(
        c
        for c in data["verdicts"]
        if c["criterion"] == "cn.credit-related" and c["part"] == "score"
    )
    assert cell["verdict"] == "not met" and cell["counts"] == {"not met": 7, "met": 1}
    assert cell["hypothetical"] == "as if used in Shenzhen, as if in force before 2023-03-01"
    assert set(data["human"].values()) == {""}
    assert not [k for k in data if "score" in k]


# SARIF: the structure that the standard asks for (OASIS, 2.1.0)


def test_sarif_has_the_structure_of_the_standard(several: AuditReport) -> None:
    log = json.loads(audit_sarif(several))
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    assert set(log) == {"$schema", "version", "runs"}
    run = log["runs"][0]
    assert set(run) <= {"tool", "results", "artifacts", "columnKind", "properties"}
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    driver = run["tool"]["driver"]
    assert driver["name"] and driver["informationUri"].startswith("https://")
    ids = [r["id"] for r in driver["rules"]]
    assert len(set(ids)) == len(ids) == 37
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"]
        assert rule["help"]["text"] and rule["helpUri"].startswith("https://")
        assert rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error")
        assert re.fullmatch(r"[A-Za-z]+", rule["name"])
    for artifact in run["artifacts"]:
        assert re.fullmatch(r"[0-9a-f]{64}", artifact["hashes"]["sha-256"])
    for result in run["results"]:
        check_result(result, ids, run["artifacts"])


def check_result(result: dict, ids: list, artifacts: list) -> None:
    assert ids[result["ruleIndex"]] == result["ruleId"]
    assert result["message"]["text"]
    assert result["level"] in ("none", "note", "warning", "error")
    # 3.27.10: where the kind is not "fail", the level is "none".
    assert result["kind"] == "fail" or result["level"] == "none"
    place = result["locations"][0]["physicalLocation"]
    assert place["region"]["startLine"] >= 1
    location = place["artifactLocation"]
    assert artifacts[location["index"]]["location"]["uri"] == location["uri"]
    assert " " not in location["uri"] and not location["uri"].startswith("/")
    assert all(isinstance(v, str) for v in result["partialFingerprints"].values())


def test_sarif_levels_are_those_of_the_verdicts(several: AuditReport) -> None:
    results = json.loads(audit_sarif(several))["runs"][0]["results"]
    assert len(results) == len(several.findings)
    errors = [r for r in results if r["level"] == "error"]
    assert len(errors) == len(several.failed)
    found = {(r["properties"]["verdict"], r["kind"], r["level"]) for r in results}
    assert found <= {(v, *LEVELS[v]) for v in VERDICTS}
    prints = [(r["partialFingerprints"]["finding/v1"]) for r in results]
    assert len(set(prints)) == len(prints)


# HTML


class Page(HTMLParser):
    """Collects ids, links, tags that must close, and the text."""

    VOID = {"meta", "br", "link", "img", "hr"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if "href" in found else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] != tag and self.open[-1] in ("li", "p", "dt", "dd"):
            self.open.pop()
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("which", ["single", "several", "with_run"])
def test_page(which: str, request: pytest.FixtureRequest) -> None:
    report: AuditReport = request.getfixturevalue(which)
    html = audit_page(report)
    page = Page(html)
    assert not page.open
    assert len(set(page.ids)) == len(page.ids)
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner <= set(page.ids)
    assert "<script" not in html and "http-equiv" not in html.replace("X", "")
    assert NOT_ADVICE in page.text
    for number, title in enumerate(
        (
            "Verdicts",
            "Scope",
            "Register of criteria",
            "Findings",
            "Impact by group",
            "Errors and remedies",
            "Residual risk",
            "Limits",
        ),
        1,
    ):
        assert f"{number} {title}" in page.text
    assert html == audit_page(report)
    assert "overall score" in page.text and "<b>shout</b>" not in html


def test_page_tells_machine_from_human_in_words(single: AuditReport) -> None:
    html = audit_page(single)
    cards = html.count('<article class="card')
    assert 0 < cards <= len(single.failed)
    assert html.count("Response of the rule owner <span") == cards
    assert html.count('aria-label="Response of the rule owner to') == cards
    for f in single.failed:
        assert f"{f.file}:{f.line}" in html or f"line {f.line}</span>" in html


def test_verdicts_are_told_without_colour(several: AuditReport) -> None:
    html = audit_page(several)
    assert "N not met, P partly, L needs a lawyer, T not testable, M met" in html
    matrix = html[html.index('class="matrix"') : html.index("</table>")]
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", matrix)
    assert len(cells) == 4 * 37
    assert set(cells) <= {"N", "P", "L", "T", "M", "\N{EN DASH}"}


def test_page_with_a_run(with_run: AuditReport) -> None:
    text = Page(audit_page(with_run)).text
    assert "Run run-1 of the study study, seed 1" in text and "synthetic" in text
    assert "most among male (7.1 per 1,000 months on file, n = 100)" in text
    assert "1.5 months" in text


# Word


@pytest.mark.parametrize("which", ["single", "several", "with_run"])
def test_word(which: str, request: pytest.FixtureRequest) -> None:
    report: AuditReport = request.getfixturevalue(which)
    data = audit_docx(report)
    assert data == audit_docx(report)
    document = docx.Document(io.BytesIO(data))
    text = "\n".join(p.text for p in document.paragraphs)
    assert text.count("Response of the rule owner [human]") >= 1
    assert "4 Findings" in text and "7 Residual risk [human]" in text
    assert "[machine]" in text and NOT_ADVICE in text
    assert document.core_properties.author == "scslab"
    first = document.tables[0]
    assert first.rows[0].cells[0].text == "Criterion"
    cards = [p.text for p in document.paragraphs if p.style.name == "Heading 3"]
    assert any(c.startswith("✗ not met: ") and c.endswith("[machine]") for c in cards)


def test_word_of_a_clean_file_has_no_card() -> None:
    report = audit(
        [read_rule_file(clean_folder("taxpayer-points"))], chosen=chosen(None, "Chinese limits")
    )
    document = docx.Document(io.BytesIO(audit_docx(report)))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "No rule is not met or partly met." in text
    assert "Response of the rule owner" not in text
