"""From a run to the records that the report draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from scslab.analysis.estimate import wilson
from scslab.core.calendar import month_text
from scslab.core.results import (
    Comparison,
    FitRow,
    Flow,
    GradeSeries,
    GroupShare,
    LeftOut,
    ListSeries,
    MeasureTotal,
    RegimeLine,
    RunSummary,
    ScoreHistogram,
    SourceLine,
    SurveyResult,
    ValueShares,
    WaveHeadline,
    WaveLine,
)
from scslab.core.values import Source, walk_dated
from scslab.evaluation.findings import finding
from scslab.evaluation.harm import harm_report, wrongful_by_group
from scslab.lab.overview import event_lines, inspection_lines, system_lines, variant_rows
from scslab.lab.run import Run
from scslab.lab.waves.report import WaveReport
from scslab.lab.world import World
from scslab.study.model import Compare
from scslab.study.read import walk_varies

ASSUMED = {"assumption", "calibration"}
HARM_BY = ("region", "residence", "sex", "age", "education", "income", "party")


def summarise(world: World, run: Run, surveys: list[SurveyResult]) -> RunSummary:
    """All that the report says about a run."""
    manifest, study = run.manifest, world.file.study
    listings = run.table("listings")
    return RunSummary(
        study=study.id,
        title=study.title,
        about=study.about,
        cannot_tell=study.cannot_tell,
        seed=manifest["seed"],
        first_month=manifest["first_month"],
        last_month=manifest["last_month"],
        persons=manifest["persons"],
        rated=manifest["rated"],
        stands_for=manifest["stands_for"],
        scale=manifest["scale"],
        society=society_words(world),
        version=manifest["versions"]["scslab"],
        fingerprint=manifest["fingerprint"],
        machine=manifest["machine"],
        seconds=round(sum(run.timings.values()), 1),
        regimes=tuple(
            RegimeLine(r.id, r.name, r.operator, r.about, r.kind, r.status) for r in world.regimes
        ),
        fit=tuple(
            FitRow(
                f.name, ", ".join(f.over), f.categories, f.deviation, f.category, f.target, f.status
            )
            for f in world.society.fit_report
        ),
        lists=tuple(list_series(rows) for _, rows in listings.groupby("regime", sort=False)),
        histograms=histograms(run),
        grades=grade_series(run),
        flows=tuple(
            flow(rows, run.manifest) for _, rows in run.tallies.groupby("regime", observed=True)
        ),
        groups=groups(world, run),
        measures=measures(world, run),
        comparisons=tuple(
            compare(world, run, surveys, c, i)
            for i, c in enumerate(study.compare)
            if c.survey is None or c.survey in {s.id for s in surveys}
        ),
        surveys=tuple(surveys),
        values=value_shares(world),
        sources=sources(world),
        left_out=tuple(
            LeftOut(r.name, x.what, x.why, x.effect) for r in world.regimes for x in r.not_modelled
        ),
        warnings=tuple(manifest["warnings"]),
        organisations=manifest["organisations"],
        organisations_stand_for=manifest["organisations_stand_for"],
        systems=system_lines(world, run),
        lists_held=tuple(manifest["lists_held"]),
        inspections=inspection_lines(run),
        events=event_lines(run),
        variants=tuple((name, variant.says) for name, variant in study.variants.items()),
        variant_rows=variant_rows(run),
        waves=tuple(map(wave_line, run.waves.values())),
        harm=harm_report(run.tallies, run.measures, HARM_BY, with_both_lists(world)),
    )


def wave_line(wave: WaveReport) -> WaveLine:
    """A fielded questionnaire in a line."""
    return WaveLine(
        id=wave.id,
        title=wave.result.wave.document.wave.title,
        month=month_text(wave.result.wave.number),
        n=wave.report.n,
        href=f"wave-{wave.id}/report.html",
        headlines=tuple(
            WaveHeadline(e.says, e.truth, e.measured, e.low, e.high) for e in wave.result.errors
        ),
        agree=sum(row.agrees == "yes" for row in wave.ledger),
        compared=len(wave.ledger),
    )


def with_both_lists(world: World) -> list[str]:
    """The regimes with lists of sanctions and lists of praise."""
    return [r.id for r in world.regimes if len({x.colour for x in r.lists.values()}) == 2]


def society_words(world: World) -> str:
    """What the society was built from, and who was left out of it."""
    words = [f"{world.society.id}: {' '.join(world.margins.about.split())}".rstrip(": ")]
    for name, categories in world.file.study.society.only.items():
        words.append(f"Of these, only {name} {', '.join(categories)}.")
    return " ".join(words)


def whole(values: pd.Series) -> tuple[int, ...]:
    """A column as a tuple of whole numbers."""
    return tuple(int(v) for v in values)


def list_series(rows: pd.DataFrame) -> ListSeries:
    """One regime's list over the months."""
    return ListSeries(
        regime=str(rows["regime"].iloc[0]),
        name=str(rows["regime"].iloc[0]),
        months=tuple(rows["month"]),
        entries=whole(rows["entries"]),
        exits=whole(rows["exits"]),
        listed=whole(rows["listed"]),
        wrongful_entries=whole(rows["wrongful_entries"]),
        wrongful_listed=whole(rows["wrongful_listed"]),
    )


