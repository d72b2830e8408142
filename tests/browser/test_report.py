"""The report page in headless Chromium: it draws whole, without network and without complaint.

Skipped where no Chromium is installed, unless SCSLAB_REQUIRE_BROWSER is set (as `.ci/run` does).
"""

import json
import os
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest

from scslab.lab.simulate import simulate
from scslab.report.page import write_report
from scslab.study.read import parse_study

BASE = Path(__file__).parents[1] / "bad_files" / "studies" / "valid.yaml"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("SCSLAB_REQUIRE_BROWSER"),
        reason="no Chromium is installed",
    ),
]


# A regime with scores and grades beside the list of the small study.
POINTS = """\
  - use: cn-rongcheng-points
    joins:
      share: {unit: share, rows: [{from: 2016-01-01, value: 1, source: guess, between: [0, 1]}]}
"""


class Seen(NamedTuple):
    """What the browser made of a page."""

    dom: str
    log: str
    asked: list[str]


def visit(page: Path, folder: Path) -> Seen:
    """Open a page in a fresh browser that can reach nobody."""
    assert CHROMIUM is not None, "SCSLAB_REQUIRE_BROWSER is set, but there is no Chromium"
    net = folder / "net.json"
    done = subprocess.run(
        [
            CHROMIUM,
            *FLAGS,
            f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={net}",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found = json.loads(net.read_text(encoding="utf-8"))["events"]
    # What the browser asks on its own account has no page as its origin.
    asked = {
        event["params"]["url"]
        for event in found
        if (event.get("params") or {}).get("initiator", "not an origin") != "not an origin"
        and event["params"].get("url", "").startswith("http")
    }
    return Seen(done.stdout, done.stderr, sorted(asked))


class Outline(HTMLParser):
    """Title, headings, and pictures of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open = ""
        self.found: dict[str, list[str]] = {"title": [], "h1": [], "h2": [], "svg": []}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.found and not (tag == "title" and self.found["title"]):
            self.open = tag
            self.found[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.open:
            self.open = ""

    def handle_data(self, data: str) -> None:
        if self.open:
            self.found[self.open][-1] += data


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder = tmp_path_factory.mktemp("browser")
    text = BASE.read_text(encoding="utf-8").replace("regimes:\n", "regimes:\n" + POINTS, 1)
    run = simulate(parse_study(text), seed=1, persons=3000, threads=1)
    assert run.summary is not None
    write_report(run.summary, folder / "report.html")
    return visit(folder / "report.html", folder)


def test_the_page_has_its_title_and_every_section(seen: Seen) -> None:
    found = Outline(seen.dom).found
    assert found["title"] == ["A study that each test breaks once (synthetic)"]
    assert [" ".join(h.split()) for h in found["h1"]] == ["A study that each test breaks once"]
    assert [" ".join(h.split()) for h in found["h2"]] == [
        "What this cannot tell you",
        "Warnings of the run",
        "The regimes",
        "Contents",
        "1 Published beside simulated",
        "2 All systems at a glance",
        "3 Lists, month by month",
        "4 Scores and grades",
        "5 From records to corrections",
        "6 Who was wrongly listed",
        "7 Measures lived through",
        "8 Harm, costs and benefits",
        "9 Groups side by side",
        "10 Simulated surveys beside the truth",
        "11 The society",
        "12 Sources, assumptions and what is left out",
        "13 Fingerprint",
    ]


def test_every_figure_is_drawn(seen: Seen) -> None:
    assert seen.dom.count("<figure") >= 7
    assert len(Outline(seen.dom).found["svg"]) >= 2 * seen.dom.count("<figure")


def test_the_page_complains_of_nothing(seen: Seen) -> None:
    assert [line for line in seen.log.splitlines() if "CONSOLE" in line] == []


def test_the_page_asks_nobody(seen: Seen) -> None:
    assert seen.asked == []


def test_a_page_that_asks_and_complains_is_found_out(tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text(
        '<title>x</title><img src="http://asked.invalid/a.png"><script>console.error("boom")</script>',
        encoding="utf-8",
    )
    found = visit(page, tmp_path)
    assert found.asked == ["http://asked.invalid/a.png"]
    assert '"boom"' in found.log
