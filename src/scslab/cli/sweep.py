"""The command `sweep`: a study run over many values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scslab.core.errors import ScslabError

if TYPE_CHECKING:
    from scslab.lab.sweep.plan import Plan
    from scslab.lab.sweep.sweep import Sweep

TOP = 5  # factors that are named for each outcome
FEW_CASES = 10  # with fewer, nothing is said of 90 % of them


def sweep(
    what: Annotated[
        str,
        typer.Argument(
            metavar="SWEEP", help="A sweep file; or a study that has one, or with --assumptions."
        ),
    ],
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Vary all values that give a range (between).")
    ] = False,
    vary: Annotated[
        list[str] | None,
        typer.Option(help="Only assumptions whose path or name fits, such as 'agencies.*'."),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(help="lhs, sobol, saltelli, morris, factorial or one-at-a-time."),
    ] = None,
    size: Annotated[int | None, typer.Option(min=1, help="About how many cases.")] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(help="What is measured: NAME, 'NAME in REGIME', '... for ATTRIBUTE=VALUE'."),
    ] = None,
    persons: Annotated[
        int | None, typer.Option(min=1, help="Simulated persons instead of the sweep's.")
    ] = None,
    months: Annotated[int | None, typer.Option(min=1, help="Only the first months.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="First seed instead of 1.")] = None,
    replications: Annotated[int | None, typer.Option(min=1, help="Seeds for each case.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder; begun again, a sweep goes on in it. Else runs/sweep-NAME."),
    ] = None,
    case: Annotated[int | None, typer.Option(help="Run this case only, by its number.")] = None,
    cases: Annotated[str | None, typer.Option(help="Run these cases only: 17-32.")] = None,
    gather: Annotated[
        bool, typer.Option("--gather", help="Make tables of cases that were run apart.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--list", help="Print the cases as CSV, and run nothing.")
    ] = False,
    print_slurm: Annotated[
        bool, typer.Option("--print-slurm", help="Print a script for SLURM, and run nothing.")
    ] = False,
    tasks: Annotated[
        int | None, typer.Option(min=1, help="Of --print-slurm: tasks of the array.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; no result depends on it.")
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begin anew, whatever the folder holds of a sweep.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Run a study over many values; say what its outcomes answer to, and where they are worst."""
    check_choice(case, cases, gather)
    from scslab.api.sweeps import planned

    settings = {"outcomes": outcome, "persons": persons, "months": months, "seed": seed}
    settings |= {"replications": replications}
    plan = planned(what, list(vary) if vary else assumptions, method, size, settings)
    folder = out if out is not None else Path("runs") / f"sweep-{plan.sweep.spec.id}"
    if show or print_slurm:
        from scslab.lab.sweep.run import build

        # What cannot be run is told now, not by every task of a cluster.
        build(plan)
    if show:
        from scslab.lab.sweep.tables import case_frame

        typer.echo(case_frame(plan).to_csv(index=False, lineterminator="\n"), nl=False)
    elif print_slurm:
        from scslab.lab.sweep.slurm import slurm_script

        words = ["scslab", "sweep", what, *("--assumptions",) * assumptions]
        for name, value in (("--method", method), ("--size", size), ("--persons", persons)):
            words += [name, str(value)] if value is not None else []
        for name, value in (("--months", months), ("--seed", seed)):
            words += [name, str(value)] if value is not None else []
        words += ["--replications", str(replications)] if replications is not None else []
        words += [w for p in vary or () for w in ("--vary", p)]
        words += [w for o in outcome or () for w in ("--outcome", o)]
        typer.echo(slurm_script(plan, words, str(folder), tasks), nl=False)
    else:
        some = str(case) if case is not None else cases
        typer.echo(run(plan, folder, some, gather, workers, restart, quiet))


def check_choice(case: int | None, cases: str | None, gather: bool) -> None:
    """One thing at a time."""
    given = [("--case", case is not None), ("--cases", cases is not None), ("--gather", gather)]
    both = [name for name, yes in given if yes]
    if len(both) > 1:
        raise ScslabError(f"{both[0]} and {both[1]} do not go together", where=both[1])


