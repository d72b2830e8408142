"""What `show` and `explain` print: rules in words, and worked cases step by step."""

from __future__ import annotations

from pathlib import Path

from scslab.core.errors import ScslabError, near

NOTE = "Invented dossiers. No real person can be rated with this."


def shown(name: str, on: str | None) -> str:
    """The rules of a regime, or what a safeguard changes, in words.

    Raises
    ------
    ScslabError
        Neither, with the nearest name; or a mistake in the file.
    """
    from scslab.regimes.describe import describe
    from scslab.regimes.load import library, read_regime
    from scslab.regimes.safeguard import read_safeguard, safeguards
    from scslab.regimes.safeguard_text import describe_safeguard

    if not Path(name).exists() and name not in library():
        if name in safeguards():
            return describe_safeguard(read_safeguard(name))
        hint = near(name, [*library(), *safeguards()])
        raise ScslabError(f'no regime or safeguard "{name}"', hint=hint)
    return describe(read_regime(regime_folder(name)), on)


def explained(name: str, case: Path | None, part: str | None) -> tuple[str, bool]:
    """The cases of a file, or of the regime's own folder, in words; whether all are as expected.

    Raises
    ------
    ScslabError
        No such regime, file or case, or a mistake in one of them.
    """
    from scslab.regimes.case_files import named, read_case_file
    from scslab.regimes.describe import wrapped
    from scslab.regimes.explain import explain, refuse_empty
    from scslab.regimes.judge import check_case
    from scslab.regimes.load import read_regime

    folder = regime_folder(name)
    regime = read_regime(folder)
    path = case if case is not None else own_cases(folder)
    cases = read_case_file(path)
    refuse_empty(cases, str(path))
    if part is not None:
        cases = named(cases, part, str(path))
    heading = "\n".join(wrapped(f"{regime.name} ({regime.id}). {NOTE}"))
    text = "\n\n".join([heading, *(explain(regime, one) for one in cases)])
    return text, all(not check_case(regime, one) for one in cases)


def regime_folder(name: str) -> Path:
    """The folder or file of a regime: a path, or a name of the library."""
    from scslab.regimes.load import find_regime

    path = Path(name)
    return path if path.exists() else find_regime(name)


def own_cases(folder: Path) -> Path:
    """The worked cases beside the rules.

    Raises
    ------
    ScslabError
        There are none.
    """
    path = (folder if folder.is_dir() else folder.parent) / "cases.yaml"
    if not path.is_file():
        raise ScslabError("no cases beside the rules", where=str(path), hint="name a file: --case")
    return path
