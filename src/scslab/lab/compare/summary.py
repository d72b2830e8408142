"""What the report of a comparison says, from its tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from scslab.core.ledger import version
from scslab.core.results import SourceLine
from scslab.core.trial import (
    ALL,
    Arm,
    DifferenceLine,
    FrontierLine,
    QuantityLine,
    RankLine,
    RowChanged,
    SafeguardLine,
    TrialSummary,
)
from scslab.core.values import Source
from scslab.evaluation.harm import QUANTITIES
from scslab.lab.compare.tables import figure_of, frontier_table, ranking_table, unit_of
from scslab.lab.compare.trial import COMPLIANCE, HARM
from scslab.lab.compare.values import Values
from scslab.lab.safeguards import touches
from scslab.lab.world import World
from scslab.regimes.laying import Touch
from scslab.regimes.safeguard import read_safeguard
from scslab.study.read import StudyFile

# What figures and short tables show where it is not nought; all else is in the long tables.
MAIN = (
    "wrongful_months",
    "wrongful_entries",
    "listed_months",
    "months_to_correction",
    "never_corrected",
    "copies_left",
    "refused_trips",
    "lost_credit_months",
    "lost_post_months",
    "hardship_months",
    "points_lost",
    "compounding",
    "wrongly_corrected",
    "missed_share",
    "benefit_months",
    "breaches",
    "performed_share",
)


def safeguard_lines(file: StudyFile, arms: Sequence[Arm]) -> tuple[SafeguardLine, ...]:
    """Every safeguard of a comparison: its law, the rows that it changes here, its sources."""
    names = dict.fromkeys(name for arm in arms for name in arm.safeguards)
    return tuple(safeguard_line(file, name) for name in names)


def safeguard_line(file: StudyFile, name: str) -> SafeguardLine:
    """One safeguard, as laid over the study's rules alone."""
    found = read_safeguard(name, file.folder)
    titles = {key: short_title(source) for key, source in found.sources.items()}
    return SafeguardLine(
        id=name,
        name=found.name,
        about=found.about,
        law=tuple((f"{titles[law.source]}, {law.at}", law.says) for law in found.law),
        rows=tuple(
            RowChanged(name, t.regime, t.path, t.before, t.after, t.source, key_of(t, titles))
            for t in touches(file, name)
        ),
        left_out=tuple((one.what, one.effect) for one in found.not_modelled),
        sources=tuple(source_line(key, name, one) for key, one in found.sources.items()),
    )


def short_title(source: Source) -> str:
    """A title without the one in another language."""
    return source.title.partition(" (")[0]


def key_of(touch: Touch, titles: dict[str, str]) -> str:
    """The key of the source that a changed row names by its title; the longest that fits."""
    fits = [key for key, title in titles.items() if touch.source.startswith(title)]
    return max(fits, key=lambda key: len(titles[key]), default="")


def source_line(key: str, name: str, source: Source) -> SourceLine:
    """A source as the report lists it."""
    return SourceLine(
        key=key,
        used_by=name,
        kind=source.kind,
        title=source.title,
        date=str(source.date or ""),
        href=source.href or "",
        because=source.because or "",
    )


def summary_of(
    manifest: dict[str, Any],
    world: World,
    arms: Sequence[Arm],
    safeguards: Sequence[SafeguardLine],
    values: Values,
    pairs: pd.DataFrame,
    quantity: str,
) -> TrialSummary:
    """All that the report says; quantities that are nought on all sides are left out."""
    study = world.file.study
    always = {quantity, COMPLIANCE}
    kept = [name for name in QUANTITIES if name in always or counted(values, name)]
    main = pairs[pairs["of"] == pairs["quantity"].map(figure_of)]
    ranked = main[main["quantity"] == quantity]
    together = main[(main["regime"] == ALL) & (main["by"] == ALL)]
    harm = quantity if QUANTITIES[quantity].kind != "compliance" else HARM
    return TrialSummary(
        title=study.title,
        study=study.id,
        about=study.about,
        cannot_tell=study.cannot_tell,
        version=version(),
        fingerprint=manifest["fingerprint"],
        facts=facts_of(manifest),
        regimes=tuple((regime.id, regime.name) for regime in world.regimes),
        seeds=values.seeds,
        arms=tuple(arms),
        safeguards=tuple(safeguards),
        ranked=quantity,
        main=tuple(n for n in dict.fromkeys([quantity, *MAIN]) if n in kept),
        axes=(harm, COMPLIANCE),
        quantities=tuple(quantity_line(name) for name in dict.fromkeys([*kept, harm])),
        differences=tuple(lines_of(together[together["quantity"].isin(kept)])),
        group_line=group_line(quantity),
        by_group=tuple(lines_of(per_size(ranked, values, quantity))),
        by_regime=tuple(lines_of(ranked[(ranked["regime"] != ALL) & (ranked["by"] == ALL)])),
        ranking=tuple(ranks_of(ranking_table(values, quantity), len(arms))),
        frontier=tuple(
            FrontierLine(r.harm, r.compliance, r.safeguard, r.harm_mean, r.compliance_mean,
                         bool(r.on), r.share)
            for r in frontier_table(values, harm, COMPLIANCE).itertuples()
        ),
        warnings=tuple(manifest["warnings"]),
    )  # fmt: skip


