"""System cards: one page a system, whole by itself; pages in docs/systems as the rules say."""

import importlib.util
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest

from scslab.core.cards import SystemCard
from scslab.regimes.card import card_of
from scslab.regimes.load import library, read_regime
from scslab.report.cards import grouped, render_card, render_index, tones

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(library())


def card(name: str) -> SystemCard:
    return card_of(read_regime(library()[name]))


def page(name: str) -> str:
    return render_card(card(name), "9.9.9")


class Page(HTMLParser):
    """Texts, headings, ids and links of a page; every tag that opens must close."""

    VOID = {"meta", "br", "link", "img", "hr"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_whole_and_tells_every_row(name: str) -> None:
    found, one = Page(page(name)), card(name)
    assert found.tags.isdisjoint({"script", "link", "img", "iframe"})
    assert len(set(found.ids)) == len(found.ids)
    inner = [link[1:] for link in found.links if link.startswith("#")]
    assert set(inner) <= set(found.ids)
    assert "no real person can be rated with this" in found.text
    for part in one.parts:
        assert part.title in found.headings
        for line in part.lines:
            assert " ".join(line.says.split())[1:] in found.text
            for row in line.rows:
                assert row.value in found.text and row.source in found.text
    for left in one.left_out:
        assert left.effect in found.text
    for source in one.sources:
        assert f"source-{source.key}" in found.ids


def test_texts_are_escaped_and_only_web_addresses_are_links() -> None:
    one = card("cn-sesame")
    source = replace(one.sources[0], href="javascript:alert(1)", title="<b>bold</b>")
    bad = replace(one, name="<script>x</script>", sources=(source, *one.sources[1:]))
    found = render_card(bad, "1")
    assert "<script>" not in found and "<b>bold" not in found and "javascript:" not in found


def test_the_bar_has_the_counts() -> None:
    one = card("cn-rongcheng-points")
    grow = re.findall(r'<span class="(\w+)" style="flex-grow: (\d+)">', page("cn-rongcheng-points"))
    assert dict(grow) == {
        "published": str(one.values.published),
        "press": str(one.values.press),
        "assumed": str(one.values.assumed),
    }


def test_the_scale_is_drawn_where_there_is_one() -> None:
    assert "no lowest score" in page("cn-rongcheng-points")
    assert page("cn-rongcheng-points").count('<i class="g') == 6
    assert 'id="scale"' not in page("cn-spc-judgment-debtors")
    assert tones(1) == [0] and tones(6) == [0, 1, 2, 3, 4, 5]


def test_the_index_names_every_system_once() -> None:
    cards = [card(name) for name in NAMES]
    found = Page(render_index(cards, "1"))
    assert sorted(link for link in found.links if link != "#main") == [f"{n}.html" for n in NAMES]
    rows = [one.id for _, members in grouped(cards) for one in members]
    assert sorted(rows) == NAMES


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_cards", ROOT / "docs" / "make_cards.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_of_the_docs_are_up_to_date() -> None:
    made, folder = maker().pages(), ROOT / "docs" / "systems"
    assert {path.name for path in folder.glob("*.md")} == set(made), "run docs/make_cards.py"
    for name, text in made.items():
        assert (folder / name).read_text(encoding="utf-8") == text, "run docs/make_cards.py"


def test_pages_of_systems_that_are_gone_are_removed(tmp_path: Path) -> None:
    (tmp_path / "cn-gone.md").write_text("old", encoding="utf-8")
    maker().write(tmp_path)
    assert not (tmp_path / "cn-gone.md").exists()
    assert len(list(tmp_path.glob("*.md"))) == len(NAMES) + 1
