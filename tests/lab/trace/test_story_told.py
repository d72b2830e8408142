"""A story as text, Markdown, a page and JSON; and at the door."""

import json
from html.parser import HTMLParser

import pytest
import typer
from traced import rich, run_folder
from typer.testing import CliRunner

from scslab.api.stories import story_cases, told, trace
from scslab.cli.trace import trace as command
from scslab.core.errors import ScslabError
from scslab.report.story import case_lines


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    base = tmp_path_factory.mktemp("rich")
    return run_folder(rich(base, title="Rules & <b>persons</b>"), base / "run")


@pytest.fixture(scope="module")
def story(folder):
    return trace(folder, case="compounded", threads=1)


class Reader(HTMLParser):
    """The texts and the ids of a page; every tag that opens must close."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.texts = [], set(), set(), []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "id" in found:
            assert found["id"] not in self.ids
            self.ids.add(found["id"])
        if found.get("href", "").startswith("#"):
            self.links.add(found["href"][1:])
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_the_page_is_whole_and_says_that_nobody_is_real(story):
    page = told(story, "html")
    reader = Reader()
    reader.feed(page)
    assert not reader.open and reader.links <= reader.ids
    assert story.says in "".join(reader.texts)
    assert "Nobody real is meant, rated or described." in page
    assert "Rules &amp; &lt;b&gt;persons&lt;/b&gt;" in page and "<b>persons</b>" not in page
    assert "<script" not in page
    for step in story.steps:
        assert step.says in " ".join("".join(reader.texts).split())


def test_the_text_fits_a_terminal_and_numbers_the_steps(story):
    text = told(story)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    assert story.says in " ".join(text.split())
    assert sum(line.strip().startswith("luck: ") for line in lines) == sum(
        len(step.chances) for step in story.steps
    )
    assert f"{len(story.steps):>3}. " in text and f"{len(story.steps) + 1:>3}. " not in text


def test_the_json_holds_everything(story):
    found = json.loads(told(story, "json"))
    assert found["synthetic"] is True and found["schema"] == "story/1"
    assert [step["says"] for step in found["steps"]] == [step.says for step in story.steps]
    row = next(row for step in found["steps"] for row in step["rows"])
    assert set(row) == {"of", "key", "row", "title", "says"}


def test_markdown_has_a_heading_for_each_month(story):
    text = told(story, "markdown")
    assert text.count("\n## ") == len({step.month for step in story.steps}) + 1 + bool(story.beside)


def test_unknown_formats_are_refused(story):
    with pytest.raises(ScslabError, match="no format"):
        told(story, "pdf")


def run_command(*words):
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=True)


def test_the_command_prints_or_writes_a_story(folder, story, tmp_path):
    shown = run_command(folder, "--case", "compounded", "--threads", 1)
    assert shown.stdout.rstrip("\n") == told(story).rstrip("\n")
    to = tmp_path / "story.html"
    written = run_command(folder, "--case", "compounded", "--format", "html", "--out", to)
    assert written.stdout == f"story: {to}\n"
    assert to.read_text(encoding="utf-8") == told(story, "html")


def test_the_command_lists_the_cases(folder):
    shown = run_command(folder, "--list-cases", "--threads", 1)
    assert shown.stdout.rstrip("\n") == case_lines(story_cases(folder, threads=1))
    assert "wrongly-listed" in shown.stdout


def test_the_command_says_first_what_is_wrong(folder, tmp_path):
    assert "which story?" in str(run_command(folder).exception)
    missing = run_command(folder, "--case", "compounded", "--out", tmp_path / "no" / "story")
    assert "no such folder" in str(missing.exception)
    wrong = run_command(folder, "--case", "compounded", "--format", "pdf")
    assert "no format" in str(wrong.exception)
