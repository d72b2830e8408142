"""A run: what a study left behind, in memory or in a folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from scslab.core.errors import ScslabError, near
from scslab.core.files import sha256
from scslab.core.results import RunSummary
from scslab.lab.frames import read_parquet
from scslab.lab.waves.report import WaveReport

# Columns of each table after regime, month and the groups asked for.
TABLES: dict[str, tuple[str, ...]] = {
    "records": (
        "covered",
        "acts",
        "records",
        "true_records",
        "misattributed",
        "from_nothing",
        "points_gained",
        "points_lost",
    ),
    "listings": (
        "covered",
        "entries",
        "exits",
        "listed",
        "wrongful_entries",
        "wrongful_listed",
    ),
    "exits": (
        "exits",
        "wrongful_exits",
        "performed",
        "performed_first",
        "expired",
        "removed_by_correction",
        "removed_on_performance",
        "repaired",
        "lifted",
    ),
    "scores": ("covered", "scored", "mean_score"),
    "grades": ("grade", "persons"),
    "objections": (
        "objections",
        "objections_wronged",
        "waiting",
        "decided",
        "corrected",
        "corrected_wronged",
        "rejected",
        "rejected_wronged",
        "mean_wait_months",
        "late",
    ),
    "measures": ("measure", "person_months", "refused"),
    "inspections": ("grade", "organisations", "visits", "found"),
    "events": ("what", "why"),
}


@dataclass(frozen=True)
class Run:
    """What a study left behind: tallies, surveys, a manifest. Nothing per person but answers.

    Examples
    --------
    >>> run.table("listings", by=["region"])  # doctest: +SKIP
    """

    manifest: dict[str, Any]
    tallies: pd.DataFrame
    measures: pd.DataFrame
    histograms: pd.DataFrame
    surveys: dict[str, pd.DataFrame]
    summary: RunSummary | None = None
    timings: dict[str, float] = field(default_factory=dict)
    inspections: pd.DataFrame = field(default_factory=pd.DataFrame)
    events: pd.DataFrame = field(default_factory=pd.DataFrame)
    variants: dict[str, Run] = field(default_factory=dict)
    waves: dict[str, WaveReport] = field(default_factory=dict)

    @property
    def groups(self) -> list[str]:
        """The attributes by which tables can be split."""
        return list(self.manifest["groups"])

    def table(self, name: str, by: Sequence[str] = ()) -> pd.DataFrame:
        """A tidy table: one row per regime, month and group.

        Parameters
        ----------
        name : str
            records, listings, exits, scores, grades, objections, measures, inspections or events.
        by : sequence of str
            Attributes to split by, of `groups`.

        Returns
        -------
        DataFrame
            Counts of simulated persons (or records of them); multiply by
            `manifest["scale"]` for the real population.

        Raises
        ------
        ScslabError
            Unknown table or attribute.
        """
        if name not in TABLES:
            raise ScslabError(f'no table "{name}"', hint=near(name, TABLES))
        if isinstance(by, str):
            raise ScslabError("by takes a list of attributes", got=by, expected=f'["{by}"]')
        for attribute in by:
            if attribute not in self.groups:
                raise ScslabError(
                    f'tables cannot be split by "{attribute}"', hint=near(attribute, self.groups)
                )
        if len(set(by)) < len(by):
            raise ScslabError("by names an attribute twice", got=", ".join(by))
        keys = ["regime", "month", *by]
        if name == "measures":
            return add_up(self.measures, [*keys, "measure"], list(TABLES[name][1:]))
        if name == "grades":
            return self.grade_table(keys)
        if name in ("inspections", "events"):
            if by:
                raise ScslabError(f"{name} cannot be split by attributes", got=", ".join(by))
            return self.inspections.copy() if name == "inspections" else self.events.copy()
        tallies = self.tallies
        kept = {"listings": "lists", "exits": "lists", "scores": "scored"}.get(name)
        if kept:
            tallies = tallies[tallies["regime"].isin(self.manifest[kept])]
        if name == "scores":
            found = add_up(tallies, keys, ["covered", "scored", "score_sum"])
            found["mean_score"] = found.pop("score_sum") / found["scored"].where(
                found["scored"] > 0
            )
            return found
        if name == "objections":
            columns = [c if c != "mean_wait_months" else "months_waited" for c in TABLES[name]]
            found = add_up(tallies, keys, columns)
            decided = found["decided"].where(found["decided"] > 0)
            found["months_waited"] = found["months_waited"] / decided
            return found.rename(columns={"months_waited": "mean_wait_months"})
        return add_up(tallies, keys, list(TABLES[name]))

    def grade_table(self, keys: list[str]) -> pd.DataFrame:
        """Persons in each grade of each regime that has grades."""
        parts = []
        for regime, names in self.manifest["grades"].items():
            rows = self.tallies[self.tallies["regime"] == regime]
            columns = [f"grade_{i + 1}" for i in range(len(names))]
            wide = add_up(rows, keys, columns).rename(
                columns=dict(zip(columns, names, strict=True))
            )
            parts.append(wide.melt(keys, names, "grade", "persons"))
        if not parts:
            return pd.DataFrame(columns=[*keys, "grade", "persons"])
        return pd.concat(parts, ignore_index=True).sort_values(
            keys, ignore_index=True, kind="stable"
        )


def add_up(rows: pd.DataFrame, keys: list[str], columns: list[str]) -> pd.DataFrame:
    """Sums of columns by keys, sorted by keys."""
    if not len(rows):
        return pd.DataFrame(
            {k: pd.Series(dtype=str) for k in keys} | {c: pd.Series(dtype="int64") for c in columns}
        )
    found = rows.groupby(keys, sort=True, observed=True)[columns].sum().reset_index()
    return found.astype(dict.fromkeys(keys, str))


def in_order(rows: pd.DataFrame, manifest: dict[str, Any]) -> pd.DataFrame:
    """Give the columns of a frame read from a file the order of their categories back."""
    known = manifest["groups"] | {"regime": manifest["regimes"]}
    for name in rows.columns.intersection(list(known)):
        rows[name] = pd.Categorical(rows[name], known[name], ordered=True)
    return rows


def read_run(folder: str | Path) -> Run:
    """Read a run folder, and check that no file has changed since it was written.

    Raises
    ------
    ScslabError
        Not a run folder, or a file is missing or differs from its hash.
    """
    folder = Path(folder)
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise ScslabError("this is not a run folder", where=str(folder), expected="manifest.json")
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
        outputs = dict(found["outputs"])
    except (ValueError, KeyError, TypeError) as error:
        raise ScslabError("the manifest cannot be read", where=str(manifest)) from error
    for name, digest in outputs.items():
        if not (folder / name).is_file():
            raise ScslabError("a file of the run is missing", where=str(folder / name))
        if sha256(folder / name) != digest:
            raise ScslabError(
                "a file of the run has changed since it was written",
                where=str(folder / name),
                hint="run the study again",
            )
    variants = found.get("variants", {})
    return Run(
        manifest=found,
        tallies=in_order(read_parquet(folder / "tallies.parquet"), found),
        measures=in_order(read_parquet(folder / "measures.parquet"), found),
        histograms=read_parquet(folder / "histograms.parquet"),
        surveys={
            name: read_parquet(folder / f"survey-{name}.parquet") for name in found["surveys"]
        },
        timings=found["timings"],
        inspections=read_parquet(folder / "inspections.parquet"),
        events=read_parquet(folder / "events.parquet"),
        variants={name: read_variant(folder / "variants" / name, found) for name in variants},
    )


def read_variant(folder: Path, manifest: dict[str, Any]) -> Run:
    """The tables of a variant; it shares its run's manifest but for the regimes."""
    mine = manifest | manifest["variants"][folder.name] | {"variants": {}, "surveys": []}
    return Run(
        manifest=mine,
        tallies=in_order(read_parquet(folder / "tallies.parquet"), mine),
        measures=in_order(read_parquet(folder / "measures.parquet"), mine),
        histograms=read_parquet(folder / "histograms.parquet"),
        surveys={},
        timings={},
        inspections=read_parquet(folder / "inspections.parquet"),
        events=read_parquet(folder / "events.parquet"),
    )
