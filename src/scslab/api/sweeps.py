"""Public verb for sweeps: `sweep` runs a study over many values, and says what it answers to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, read
from scslab.lab.sweep.plan import Plan, changed_sweep, chosen_cases, default_sweep, make_plan
from scslab.lab.sweep.samplers import count_cases
from scslab.lab.sweep.store import check_there, write_whole
from scslab.lab.sweep.summary import sweep_report
from scslab.lab.sweep.sweep import Sweep, gather, run_sweep, write_manifest, write_tables
from scslab.report.sweep_page import render
from scslab.study.find import find_study, studies
from scslab.study.read import StudyFile, read_study
from scslab.study.sweep import NEEDS, TAKES, Sampler, SweepFile, check_sweep, read_sweep_file

What = SweepFile | StudyFile | Mapping[str, Any] | str | Path

BESIDE = "sweep.yaml"  # a study's own sweep, in its folder


def sweep(
    what: What,
    *,
    assumptions: bool | Sequence[str] = False,
    method: str | None = None,
    size: int | None = None,
    outcomes: Sequence[str] | None = None,
    persons: int | None = None,
    months: int | None = None,
    seed: int | None = None,
    replications: int | None = None,
    out: str | Path | None = None,
    cases: str | Sequence[int] | None = None,
    workers: int | None = None,
    restart: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Run a study over many values of its assumptions and rules.

    Parameters
    ----------
    what : SweepFile, StudyFile, mapping, str or Path
        A sweep file, its data, or a study: one with a `sweep.yaml` in its folder, or any with
        `assumptions`.
    assumptions : bool or sequence of str
        Vary all values of the study and its rules that give a range (`between`), or those whose
        path or name fits a pattern; a sweep file is then not needed.
    method, size : str, int
        Another way to choose cases, and about how many of them.
    outcomes, persons, months, seed, replications
        In place of what the sweep says.
    out : path, optional
        Folder of the sweep. Cases are written as they end, so that a sweep that was stopped goes
        on; tables and the report are written when all have been run.
    cases : str or sequence of int, optional
        Only these, such as "17" or "1-16".
    workers : int, optional
        Processes; no result depends on it.
    restart : bool
        Begin anew, whatever the folder holds of a sweep.
    progress : callable, optional
        Called with (cases done, cases in all).

    Returns
    -------
    Sweep
        Frames `cases`, `outcomes`, `results`, `indices` and `boxes`, the text `table`, and
        `problem` as SALib takes it.

    Raises
    ------
    ScslabError
        Whatever is wrong, before anything is run where that can be known.

    Examples
    --------
    >>> found = sweep("objection-desk", assumptions=True, persons=2000)  # doctest: +SKIP
    >>> found.indices  # doctest: +SKIP
    """
    settings = {"outcomes": outcomes, "persons": persons, "months": months, "seed": seed}
    settings |= {"replications": replications}
    plan = planned(what, assumptions, method, size, settings)
    folder = None if out is None else Path(out)
    wanted = None
    if cases is not None:
        text = cases if isinstance(cases, str) else ",".join(map(str, cases))
        wanted = chosen_cases(text, plan, "cases")
    options: dict[str, Any] = {"workers": workers, "restart": restart, "progress": progress}
    return run_plan(plan, folder, wanted, **options)


def run_plan(
    plan: Plan, folder: Path | None, cases: Sequence[int] | None = None, **options: Any
) -> Sweep:
    """Run the cases of a plan, or some; write tables and report when all have been run."""
    base, values = run_sweep(plan, folder=folder, cases=cases, **options)
    found = Sweep(plan, base.mark, values)
    if folder is not None and len(values) == plan.design.cases:
        write_sweep_folder(found, folder)
    return found


