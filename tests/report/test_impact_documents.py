"""Impact assessments as pages and Word files: marks, boxes, numbers, and what must not be there."""

import dataclasses
import io
import re
from pathlib import Path

import docx
import pytest
import typer
from docx.oxml.ns import qn
from typer.testing import CliRunner

from scslab.api.impact import assess
from scslab.cli.assess import assess as command
from scslab.core.errors import ScslabError
from scslab.core.impact import (
    Basis,
    Choice,
    HumanPart,
    ImpactDocument,
    ImpactDraft,
    ImpactSection,
    MachinePart,
)
from scslab.core.printed import Column, ResultTable, Row, Suppressed
from scslab.core.results import SourceLine
from scslab.lab.older import check_counts
from scslab.report.impact_docx import docx_bytes
from scslab.report.impact_page import render
from small import everything, run

HARM = ResultTable(
    id="a-list-harm",
    title="Harm over the whole run",
    columns=(
        Column("risk", "Risk"),
        Column("count", "Count", "count"),
        Column("r", "Rate", "share"),
    ),
    rows=(
        Row(("Sex",), "heading"),
        Row(("female <b>", 1234, 0.125)),
        Row(("male", 7, Suppressed(30))),
        Row(("All", 1241, 0.1), "foot"),
    ),
    n=98765,
    source="scslab 9, study small, seed 1, run ff",
    unit="share",
    notes=("Made up",),
    synthetic=True,
)
MACHINE = MachinePart(
    Basis("tallies", "2020-01 to 2020-12", "98,765 records", "95 %"), "Harm", "", HARM
)
SAID = MachinePart(
    Basis("regime file a-list"), "The rules", "First.\n\nSecond:\nitem one\nitem two"
)
OPEN = HumanPart("Who oversees <it>?", "Name them.")
ROWS = HumanPart("Sign", rows=("Written by", "Approved by"))
CHOSEN = HumanPart(
    "Is it secret?",
    answer="Yes",
    choices=(Choice("Yes", "3 points", True), Choice("No", "0 points")),
    id="riskProfile1",
)
PARTS = (SAID, MACHINE, OPEN, ROWS, CHOSEN)


def document(*parts, warnings: tuple[str, ...] = ()) -> ImpactDocument:
    draft = ImpactDraft(
        kind="fria",
        title="Assessment: A list",
        instrument="The Act, Article 27",
        regime="a-list",
        name="A list",
        facts=(("System", "A list (a-list)"),),
        sections=(ImpactSection("d", "Risks of harm", "Art. 27(1)(d)", parts or PARTS),),
        sources=(
            SourceLine("k", "a-list", "law", "A law", "2020-01-01", "javascript:alert(1)", ""),
        ),
        limits=("It is not legal advice.",),
    )
    return ImpactDocument(
        "fria",
        "Assessment: A list",
        "small",
        1,
        ("2020-01", "2020-12"),
        "ff",
        "9",
        (draft,),
        warnings,
    )


def opened(data: bytes):
    return docx.Document(io.BytesIO(data))


def all_text(word) -> str:
    """Every text of the body, also that of fields, in the order of reading."""
    body = word.element.body
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))


def test_word_opens_and_has_both_marks() -> None:
    word = opened(docx_bytes(document()))
    text = all_text(word)
    assert text.count("Filled by machine") == 2 + 1  # and once in the key
    assert text.count("For a person to fill in") == 2 + 1
    assert text.count("Answered by a person") == 1 + 1
    assert "Draft, not legal advice" in text
    assert "Draft, not legal advice" in word.sections[0].header.paragraphs[0].text
    assert "synthetic" in word.sections[0].footer.paragraphs[0].text
    assert word.core_properties.author == "scslab"


def test_marks_are_borders_too() -> None:
    word = opened(docx_bytes(document()))
    lined = [
        p
        for p in word.paragraphs
        if p._p.pPr is not None and p._p.pPr.find(qn("w:pBdr")) is not None
    ]
    assert any(p.text == "Filled by machine" for p in lined)
    assert any(p.text == "Second:" for p in lined)
    styles = []
    for one in word.tables:
        sides = one._tbl.tblPr.find(qn("w:tblBorders"))
        styles.append({(e.tag.split("}")[1], e.get(qn("w:val"))) for e in sides})
    assert styles[0] == {("left", "single")}
    for box in styles[1:]:
        assert {("top", "dashed"), ("left", "dashed"), ("right", "dashed")} <= box


def test_people_write_in_fields() -> None:
    word = opened(docx_bytes(document()))
    fields = list(word.element.body.iter(qn("w:sdt")))
    titles = [f.find(qn("w:sdtPr")).find(qn("w:alias")).get(qn("w:val")) for f in fields]
    assert titles == ["Who oversees <it>?", "Written by", "Approved by", "Is it secret?"]
    items = [i.get(qn("w:value")) for i in fields[-1].iter(qn("w:listItem"))]
    assert items == ["Yes", "No"]
    open_ = [f.find(qn("w:sdtPr")).find(qn("w:showingPlcHdr")) is not None for f in fields]
    assert open_ == [True, True, True, False]
    assert "\N{BALLOT BOX WITH X} Yes (3 points)" in all_text(word)


def test_numbers_of_the_record_are_in_both_files() -> None:
    word, page = opened(docx_bytes(document())), render(document())
    cells = [[c.text for c in row.cells] for row in word.tables[0].rows]
    assert cells[2] == ["female <b>", "1,234", "12.5\N{NO-BREAK SPACE}%"]
    assert cells[3] == ["male", "7", "n < 30"]
    assert "1,234" in page
    assert "12.5\N{NO-BREAK SPACE}%" in page
    for text in (all_text(word), page):
        assert "98,765 records" in text
        assert "2020-01 to 2020-12" in text
        assert "respondent" not in text
        assert "Table 1. Harm over the whole run" in text