def counted(values: Values, quantity: str) -> bool:
    """Whether anything was counted of a quantity on any side."""
    row = values.row(quantity)
    return row is not None and bool(values.amount[row].any())


def facts_of(manifest: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The key facts: short name and value."""
    organisations = manifest["organisations"]
    found = [
        ("Simulated persons", f"{manifest['persons']:,}"),
        *([("Simulated organisations", f"{organisations:,}")] if organisations else []),
        ("Months", f"{manifest['first_month']} to {manifest['last_month']}"),
        ("Systems", f"{len(manifest['regimes']):,}"),
        ("Sides", f"{len(manifest['sides']):,}"),
        ("Seeds of each", f"{len(manifest['seeds']):,}"),
    ]
    return tuple(found)


def quantity_line(name: str) -> QuantityLine:
    """A quantity as the report writes it."""
    found = QUANTITIES[name]
    return QuantityLine(name, found.says, found.kind, unit_of(name), found.better, figure_of(name))


def group_line(name: str) -> QuantityLine:
    """A quantity as groups of different sizes can be compared in: a rate."""
    return replace(quantity_line(name), unit=QUANTITIES[name].unit, of="rate")


def per_size(pairs: pd.DataFrame, values: Values, name: str) -> pd.DataFrame:
    """Differences of a quantity by group, amounts divided by what the first side has on file.

    The first side's, so that a safeguard that takes subjects off file is not set beside fewer.
    """
    rows = pairs[(pairs["regime"] == ALL) & (pairs["by"] != ALL)].copy()
    if figure_of(name) == "rate":
        return rows
    on_file = values.keys.assign(size=values.n[:, 0].mean(axis=1))
    keys = ["quantity", "regime", "by", "group"]
    sizes = rows[keys].merge(on_file, how="left", on=keys)["size"].to_numpy()
    times = QUANTITIES[name].times / np.where(sizes > 0, sizes, np.nan)
    for column in ("first", "mean", "difference", "low", "high"):
        rows[column] *= times
    return rows


def lines_of(rows: pd.DataFrame) -> Iterable[DifferenceLine]:
    """Rows of the table of differences as records, group by group and arm by arm."""
    order = rows.groupby(["quantity", "regime", "by", "group"], sort=False).ngroup()
    for r in rows.iloc[np.argsort(order, kind="stable")].itertuples():
        yield DifferenceLine(
            quantity=r.quantity,
            of=r.of,
            regime=r.regime,
            by=r.by,
            group=r.group,
            arm=r.safeguard,
            first=r.first,
            mean=r.mean,
            difference=r.difference,
            low=r.low,
            high=r.high,
            saves=None if np.isnan(r.saves) else r.saves,
            seeds=r.seeds,
        )


def ranks_of(table: pd.DataFrame, arms: int) -> Iterable[RankLine]:
    """Rows of the ranking as records."""
    for row in table.to_dict("records"):
        yield RankLine(
            quantity=row["quantity"],
            arm=row["safeguard"],
            mean=row["mean"],
            place=row["place"],
            low=row["low"],
            high=row["high"],
            best=row["best"],
            shares=tuple(row[f"rank_{rank + 1}"] for rank in range(arms)),
        )
