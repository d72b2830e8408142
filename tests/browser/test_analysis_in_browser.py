"""The page of an analysis in headless Chromium: whole, silent, asking nobody, also on a phone."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from test_report import Outline, Seen, pytestmark, visit

from report.sample_analysis import analysis, models
from scslab.report.analysis_page import write_analysis
from scslab.report.writers import write_table

__all__ = ["pytestmark"]

# The page forbids scripts; this one alone is let in to tell how wide the page came out.
MEASURE = (
    "console.log('measured',[document.documentElement.scrollWidth,innerWidth,"
    "[...document.querySelectorAll('.narrow')].filter(e=>e.offsetWidth).length,"
    "[...document.querySelectorAll('.wide')].filter(e=>e.offsetWidth).length].join(' '))"
)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder = tmp_path_factory.mktemp("browser")
    write_analysis(analysis(), folder / "analysis.html")
    return visit(folder / "analysis.html", folder)


def test_the_page_has_its_title_and_every_section(seen: Seen) -> None:
    found = Outline(seen.dom).found
    assert found["title"] == ["Who approves of a social credit system?"]
    assert [" ".join(one.split()) for one in found["h2"]] == [
        "Warnings",
        "Contents",
        "1 Approval",
        "2 Models",
    ]
    assert len(found["svg"]) == 6


def test_the_page_complains_of_nothing_and_asks_nobody(seen: Seen) -> None:
    assert [line for line in seen.log.splitlines() if "CONSOLE" in line] == []
    assert seen.asked == []


def test_a_table_by_itself_complains_of_nothing(tmp_path: Path) -> None:
    write_table(models(), tmp_path / "models.html")
    found = visit(tmp_path / "models.html", tmp_path)
    assert [line for line in found.log.splitlines() if "CONSOLE" in line] == []
    assert found.asked == []


def test_the_page_keeps_a_smuggled_script_from_running(tmp_path: Path) -> None:
    write_analysis(analysis(), tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    evil = text.replace("</main>", "<script>document.title='ran'</script></main>")
    (tmp_path / "b.html").write_text(evil, encoding="utf-8")
    found = visit(tmp_path / "b.html", tmp_path)
    assert Outline(found.dom).found["title"] == ["Who approves of a social credit system?"]
    assert "Content Security Policy" in found.log


@pytest.mark.parametrize(("width", "phone"), [(390, True), (1280, False)])
def test_nothing_runs_out_of_the_screen(width: int, phone: bool, tmp_path: Path) -> None:
    write_analysis(analysis(), tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(MEASURE.encode()).digest()).decode()
    let_in = text.replace(
        "default-src 'none';", f"default-src 'none'; script-src 'sha256-{digest}';"
    )
    (tmp_path / "b.html").write_text(
        let_in.replace("</main>", f"</main><script>{MEASURE}</script>"), encoding="utf-8"
    )
    # A frame, because a headless window is never narrower than 500 pixels.
    frame = f'<iframe src="b.html" style="border:0;width:{width}px;height:900px"></iframe>'
    (tmp_path / "frame.html").write_text(f"<title>x</title>{frame}", encoding="utf-8")
    log = visit(tmp_path / "frame.html", tmp_path).log
    measured = re.search(r"measured (\d+) (\d+) (\d+) (\d+)", log)
    assert measured is not None
    scrolled, inner, narrow, wide = map(int, measured.groups())
    assert inner == width
    assert scrolled <= width
    assert (narrow, wide) == ((3, 0) if phone else (0, 3))
