"""All systems of a study at a glance, and a study beside its variants."""

from __future__ import annotations

from scslab.core.results import InspectionLine, OversightEvent, SystemLine, VariantRow
from scslab.lab.run import Run
from scslab.lab.world import World

BASE = "as it stands"
FLOW_FIGURES = {
    "records": "records",
    "false records": "false",
    "points lost": "points_lost",
    "entries on lists": "entries",
    "wrongful entries": "wrongful_entries",
}
STOCK_FIGURES = {"listed subject-months": "listed", "wrongful subject-months": "wrongful_listed"}


def system_lines(world: World, run: Run) -> tuple[SystemLine, ...]:
    """One line for each regime of a run."""
    found = []
    refused = run.measures.groupby("regime", observed=True)["refused"].sum()
    for regime in world.regimes:
        rows = run.tallies[run.tallies["regime"] == regime.id]
        last = rows[rows["month"] == rows["month"].max()]
        scored = int(last["scored"].sum())
        found.append(
            SystemLine(
                regime=regime.id,
                kind=regime.kind,
                subjects=" and ".join(regime.who.subjects),
                rated=int(last["covered"].sum()),
                records=int(rows["records"].sum()),
                false_records=int(rows[["misattributed", "from_nothing"]].to_numpy().sum()),
                entries=int(rows["entries"].sum()),
                wrongful_entries=int(rows["wrongful_entries"].sum()),
                listed=int(last["listed"].sum()),
                wrongful_listed=int(last["wrongful_listed"].sum()),
                scored=scored,
                mean_score=(
                    float(last["score_sum"].sum()) / scored
                    if scored and regime.score is not None
                    else None
                ),
                refused=int(refused.get(regime.id, 0)),
            )
        )
    return tuple(found)


def inspection_lines(run: Run) -> tuple[InspectionLine, ...]:
    """Visits and what they found over the whole run, in the study and in its variants."""
    found = []
    for variant, one in {BASE: run, **run.variants}.items():
        frame = one.inspections
        for key, rows in frame.groupby(["regime", "grade"], sort=False):
            regime, grade = (str(k) for k in key)
            found.append(
                InspectionLine(
                    variant=variant,
                    regime=regime,
                    grade=grade,
                    organisation_years=float(rows["organisations"].sum()) / 12,
                    visits=float(rows["visits"].sum()),
                    found=int(rows["found"].sum()),
                )
            )
    return tuple(found)


def event_lines(run: Run) -> tuple[OversightEvent, ...]:
    """What oversight stopped, in the study and in its variants."""
    return tuple(
        OversightEvent(variant, *row)
        for variant, one in {BASE: run, **run.variants}.items()
        for row in one.events.itertuples(index=False, name=None)
    )


def variant_rows(run: Run) -> tuple[VariantRow, ...]:
    """Figures of all systems together and of each, in the study and in its variants."""
    if not run.variants:
        return ()
    tables = [figures(one) for one in (run, *run.variants.values())]
    keys = list(dict.fromkeys(key for table in tables for key in table))
    return tuple(
        VariantRow(figure, regime, tuple(table.get((figure, regime)) for table in tables))
        for figure, regime in sorted(keys, key=lambda k: k[1] != "")
    )


def figures(run: Run) -> dict[tuple[str, str], float]:
    """(figure, regime) -> value; the empty name stands for all systems together."""
    tallies = run.tallies.assign(false=run.tallies["misattributed"] + run.tallies["from_nothing"])
    columns = {**FLOW_FIGURES, **STOCK_FIGURES}
    by = tallies.groupby("regime", observed=True)[list(columns.values())].sum()
    refused = run.measures.groupby("regime", observed=True)["refused"].sum()
    found: dict[tuple[str, str], float] = {}
    for figure, column in columns.items():
        found[figure, ""] = float(by[column].sum())
        found |= {(figure, str(r)): float(v) for r, v in by[column].items() if v}
    found["refused attempts", ""] = float(refused.sum())
    found |= {("refused attempts", str(r)): float(v) for r, v in refused.items() if v}
    held = run.manifest["lists_held"]
    found["persons on a blacklist at the end", ""] = float(sum(held))
    found["persons on two or more at the end", ""] = float(sum(held[1:]))
    visits = run.inspections[run.inspections["grade"] == "all"]
    for regime, rows in visits.groupby("regime"):
        total = float(rows["visits"].sum())
        found["visits", str(regime)] = total
        if total:
            found["breaches found per 1,000 visits", str(regime)] = (
                1000.0 * float(rows["found"].sum()) / total
            )
    return found
