"""Where runs go, and what `check` looks at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scslab.core.errors import ScslabError, near
from scslab.study.find import studies

if TYPE_CHECKING:
    from collections.abc import Callable

    from scslab.regimes.model import Regime


def run_folder(study: str, seed: int) -> Path:
    """A new folder under `runs/` for a study and seed."""
    folder = Path("runs") / f"{study}-{seed}"
    number = 2
    while folder.exists():
        folder = Path("runs") / f"{study}-{seed}-{number}"
        number += 1
    return folder


def check_path(name: str) -> str:
    """Check a study, sweep, regime, safeguard or instrument; what was checked, in a few words.

    Raises
    ------
    ScslabError
        The first mistake.
    """
    from scslab.core.yamlfile import read

    path = Path(name)
    if not path.exists():
        from scslab.regimes.load import library
        from scslab.survey.instrument.load import instruments

        # A study that fields an instrument may have its name; it checks the instrument too.
        known = instruments() | studies() | library()
        if name not in known:
            raise ScslabError(f'no study, regime or instrument "{name}"', hint=near(name, known))
        path = known[name]
    if path.is_dir():
        inside = [path / n for n in ("study.yaml", "regime.yaml") if (path / n).is_file()]
        if not inside:
            raise ScslabError(
                "neither a study nor a regime",
                where=name,
                expected="study.yaml or regime.yaml in it",
            )
        path = inside[0]
    data = read(path).data
    kind = str(data.get("schema", "")) if isinstance(data, dict) else ""
    if isinstance(data, dict) and str(data.get("instrument", "")).startswith("instrument/"):
        from scslab.cli.instruments import checked

        return checked(str(path))
    if isinstance(data, dict) and not kind:
        found = check_part(data, path)
        if found:
            return found
    if kind.startswith("sweep/"):
        from scslab.cli.sweep import checked_sweep

        return checked_sweep(str(path))
    if kind.startswith("change/"):
        from scslab.regimes.safeguard import read_safeguard

        return f"safeguard {read_safeguard(path).id} is sound"
    if kind.startswith("regime/") or path.name == "regime.yaml":
        return check_regime_folder(path)
    return check_study_file(path)


def check_part(data: dict[str, object], path: Path) -> str:
    """Check a file that stands beside a study; nothing where it is none of them."""
    from scslab.evaluation.exhibits import read_paper
    from scslab.evaluation.ledger.read import read_ledger
    from scslab.study.read_wave import read_wave

    readers: dict[str, Callable[[Path], object]] = {
        "wave": read_wave,
        "ledger": read_ledger,
        "paper": read_paper,
    }
    for kind, read in readers.items():
        if str(data.get(kind, "")) == f"{kind}/1":
            read(path)
            return f"{kind} file is sound by itself; its study checks it beside the society"
    return ""


def check_study_file(path: Path) -> str:
    """Check a study with its regimes, its margins and a small society."""
    from scslab.lab.check import check_study_runs
    from scslab.study.read import read_study

    file = read_study(path)
    check_study_runs(file)
    uses = ", ".join(u.use for u in file.study.regimes)
    return f"study {file.study.id} is sound ({len(file.months)} months; {uses})"


def check_regime_folder(path: Path) -> str:
    """Check a regime, its worked cases, and on what its values rest."""
    regime, cases = check_regime_cases(path)
    from scslab.regimes.card import shares_of

    values = shares_of(regime)
    return (
        f"regime {regime.id} is sound ({values.total} values: {values.published} published, "
        f"{values.press} press, {values.assumed} assumed; {cases} worked cases come out)"
    )


def check_regime_cases(path: Path) -> tuple[Regime, int]:
    """Check a regime file and the worked cases beside it; the regime, and how many cases.

    Raises
    ------
    ScslabError
        The first mistake, or the first case that does not come out.
    """
    from scslab.regimes.judge import check_case
    from scslab.regimes.load import read_cases, read_regime

    regime = read_regime(path)
    file = path.parent / "cases.yaml"
    cases = read_cases(path.parent) if file.is_file() else []
    for case in cases:
        wrong = check_case(regime, case)
        if wrong:
            raise ScslabError(
                f'case "{case.name}" does not come out', where=str(file), got="; ".join(wrong)
            )
    return regime, len(cases)