def test_the_page_is_safe_and_alone() -> None:
    page = render(document(warnings=("<i>careful</i>",)))
    assert "<script" not in page
    assert "javascript:" not in page
    assert "female &lt;b&gt;" in page
    assert "Who oversees &lt;it&gt;?" in page
    assert "&lt;i&gt;careful&lt;/i&gt;" in page
    assert "default-src 'none'" in page
    assert page.count('class="part machine"') == 2
    assert page.count('class="part human"') == 3
    labels = re.findall(r'<span class="label">([^<]*)</span>', page)
    assert labels == ["Filled by machine"] * 2 + ["For a person to fill in"] * 2 + [
        "Answered by a person"
    ]
    assert "border-left: 4px solid" in page
    assert "2px dashed" in page


def test_the_same_record_gives_the_same_bytes() -> None:
    assert docx_bytes(document()) == docx_bytes(document())
    assert render(document()) == render(document())


def test_chapters_begin_on_new_pages() -> None:
    one = document()
    second = dataclasses.replace(one.chapters[0], regime="other", title="Assessment: Other")
    both = dataclasses.replace(one, chapters=(one.chapters[0], second))
    word = opened(docx_bytes(both))
    heads = [p for p in word.paragraphs if p.style.name == "Heading 1"]
    assert [p.text for p in heads] == ["Assessment: A list", "Assessment: Other"]
    assert [bool(p.paragraph_format.page_break_before) for p in heads] == [False, True]
    # Tables are numbered through the document.
    assert "Table 2. Harm over the whole run" in all_text(word)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    file = everything(tmp_path_factory.mktemp("rules"))
    folder = tmp_path_factory.mktemp("runs") / "run"
    return file, run(file, out=folder), folder


def test_a_run_folder_and_a_run_in_memory_give_the_same(made) -> None:
    file, found, folder = made
    for kind in ("fria", "bias"):
        assert assess(found, study=file, kind=kind) == assess(folder, kind=kind)


def test_files_of_every_kind_can_be_opened(made, tmp_path: Path) -> None:
    _, found, folder = made
    wrongful = int(found.tallies["wrongful_entries"].sum())
    for kind in ("fria", "dpia", "aia", "bias"):
        target = tmp_path / f"{kind}.docx"
        document_ = assess(folder, kind=kind, regime="debtors", out=target)
        text = all_text(docx.Document(str(target)))
        for part in document_.chapters[0].parts("human"):
            assert " ".join(part.question.split()) in text
        assert "Filled by machine" in text
    page = tmp_path / "fria.html"
    assess(folder, kind="fria", out=page)
    text = page.read_text(encoding="utf-8")
    assert all(name in text for name in ("points-and-list", "debtors", "joined"))
    assert wrongful > 0
    assert ">nan<" not in text


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"kind": "fra"}, "^--kind: no assessment of kind"),
        ({"kind": "fria", "regime": "debters"}, '^--regime: the run has no regime "debters"'),
        ({"kind": "fria", "out": "x.pdf"}, "no writer for an assessment"),
        ({"kind": "fria", "out": "nowhere/x.html"}, "no such folder"),
        ({"kind": "dpia", "answers": "a.yaml"}, "^--answers: answers belong to the kind aia"),
        ({"kind": "aia", "answers": "a.yaml"}, "a file of answers is about one system"),
        ({"kind": "aia", "answers": "a.yaml", "regime": "debtors"}, "no such file"),
    ],
)
def test_mistakes_are_told_before_anything_is_written(
    made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict, what: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScslabError, match=what):
        assess(made[2], **options)
    assert not list(tmp_path.iterdir())


def test_a_file_is_never_written_over(made, tmp_path: Path) -> None:
    target = tmp_path / "fria.html"
    target.write_text("answers of people", encoding="utf-8")
    with pytest.raises(ScslabError, match="there is a file already"):
        assess(made[2], kind="fria", out=target)
    assert target.read_text(encoding="utf-8") == "answers of people"


def test_a_run_in_memory_needs_its_study(made) -> None:
    with pytest.raises(ScslabError, match="does not hold its rules"):
        assess(made[1], kind="fria")
    with pytest.raises(ScslabError, match="no such run folder"):
        assess("nowhere", kind="fria")


def test_a_table_of_an_older_run_is_refused(made) -> None:
    file, found, _ = made
    old = dataclasses.replace(found, tallies=found.tallies.drop(columns=["missed"]))
    with pytest.raises(ScslabError, match="older version"):
        assess(old, study=file, kind="fria")


def test_a_folder_of_an_older_run_is_named_with_its_version(made) -> None:
    _, found, _ = made
    versions = {"versions": {"scslab": "0.4.0"}}
    tallies = found.tallies.drop(columns=["missed", "told"])
    old = dataclasses.replace(found, tallies=tallies, manifest=found.manifest | versions)
    with pytest.raises(ScslabError, match="^runs/old: this run was written by an older") as error:
        check_counts(old, Path("runs/old"))
    assert "got: version 0.4.0; this is " in str(error.value)
    assert "try: run the study again" in str(error.value)
    check_counts(found, Path("runs/new"))


def test_the_command_says_what_it_wrote(made, tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(command)
    target = tmp_path / "aia.docx"
    wanted = ["--kind", "aia", "--regime", "debtors", "--out", str(target)]
    found = CliRunner().invoke(app, [str(made[2]), *wanted], catch_exceptions=False)
    assert found.exit_code == 0
    assert "synthetic draft, not legal advice" in found.output
    assert "parts filled by machine" in found.output
    assert "there is no score yet" in found.output
    assert target.is_file()