def run(
    plan: Plan,
    folder: Path,
    cases: str | None,
    gathers: bool,
    workers: int | None,
    restart: bool,
    quiet: bool,
) -> str:
    """Run a sweep, or some of it, and say what came out."""
    from scslab.api.sweeps import gather_sweep, run_plan
    from scslab.cli.shown import Bar
    from scslab.lab.sweep.plan import chosen_cases

    if gathers:
        return told(gather_sweep(plan, folder), folder)
    done = [0, plan.design.cases]
    with Bar(quiet, "case") as bar:

        def step(number: int, total: int) -> None:
            done[:] = [number, total]
            bar.step(number, total)

        wanted = None if cases is None else chosen_cases(cases, plan)
        try:
            found = run_plan(plan, folder, wanted, workers=workers, restart=restart, progress=step)
        except BaseException as stopped:
            # Ctrl-C: what was run stands in the folder, and that is not nothing.
            if not isinstance(stopped, Exception):
                stopped.args = (
                    f"{done[0]:,} of {done[1]:,} cases are in {folder}; "
                    "the same command without --restart goes on",
                )
            raise
    if len(found.values) < plan.design.cases:
        count = len(found.values)
        return (
            f"{count:,} of {plan.design.cases:,} cases are in {folder}; "
            "when all are there, add --gather"
        )
    return told(found, folder)


def told(found: Sweep, folder: Path) -> str:
    """A sweep in a few lines: of each outcome its spread and the factors it answers to most."""
    from scslab.lab.sweep.summary import sweep_report

    report = sweep_report(found)
    runs = report.cases * report.replications
    lines = [
        f"{report.title} (synthetic)",
        f"{report.method}: {report.cases:,} cases of {len(report.factors)} factors, {runs:,} runs "
        f"of {report.persons:,} persons",
    ]
    for part in report.outcomes:
        known = part.cases - part.missing
        spread = f"90 % of the cases {part.low:,.4g} to {part.high:,.4g}"
        if known < FEW_CASES:
            spread = f"of {known} case{'s' * (known != 1)}"
        lines += ["", f"{part.name} ({part.unit}): mean {part.mean:,.4g}, {spread}"]
        ranks = found.indices
        mine = ranks[(ranks["outcome"] == part.name) & ranks["rank"].notna()].sort_values("rank")
        for row in mine.head(TOP).itertuples():
            ends = f" ({row.low:,.3g} to {row.high:,.3g})" if row.low == row.low else ""
            lines.append(f"  {row.rank}. {row.factor}: {row.measure} {row.value:,.3g}{ends}")
        for box in part.boxes[:1]:
            peel = box.held
            where = "; ".join(limit_text(limit) for limit in box.limits)
            lines.append(
                f"  worst (coverage {peel.coverage:.0%}, density {peel.density:.0%}): {where}"
            )
        lines += [f"  note: {note}" for note in part.notes]
    return "\n".join([*lines, "", f"sweep:  {folder}", f"report: {folder / 'report.html'}"])


def limit_text(limit: object) -> str:
    """A restriction of a box in words."""
    from scslab.core.sweep import Limit, shown

    assert isinstance(limit, Limit)
    if limit.levels is not None:
        return f"{limit.factor} {' or '.join(map(shown, limit.levels))}"
    return f"{limit.factor} {limit.low:.4g} to {limit.high:.4g}"


def checked_sweep(path: str) -> str:
    """Check a sweep file with its study; what was checked, in a few words.

    Raises
    ------
    ScslabError
        The first mistake.
    """
    from scslab.api.sweeps import planned
    from scslab.lab.sweep.sound import check_cases

    plan = planned(path, False, None, None, {})
    check_cases(plan)
    cases, factors = plan.design.cases, len(plan.design.factors)
    return (
        f"sweep {plan.sweep.spec.id} is sound ({cases:,} cases of {factors} factors of study "
        f"{plan.file.study.id})"
    )