def histograms(run: Run) -> tuple[ScoreHistogram, ...]:
    """The first and the last histogram of each regime with a score; a ladder has none."""
    found = []
    scored = run.histograms[run.histograms["regime"].isin(run.manifest["scored"])]
    for regime, rows in scored.groupby("regime", sort=False):
        months = sorted(set(rows["month"]))
        for month in dict.fromkeys((months[0], months[-1])):
            bins = rows[rows["month"] == month]
            found.append(
                ScoreHistogram(
                    str(regime),
                    month,
                    whole(bins["low"]),
                    whole(bins["high"]),
                    whole(bins["persons"]),
                )
            )
    return tuple(found)


def grade_series(run: Run) -> tuple[GradeSeries, ...]:
    """Mean score and grades of each scored regime over the months."""
    scores, grades = run.table("scores"), run.table("grades")
    found = []
    for regime, rows in scores.groupby("regime", sort=False):
        rows = rows[rows["scored"] > 0]
        if not len(rows):
            continue
        mine = grades[(grades["regime"] == regime) & grades["month"].isin(rows["month"])]
        names = run.manifest["grades"].get(str(regime), [])
        found.append(
            GradeSeries(
                regime=str(regime),
                months=tuple(rows["month"]),
                mean_score=tuple(float(x) for x in rows["mean_score"]),
                scored=whole(rows["scored"]),
                grades={g: whole(mine[mine["grade"] == g]["persons"]) for g in names},
            )
        )
    return tuple(found)


def flow(rows: pd.DataFrame, manifest: dict[str, Any]) -> Flow:
    """From records to corrections over the whole run."""
    total = {c: int(rows[c].sum()) for c in rows.columns if rows[c].dtype.kind == "i"}
    last = rows[rows["month"] == rows["month"].max()]
    decided = total["decided"]
    return Flow(
        regime=str(rows["regime"].iloc[0]),
        acts=total["acts"],
        records_true=total["true_records"],
        records_misattributed=total["misattributed"],
        records_from_nothing=total["from_nothing"],
        entries_rightful=total["entries"] - total["wrongful_entries"],
        entries_wrongful=total["wrongful_entries"],
        objections_rightful=total["objections"] - total["objections_wronged"],
        objections_wrongful=total["objections_wronged"],
        corrected_rightful=total["corrected"] - total["corrected_wronged"],
        corrected_wrongful=total["corrected_wronged"],
        rejected_rightful=total["rejected"] - total["rejected_wronged"],
        rejected_wrongful=total["rejected_wronged"],
        waiting=int(last["waiting"].sum()),
        mean_wait_months=total["months_waited"] / decided if decided else 0.0,
        late=total["late"],
        by_record=str(rows["regime"].iloc[0]) in manifest["scored"],
    )


