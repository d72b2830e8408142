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
from scslab.core.ledger import text_hash
from scslab.core.results import RunSummary
from scslab.evaluation.harm import CAPITAL, harm, measure_totals, totals
from scslab.evaluation.harm.capital import has_capital
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
    "remedies": (
        "told",
        "heard",
        "cleared",
        "cleared_wronged",
        "screened",
        "screened_wronged",
        "complaints",
        "upheld",
        "upheld_wronged",
        "copies",
        "copies_corrected",
        "hardship_entries",
        "exempted",
        "mean_days_waited",
        "wrongs_corrected",
        "months_wronged",
    ),
    "measures": (
        "measure",
        "comes_of",
        "person_months",
        "refused",
        "wrongful_person_months",
        "wrongful_refused",
    ),
    "inspections": ("grade", "organisations", "visits", "found"),
    "events": ("what", "why"),
}
# Tables with a mean wait: what it is called, and the sum of waits of decided objections.
WAITS = {
    "objections": ("mean_wait_months", "months_waited"),
    "remedies": ("mean_days_waited", "days_waited"),
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
            records, listings, exits, scores, grades, objections, remedies, measures, inspections
            or events.
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
        check_by(by, self.groups, "tables")
        keys = ["regime", "month", *by]
        if name == "measures":
            return add_up(self.measures, [*keys, *TABLES[name][:2]], list(TABLES[name][2:]))
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
        if name in WAITS:
            mean, total = WAITS[name]
            columns = list(dict.fromkeys([*TABLES[name], "decided", total]))
            columns.remove(mean)
            found = add_up(tallies, keys, columns)
            found[mean] = found[total] / found["decided"].where(found["decided"] > 0)
            return found[[*keys, *TABLES[name]]]
        return add_up(tallies, keys, list(TABLES[name]))

    def harm(self, by: Sequence[str] = ()) -> pd.DataFrame:
        """Harm, errors, benefits and compliance over the whole run, with intervals.

        Parameters
        ----------
        by : sequence of str
            Attributes to split by, of `groups`, or political_capital: low (neither a Party member
            nor of high education or income), middle (one of the two), high (both). Subjects to
            whom an attribute does not apply (the age of a firm) are left out.

        Returns
        -------
        DataFrame
            A row per quantity, regime (and "all" together) and group: amount, n, rate in the
            quantity's unit, low and high (95 %), events (on which the interval rests), shown
            (False where n is below 30). See `scslab.evaluation.harm.QUANTITIES` for what each
            quantity is.

        Raises
        ------
        ScslabError
            Unknown attribute, or a run of an older version.

        Examples
        --------
        >>> run.harm(by=["residence", "income"])  # doctest: +SKIP
        """
        known = [*self.groups, CAPITAL] if has_capital(self.groups) else self.groups
        check_by(by, known, "harm")
        return harm(totals(self.tallies, by), measure_totals(self.measures, by), by)

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


def check_by(by: Sequence[str], known: Sequence[str], what: str) -> None:
    """Say which attribute is not known, or named twice."""
    if isinstance(by, str):
        raise ScslabError("by takes a list of attributes", got=by, expected=f'["{by}"]')
    for attribute in by:
        if attribute not in known:
            raise ScslabError(
                f'{what} cannot be split by "{attribute}"', hint=near(attribute, known)
            )
    if len(set(by)) < len(by):
        raise ScslabError("by names an attribute twice", got=", ".join(by))


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


def seal(manifest: dict[str, Any]) -> str:
    """A hash of all that a manifest says, but for the hash itself; older runs have none."""
    rest = {key: value for key, value in manifest.items() if key != "seal"}
    return text_hash(json.dumps(json.loads(json.dumps(rest)), sort_keys=True))


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
    if found.get("seal") not in (None, seal(found)):
        raise ScslabError(
            "the manifest has changed since it was written",
            where=str(manifest),
            hint="run the study again",
        )
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