def gather_sweep(plan: Plan, folder: Path) -> Sweep:
    """Make the tables and the report of a sweep whose cases were run apart.

    Raises
    ------
    ScslabError
        Some cases have not been run, or are of another sweep.
    """
    check_there(folder)
    base, _ = run_sweep(plan, folder=folder, cases=[])
    found = gather(plan, base.mark, folder)
    write_sweep_folder(found, folder)
    return found


def write_sweep_folder(found: Sweep, folder: Path) -> None:
    """Write tables, report and manifest of a whole sweep."""
    write_tables(found, folder)
    write_whole(folder / "report.html", render(sweep_report(found)))
    write_manifest(found, folder)


def planned(
    what: What,
    assumptions: bool | Sequence[str],
    method: str | None,
    size: int | None,
    settings: Mapping[str, Any],
) -> Plan:
    """The plan of a sweep, with settings of a caller laid over it."""
    file = sweep_file(what, bool(assumptions))
    changes: dict[str, Any] = {k: listed(v) for k, v in settings.items()}
    if assumptions:
        changes["assumptions"] = "all" if assumptions is True else listed(assumptions)
    file = changed_sweep(file, changes)
    if method is not None or size is not None:
        file = changed_sweep(file, {"sampler": sampler_of(file, method, size)})
    return make_plan(file)


def listed(value: Any) -> Any:
    """A sequence as the list that a file would hold."""
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def sweep_file(what: What, assumptions: bool) -> SweepFile:
    """The sweep that is meant: a file, data, or the one of a study.

    Raises
    ------
    ScslabError
        No such file or study, or a study without a sweep of its own.
    """
    if isinstance(what, SweepFile):
        return what
    if isinstance(what, StudyFile):
        return default_sweep(what, str(what.folder))
    if isinstance(what, Mapping):
        return check_sweep(Document("sweep", dict(what), {}))
    path = Path(what)
    if path.is_file():
        data = read(path).data
        if isinstance(data, dict) and str(data.get("schema", "")).startswith("sweep/"):
            return read_sweep_file(path)
    elif not path.is_dir() and str(what) not in studies():
        raise ScslabError(f'no sweep or study "{what}"', hint=near(str(what), studies()))
    folder = find_study(str(what))
    if not assumptions and (folder / BESIDE).is_file():
        return read_sweep_file(folder / BESIDE)
    study = read_study(what)
    if not assumptions:
        raise ScslabError(
            "this study has no sweep of its own",
            where=str(what),
            hint="--assumptions, or a sweep file: see scslab schema sweep",
        )
    return default_sweep(study, str(what))


def sampler_of(file: SweepFile, method: str | None, size: int | None) -> dict[str, Any]:
    """Another sampler of about a size.

    Raises
    ------
    ScslabError
        An unknown method, or one whose size follows from the factors.
    """
    now = file.spec.sampler
    wanted = method or now.method
    if wanted not in TAKES or wanted == "list":
        known = [name for name in TAKES if name != "list"]
        raise ScslabError(
            f'no method "{wanted}"' if wanted != "list" else "a list needs a sweep file",
            where="--method",
            hint=near(wanted, known),
        )
    key = NEEDS.get(wanted)
    if key is None:
        if size is not None:
            raise ScslabError(
                f"the size of {wanted} follows from its factors", where="--size", got=size
            )
        return {"method": wanted}
    target = size or (now.cases if now.cases is not None else 256)
    return {"method": wanted, key: number_of(file, wanted, key, target)}


def number_of(file: SweepFile, method: str, key: str, size: int) -> int:
    """What a method is told for about so many cases: of Sobol points a power of 2."""
    if method == "lhs":
        return size
    number = size
    if key != "cases":
        plain = changed_sweep(file, {"sampler": {"method": "lhs", "cases": 1}, "groups": {}})
        factors = make_plan(plain).design.factors
        one = Sampler.model_validate({"method": method, key: 1})
        number = max(size // count_cases(factors, one), 1)
    if method == "morris":
        return max(number, 2)
    return max(2 ** (number.bit_length() - 1), 2)