def groups(world: World, run: Run) -> tuple[GroupShare, ...]:
    """Wrongful entries by each attribute."""
    found: list[GroupShare] = []
    for attribute in HARM_BY:
        if attribute in run.groups:
            listings = run.table("listings", by=[attribute])
            found += wrongful_by_group(listings, attribute, world.society.attributes[attribute])
    return tuple(found)


def measures(world: World, run: Run) -> tuple[MeasureTotal, ...]:
    """What was lived through over the whole run."""
    says = {
        (regime.id, name): effect.says
        for regime in world.regimes
        for rules in regime.lists.values()
        for name, effect in rules.effects.items()
    } | {(regime.id, n): r.says for regime in world.regimes for n, r in regime.rewards.items()}
    rows = run.table("measures").groupby(["regime", "measure"], sort=False)
    real = scaled_months(run)
    return tuple(
        MeasureTotal(
            str(regime),
            str(measure),
            says[str(regime), str(measure)],
            int(found["person_months"].sum()),
            int(found["refused"].sum()),
            real[str(regime), str(measure)],
        )
        for (regime, measure), found in rows
    )


def scaled_months(run: Run) -> dict[tuple[str, str], float]:
    """(regime, measure) -> person-months, or organisation-months, of real subjects."""
    weights = pd.Series(run.manifest["scale"], run.measures.index)
    if "subject" in run.measures:
        real = run.manifest["organisations_stand_for"] / run.manifest["organisations"]
        weights[run.measures["subject"] == "organisation"] = real
    months = run.measures[["regime", "measure"]].assign(m=run.measures["person_months"] * weights)
    sums = months.groupby(["regime", "measure"], observed=True)["m"].sum()
    return {(str(r), str(m)): float(x) for (r, m), x in sums.items()}


def compare(
    world: World, run: Run, surveys: list[SurveyResult], spec: Compare, i: int
) -> Comparison:
    """A published finding beside the simulated figure.

    Intervals are at 95 %: of counts as Poisson counts of simulated persons, of shares by Wilson,
    of survey answers by the survey's design.
    """
    published = finding(spec.finding, world.file.document.where(("compare", i, "finding")))
    if spec.survey is not None:
        value, interval = survey_figure(surveys, spec)
        kind = "share"
    else:
        value, interval, kind = count_figure(run, spec)
    return Comparison(
        finding=published.id,
        quantity=published.quantity,
        group=published.group if spec.grade is None else spec.grade,
        source=published.source,
        kind=kind,
        published=published.part(spec.part),
        simulated=value,
        interval=interval,
        role=spec.role,
        note="; ".join(filter(None, (published.note, spec.note))),
        n=published.n,
    )


def survey_figure(
    surveys: list[SurveyResult], spec: Compare
) -> tuple[float, tuple[float, float] | None]:
    """A measured share of a survey."""
    found = next(s for s in surveys if s.id == spec.survey)
    if spec.measure == "approves":
        return found.measured, (found.low, found.high)
    share = found.categories[-1][2]
    return share, None


