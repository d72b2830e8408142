"""Write docs/systems: a page for each regime of the library, and a table of all.

python docs/make_cards.py
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scslab.core.cards import RowLine, RuleLine, SystemCard
from scslab.regimes.card import card_of
from scslab.regimes.load import library, read_regime
from scslab.report.cards import facts, grouped, shares

FOLDER = Path(__file__).with_name("systems")
MADE = "Made by `docs/make_cards.py` from the rules; do not edit."
SYNTHETIC = "Synthetic persons only; no real person can be rated with this."


def plain(text: object) -> str:
    """A text that Markdown takes as it stands, also within a table."""
    found = " ".join(str(text).split())
    for sign in "\\*_|[]`":
        found = found.replace(sign, f"\\{sign}")
    return found.replace("<", "&lt;")


def row_text(row: RowLine) -> str:
    """One row: its value, since when, by which source."""
    since = f"from {row.since}" + (" (day assumed)" if row.day_assumed else "")
    basis = {"published": "", "press": "press, ", "assumed": "assumed, "}[row.basis]
    if row.between:
        basis += f"{plain(row.between)}, "
    place = f", {plain(row.at)}" if row.at else ""
    note = f". {plain(row.note)}" if row.note else ""
    return f"**{plain(row.value)}** {since} ({basis}`{row.source}`{place}{note})"


def line_text(line: RuleLine) -> list[str]:
    """One rule as an item of a list, with its rows below."""
    indent = "  " if line.under else ""
    name = f"`{line.name}` " if line.name else ""
    says = f"{indent}- {name}{plain(line.says)}"
    if len(line.rows) == 1:
        return [f"{says}: {row_text(line.rows[0])}"]
    return [says, *(f"{indent}  - {row_text(row)}" for row in line.rows)]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table."""
    names = list(head)
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def scale_part(card: SystemCard) -> list[str]:
    """The scale in words."""
    if card.scale is None:
        return []
    scale = card.scale
    lines = ["## Scale", "", f"From {plain(scale.low)} to {plain(scale.high)}."]
    if scale.start_says:
        lines[-1] += f" {scale.start_says[0].upper()}{plain(scale.start_says[1:])}."
    bands = [f"- **{plain(b.name)}** {plain(b.says)}".rstrip() for b in reversed(scale.bands)]
    return [*lines, "", *bands, *([""] if bands else [])]


def page(card: SystemCard) -> str:
    """The page of one system."""
    values = card.values
    lines = [f"# {plain(card.name)}", ""]
    lines += [plain(card.name_zh), ""] if card.name_zh else []
    lines += [MADE, SYNTHETIC, "", plain(card.about), ""]
    lines += table(("fact", "value"), [(n, plain(v)) for n, v in facts(card)])
    lines += [
        f"{values.total} values: {values.published} published, {values.press} press, "
        f"{values.assumed} assumed ({shares(card)}).",
        "",
        *scale_part(card),
    ]
    for part in card.parts:
        lines += [f"## {plain(part.title)}", ""]
        lines += [text for line in part.lines for text in line_text(line)]
        lines.append("")
    lines += ["## Changes of the rules", ""]
    for day in card.timeline:
        lines += [f"- {day.day}", *(f"  - {plain(one)}" for one in day.changes)]
    lines += ["", "## Not modelled", ""]
    left = [(plain(x.what), plain(x.why), plain(x.effect)) for x in card.left_out]
    lines += table(("what", "why", "which way that errs"), left)
    lines += ["## Sources", ""]
    for source in card.sources:
        title = plain(source.title)
        linked = f"[{title}]({source.href})" if source.href.startswith("http") else title
        when = f", {source.date}" if source.date else ""
        because = f" Reason: {plain(source.because)}" if source.because else ""
        lines.append(f"- `{source.key}`: {linked}{when}. {source.kind.capitalize()}.{because}")
    return "\n".join(lines) + "\n"


def index(cards: list[SystemCard]) -> str:
    """The table of all systems."""
    lines = ["# Systems", "", MADE, SYNTHETIC, ""]
    lines += [f"{len(cards)} systems, {sum(c.values.total for c in cards):,} values.", ""]
    head = ("system", "kind", "subjects", "place", "years", "rows", "published, press, assumed")
    for group, members in grouped(cards):
        rows = [
            (
                f"[{plain(card.name)}]({card.id}.md)",
                card.kind,
                card.subjects,
                plain(card.places),
                card.years,
                str(card.values.total),
                shares(card),
            )
            for card in members
        ]
        lines += [f"## {group}", "", *table(head, rows)]
    return "\n".join(lines).rstrip() + "\n"


def pages() -> dict[str, str]:
    """Every page by its name."""
    cards = [card_of(read_regime(folder)) for folder in library().values()]
    return {"README.md": index(cards)} | {f"{card.id}.md": page(card) for card in cards}


def write(folder: Path = FOLDER) -> None:
    """Write the pages; those of systems that are gone are removed."""
    made = pages()
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
