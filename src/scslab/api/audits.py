"""Public verb for legal tests of rules: `audit`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scslab.core.audit import AuditReport
from scslab.core.audit_evidence import RunNote
from scslab.core.calendar import month
from scslab.core.errors import ScslabError
from scslab.evaluation.audit import RuleFile, RunTables, chosen, read_rule_file
from scslab.evaluation.audit import audit as audit_files
from scslab.regimes.load import find_regime

if TYPE_CHECKING:
    from scslab.lab.run import Run


def audit(
    target: str | Path,
    *,
    on: str | None = None,
    run: Run | str | Path | None = None,
    only: str | None = None,
    instrument: str | None = None,
    safeguards: Sequence[str] = (),
) -> AuditReport:
    """Test rules by the EU AI Act, the GDPR, the PIPL and Chinese limits.

    Findings are about rules, never about a person, and never add up to one score.

    Parameters
    ----------
    target : str or Path
        The name of a regime, a regime folder or file, or a folder with regime folders in it.
    on : str, optional
        The day whose rules are tested; by default the last day that each file covers, or that of
        its last review. Of several regimes those that do not cover the day are left out.
    run : Run, str or Path, optional
        A run of the rules, which adds people hit, months and groups; or its folder.
    only : str, optional
        Ids of criteria, with commas between them.
    instrument : str, optional
        Only the criteria of one instrument: EU AI Act, GDPR, PIPL or Chinese limits.
    safeguards : sequence of str
        Named safeguards laid over the rules first, from their first day on.

    Returns
    -------
    AuditReport
        Its findings, worst per cell in `cell`; `failed` are those that are not met.

    Raises
    ------
    ScslabError
        No such regime, a mistake in a file, no such criterion, a day that is not covered, or a
        run that does not fit.

    Examples
    --------
    >>> report = audit("cn-spc-judgment-debtors", instrument="PIPL")
    >>> [finding.criterion for finding in report.failed]
    ['pipl.transparent', 'pipl.explanation']
    """
    wanted = chosen(only, instrument)
    files = [read_rule_file(path, safeguards) for path in rule_files(target)]
    check_ids(files)
    tables = run_tables(run, files) if run is not None else None
    filters = " and ".join(
        f"{name} {value}" for name, value in (("only", only), ("instrument", instrument)) if value
    )
    shown = Path(target).as_posix() if Path(target).exists() else str(target)
    return audit_files(files, on=on, run=tables, chosen=wanted, target=shown, filters=filters)


def rule_files(target: str | Path) -> list[Path]:
    """The regime files of a target, by path; copies of rules in run folders are passed over.

    Raises
    ------
    ScslabError
        No such regime, or no regime in the folder.
    """
    path = Path(target)
    if path.is_file():
        return [path]
    if not path.is_dir():
        return [find_regime(str(target)) / "regime.yaml"]
    if (path / "regime.yaml").is_file():
        return [path / "regime.yaml"]
    inside = [
        p
        for p in path.rglob("regime.yaml")
        if not hidden(p.relative_to(path)) and not of_run(p, path)
    ]
    if not inside:
        raise ScslabError(
            "no regime in this folder",
            where=str(target),
            expected="regime.yaml, or folders with one in them",
        )
    return sorted(inside)


def hidden(path: Path) -> bool:
    """Whether a path leads through a hidden folder."""
    return any(part.startswith(".") for part in path.parts)


def of_run(file: Path, top: Path) -> bool:
    """Whether a file is a copy in a run folder (one with a manifest) below the folder asked for."""
    parents = file.relative_to(top).parents
    return any((top / p / "manifest.json").is_file() for p in parents if p != Path())


def check_ids(files: Sequence[RuleFile]) -> None:
    """Each regime stands once in a folder, for its findings go by its name."""
    seen: dict[str, RuleFile] = {}
    for file in files:
        other = seen.setdefault(file.regime.id, file)
        if other is not file:
            raise ScslabError(
                f'two regimes are called "{file.regime.id}"',
                where=file.document.name,
                got=f"also {other.document.name}",
                hint="audit one folder at a time",
            )


def run_tables(run: Run | str | Path, files: Sequence[RuleFile]) -> RunTables:
    """The tables of a run, and whether it used the rules that are audited.

    Raises
    ------
    ScslabError
        Not a run, or none of the regimes was in it.
    """
    if isinstance(run, str | Path):
        # A gate without a run need not wait for the laboratory.
        from scslab.lab.older import check_counts
        from scslab.lab.run import read_run

        folder = Path(run)
        run = read_run(folder)
        check_counts(run, folder)
    manifest = run.manifest
    hashes = manifest["rules_sha256"]
    here = [file for file in files if file.regime.id in hashes]
    if not here:
        raise ScslabError(
            "none of the regimes was in this run",
            where="--run",
            got=", ".join(manifest["regimes"]),
            expected=" or ".join(file.regime.id for file in files[:6]),
        )
    same = {
        file.regime.id: "the same rules"
        if hashes[file.regime.id] == file.rules_hash
        else "other rules: the study changes them, or the file changed since"
        for file in here
    }
    first, last = manifest["first_month"], manifest["last_month"]
    note = RunNote(
        name=f"{manifest['study']}-{manifest['seed']}, fingerprint {manifest['fingerprint']}",
        study=manifest["study"],
        seed=str(manifest["seed"]),
        months=f"{first} to {last}",
        persons=int(manifest["persons"]),
        same_rules=same,
    )
    return RunTables(
        note=note,
        tallies=run.tallies,
        measures=run.measures,
        groups=tuple(run.groups),
        months=month(last) - month(first) + 1,
    )