def count_figure(run: Run, spec: Compare) -> tuple[float, tuple[float, float] | None, str]:
    """A count scaled to the real population, or a share, up to a month."""
    to = spec.to or run.manifest["last_month"]
    rows = run.tallies[(run.tallies["regime"] == spec.regime) & (run.tallies["month"] <= to)]
    if spec.measure == "performed-within-a-month":
        # Whoever was listed in the last month has had no month to perform in, and whoever was
        # listed wrongly has no duty to perform.
        before = rows[rows["month"] < to]
        count = int(rows["performed_first"].sum())
        n = int(before["entries"].sum() - before["wrongful_entries"].sum())
        return (count / n if n else 0.0), wilson(count, n), "share"
    if spec.measure == "grade-share":
        return grade_figure(run, spec, rows[rows["month"] == to])
    if spec.measure == "refused":
        rows = run.measures[
            (run.measures["regime"] == spec.regime)
            & (run.measures["measure"] == spec.effect)
            & (run.measures["month"] <= to)
        ]
        column = "refused"
    elif spec.measure == "listed":
        rows, column = rows[rows["month"] == to], "listed"
    else:
        column = spec.measure
    found, variance = 0.0, 0.0
    for count, scale in parts_of(run, rows, column):
        found += count * scale
        variance += count * scale**2
    half = 1.96 * variance**0.5
    return found, (max(0.0, found - half), found + half), "count"


def parts_of(run: Run, rows: pd.DataFrame, column: str) -> list[tuple[int, float]]:
    """A count of persons and of organisations, each with the real subjects behind one."""
    manifest = run.manifest
    if "subject" not in rows:
        return [(int(rows[column].sum()), manifest["scale"])]
    persons = rows["subject"] == "person"
    return [
        (int(rows[persons][column].sum()), manifest["scale"]),
        (
            int(rows[~persons][column].sum()),
            manifest["organisations_stand_for"] / manifest["organisations"],
        ),
    ]


def grade_figure(
    run: Run, spec: Compare, rows: pd.DataFrame
) -> tuple[float, tuple[float, float] | None, str]:
    """The share of subjects with a grade."""
    names = run.manifest["grades"].get(spec.regime, [])
    counts = [int(rows[f"grade_{i + 1}"].sum()) for i in range(len(names))]
    count, n = counts[names.index(spec.grade)], sum(counts)
    return (count / n if n else 0.0), wilson(count, n), "share"


def kinds_of(sources: Mapping[str, Source], used: list[str]) -> tuple[int, int, int]:
    """Published, press and assumed among the sources used."""
    kinds = [sources[name].kind for name in used if name in sources]
    press = sum(k == "press" for k in kinds)
    assumed = sum(k in ASSUMED for k in kinds)
    return len(kinds) - press - assumed, press, assumed


def value_shares(world: World) -> tuple[ValueShares, ...]:
    """On what the values of the study, its society and its regimes rest."""
    study = world.file.study
    used = [row.source for _, dated in walk_dated(study) for row in dated.rows]
    used += [varies.source for _, varies in walk_varies(study)]
    found = [ValueShares(f"study {study.id}", *kinds_of(study.sources, used))]
    for regime in world.regimes:
        rows = [row.source for _, dated in walk_dated(regime) for row in dated.rows]
        found.append(ValueShares(regime.id, *kinds_of(regime.sources, rows)))
    counts: dict[str, int] = {}
    for margin in world.margins.tables:
        for status, count in margin.status_counts.items():
            counts[status] = counts.get(status, 0) + count
    assumed = counts.pop("assumed", 0)
    found.append(ValueShares(f"society {world.society.id}", sum(counts.values()), 0, assumed))
    return tuple(found)


def sources(world: World) -> tuple[SourceLine, ...]:
    """Every source of the study, its regimes and its society."""

    def line(key: str, used_by: str, source: Any) -> SourceLine:
        return SourceLine(
            key,
            used_by,
            str(source.get("kind") or ""),
            str(source.get("title") or ""),
            str(source.get("date") or ""),
            str(source.get("href") or ""),
            str(source.get("because") or ""),
        )

    study = world.file.study
    found = [line(k, study.id, s.model_dump()) for k, s in study.sources.items()]
    for regime in world.regimes:
        found += [line(k, regime.id, s.model_dump()) for k, s in regime.sources.items()]
    found += [line(k, world.society.id, dict(s)) for k, s in world.margins.sources.items()]
    return tuple(found)
