"""The rules of a study as it uses them: its regimes with changed rows, and its platforms."""

from __future__ import annotations

from scslab.core.errors import ScslabError, moved_to
from scslab.core.values import check_dated
from scslab.core.yamlfile import Place
from scslab.lab.safeguards import first_day_of, laid_over
from scslab.regimes.load import find_regime, read_regime
from scslab.regimes.model import Regime
from scslab.study.read import StudyFile


def read_regimes(file: StudyFile) -> list[Regime]:
    """The regimes of a study, with the study's changes of rows, and its safeguards over them.

    Raises
    ------
    ScslabError
        The first mistake of a regime, of a change, or of a safeguard laid over it.
    """
    regimes = []
    for i, use in enumerate(file.study.regimes):
        regime = read_rules_of(file, i)
        for target, dated in use.changes.items():
            place = ("regimes", i, "changes", target)
            check_dated(dated, place, {**file.study.sources, **regime.sources}, file.document)
        regimes.append(regime)
    return regimes


def read_rules_of(file: StudyFile, i: int) -> Regime:
    """One regime as the study uses it; a mistake is told where it was made."""
    use = file.study.regimes[i].use
    folder = find_regime(use, file.folder, file.document.where(("regimes", i, "use")))
    raw = file.document.data["regimes"][i].get("changes", {})
    sources = file.document.data.get("sources")
    try:
        regime = read_regime(folder, raw, sources)
    except ScslabError as error:
        if not raw:
            raise
        read_regime(folder)  # what is wrong without the changes is told as it is
        raise of_change(error, file, i) from error
    laid = laid_over(file, i)
    if not laid:
        return regime
    try:
        return read_regime(folder, raw, sources, laid, first_day_of(file))
    except ScslabError as error:
        key = ("safeguards",) if file.study.safeguards else ("regimes", i, "safeguards")
        path = error.where.partition(": ")[2]
        says = f"with {' and '.join(s.id for s in laid)} laid over {use}, {path}: {error.what}"
        raise moved_to(error, file.document.where(key), says) from error


def of_change(error: ScslabError, file: StudyFile, i: int) -> ScslabError:
    """A mistake in changed rules, told at the change of the study."""
    path = error.where.partition(": ")[2]
    made = [
        t for t in file.study.regimes[i].changes if path.startswith(t) or f'"{t}"' in error.what
    ]
    where = file.document.where(("regimes", i, "changes", *made[:1]))
    if error.what.startswith("a change sets"):
        return moved_to(error, where)
    return moved_to(error, where, f"as changed here, {path}: {error.what}" if path else "")


def read_platforms(file: StudyFile) -> dict[str, Regime]:
    """The platforms and the identity code that a study names, by their ids.

    Raises
    ------
    ScslabError
        One of them is no platform, or no code.
    """
    found: dict[str, Regime] = {}
    names: list[tuple[str, Place]] = [
        (use.receives.through, ("regimes", i, "receives", "through"))
        for i, use in enumerate(file.study.regimes)
        if use.receives.through is not None
    ]
    if file.study.identity is not None:
        names.append((file.study.identity, ("identity",)))
    for name, place in names:
        where = file.document.where(place)
        if name not in found:
            found[name] = read_regime(find_regime(name, file.folder, where))
        key, wanted = ("platform", "platform")
        if place == ("identity",):
            key, wanted = ("identity", "identity code")
        if getattr(found[name], key) is None:
            raise ScslabError(f"{name} is no {wanted}", where=where, got=found[name].kind)
        covers, period = found[name].covers, file.study.period
        until = covers.to or "9999-12-31"
        if not covers.from_[:7] <= period.to or until[:7] < period.to:
            raise ScslabError(
                f"{name} covers {covers.from_} {f'to {until}' if covers.to else 'onward'}; "
                f"{period.from_} to {period.to} was asked",
                where=where,
                hint="shorten the period, or leave it out",
            )
    return found
