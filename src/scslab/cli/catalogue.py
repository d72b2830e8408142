"""The whole library at once: listed by group, checked, and as pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from scslab.core.errors import ScslabError

if TYPE_CHECKING:
    from scslab.core.cards import SystemCard
    from scslab.core.results import ValueShares


def list_text() -> str:
    """Studies, instruments, safeguards, and regimes by group."""
    from scslab.cli.shown import columns
    from scslab.regimes.safeguard import read_safeguard, safeguards
    from scslab.study.find import studies
    from scslab.survey.instrument.load import instruments

    found = {name: study_label(path / "study.yaml") for name, path in studies().items()}
    lines = ["studies", columns(found) if found else "  none here; name a study file"]
    asked = {name: instrument_label(path) for name, path in instruments().items()}
    lines += ["", "instruments (questionnaires)", columns(asked)]
    lines += ["", "safeguards"]
    lines += [columns({name: read_safeguard(name).name for name in safeguards()})]
    groups = regime_groups()
    width = max(len(name) for members in groups.values() for name in members)
    lines += ["", "regimes"]
    for group in sorted(groups):
        rows = [f"    {name:<{width}}  {text}" for name, text in groups[group].items()]
        lines += [f"  {group}", *rows]
    return "\n".join(lines)


def regime_groups() -> dict[str, dict[str, str]]:
    """The regimes of the library by group: name -> what it is; a broken one hides no other."""
    from scslab.regimes.card import group_of
    from scslab.regimes.load import library, read_regime

    groups: dict[str, dict[str, str]] = {}
    for name, folder in library().items():
        try:
            regime = read_regime(folder)
        except ScslabError as error:
            groups.setdefault("cannot be read", {})[name] = error.what
        else:
            groups.setdefault(group_of(regime), {})[name] = regime.name
    return groups


def study_label(path: Path) -> str:
    """One line about a study; a broken one does not hide the others."""
    from scslab.core.yamlfile import read

    try:
        data = read(path).data
    except ScslabError as error:
        return f"(cannot be read: {error.what})"
    return str(data.get("title", "")) if isinstance(data, dict) else "(cannot be read)"


def instrument_label(path: Path) -> str:
    """One line about an instrument."""
    from scslab.survey.instrument.load import read_instrument

    instrument = read_instrument(path).instrument
    return f"{instrument.title.en or instrument.title.zh} ({', '.join(instrument.languages)})"


def check_all() -> int:
    """Check every regime of the library, a line each and a total; how many are broken."""
    from scslab.cli.checks import check_regime_cases
    from scslab.core.results import ValueShares
    from scslab.regimes.card import shares_of
    from scslab.regimes.load import library

    sound: list[ValueShares] = []
    all_cases = 0
    width = max(len(name) for name in [*library(), "all 100 systems"])
    for name, folder in library().items():
        try:
            regime, cases = check_regime_cases(folder / "regime.yaml")
        except ScslabError as error:
            typer.echo(f"error: {error.text()}", err=True)
            continue
        sound.append(shares_of(regime))
        all_cases += cases
        typer.echo(f"{name:<{width}}  {shares_text(sound[-1], cases)}")
    total = ValueShares(
        "all",
        sum(v.published for v in sound),
        sum(v.press for v in sound),
        sum(v.assumed for v in sound),
    )
    typer.echo(f"{f'all {len(sound)} systems':<{width}}  {shares_text(total, all_cases)}")
    broken = len(library()) - len(sound)
    if broken:
        typer.echo(f"{broken} of {len(library())} systems are broken", err=True)
    return broken


def shares_text(values: ValueShares, cases: int) -> str:
    """Values by what they rest on, with shares, and worked cases, in columns."""
    parts = (("published", values.published), ("press", values.press), ("assumed", values.assumed))
    counts = "  ".join(
        f"{count:>5,} {name} {count / max(values.total, 1):>4.0%}" for name, count in parts
    )
    return f"{values.total:>6,} values  {counts}  {cases:>4,} cases"


def write_cards(names: list[str], out: Path) -> str:
    """Write a page for each regime, and an index where there are several; what was written.

    Raises
    ------
    ScslabError
        No such regime, a mistake in one, or the pages cannot be written.
    """
    from scslab.cli.explained import regime_folder
    from scslab.core.ledger import version
    from scslab.regimes.card import card_of
    from scslab.regimes.load import read_regime
    from scslab.report.cards import render_card, render_index

    found = [card_of(read_regime(regime_folder(name))) for name in names]
    cards: list[SystemCard] = list({card.id: card for card in found}.values())
    several = len(cards) > 1
    pages = {f"{card.id}.html": render_card(card, version(), several) for card in cards}
    if several:
        pages["index.html"] = render_index(cards, version())
    write_pages(pages, out)
    first = out / ("index.html" if several else next(iter(pages)))
    return f"{len(cards)} {'cards' if several else 'card'}: {first}"


def write_pages(pages: dict[str, str], out: Path) -> None:
    """Write pages to a folder, which is made where it is missing.

    Raises
    ------
    ScslabError
        The folder cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, page in pages.items():
            (out / name).write_text(page, encoding="utf-8")
    except OSError as error:
        raise ScslabError(
            "the cards could not be written",
            where=str(out),
            got=error.strerror,
            hint="name another folder with --out",
        ) from error
