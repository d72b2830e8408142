"""Public verb for impact assessments: `assess` drafts one from a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from scslab.core.errors import ScslabError, near
from scslab.core.impact import ImpactDocument, ImpactDraft
from scslab.core.values import walk_dated
from scslab.evaluation.impact.aia import aia
from scslab.evaluation.impact.aia_answers import read_answers
from scslab.evaluation.impact.bias import bias
from scslab.evaluation.impact.dpia import dpia
from scslab.evaluation.impact.figures import Figures, Practice, figures
from scslab.evaluation.impact.fria import fria
from scslab.lab.older import check_counts
from scslab.lab.run import Run, read_run
from scslab.lab.world import read_rules
from scslab.regimes.model import Regime
from scslab.report.impact_docx import write_docx
from scslab.report.impact_page import write_page
from scslab.study.model import Study
from scslab.study.read import StudyFile, read_study

KINDS: dict[str, tuple[str, Callable[[Figures], ImpactDraft]]] = {
    "fria": ("Fundamental rights impact assessment (EU AI Act, Art. 27)", fria),
    "dpia": ("Data protection impact assessment (GDPR, Art. 35)", dpia),
    "aia": ("Algorithmic Impact Assessment (Canada)", aia),
    "bias": ("Bias-audit table (after New York City Local Law 144)", bias),
}
WRITERS = {".html": write_page, ".docx": write_docx}


def assess(
    run: Run | str | Path,
    *,
    kind: str,
    regime: str | Sequence[str] | None = None,
    answers: str | Path | None = None,
    out: str | Path | None = None,
    study: StudyFile | str | Path | None = None,
) -> ImpactDocument:
    """Draft an impact assessment from a run; with `out`, write it as a page or a Word file.

    Parameters
    ----------
    run : Run or path
        A run folder, or a run in memory together with its `study`.
    kind : str
        fria (EU AI Act), dpia (GDPR), aia (Canada) or bias (New York City).
    regime : str or sequence of str, optional
        Only these regimes of the run; by default a chapter for each.
    answers : path, optional
        For aia: a file of answers (`aia/1`), or the JSON that the official tool saves.
    out : path, optional
        A new file that ends in .html or .docx.
    study : StudyFile, str or Path, optional
        The study of a run in memory, for its rules; a run folder has its own copy.

    Returns
    -------
    ImpactDocument
        A chapter for each regime; each part says whether it was filled by machine.

    Raises
    ------
    ScslabError
        No such kind, regime or run folder, a suffix that cannot be written, a file that exists,
        or answers that do not fit the form; before anything is written.

    Examples
    --------
    >>> assess("runs/judgment-debtors-1", kind="fria", out="fria.docx")  # doctest: +SKIP
    """
    if kind not in KINDS:
        raise ScslabError(f'no assessment of kind "{kind}"', where="--kind", hint=near(kind, KINDS))
    if answers is not None and kind != "aia":
        raise ScslabError(
            "answers belong to the kind aia", where="--answers", got=kind, hint="--kind aia"
        )
    target = None if out is None else checked_target(Path(out))
    found, rules, source = gathered(run, study)
    names = wanted(list(rules), regime)
    if answers is not None and len(names) > 1:
        raise ScslabError(
            "a file of answers is about one system",
            where="--answers",
            got=f"{len(names)} regimes",
            hint=f"name one with --regime: {', '.join(names[:6])}",
        )
    chapters = [drafted(kind, one_regime(found, rules[name], source), answers) for name in names]
    document = bound(found, kind, chapters)
    if target is not None:
        WRITERS[target.suffix.lower()](document, target)
    return document


def drafted(kind: str, one: Figures, answers: str | Path | None) -> ImpactDraft:
    """One chapter."""
    if kind == "aia" and answers is not None:
        return aia(one, read_answers(Path(answers)))
    return KINDS[kind][1](one)


def checked_target(path: Path) -> Path:
    """A file that can be written: a known suffix, nothing there yet, a folder to put it in.

    Raises
    ------
    ScslabError
        Otherwise.
    """
    if path.suffix.lower() not in WRITERS:
        raise ScslabError(
            "no writer for an assessment of this kind",
            where=str(path),
            got=path.suffix or "no suffix",
            expected=" or ".join(WRITERS),
        )
    if path.exists():
        raise ScslabError(
            "there is a file already",
            where=str(path),
            why="answers of people may stand in it",
            hint="name another file, or remove it",
        )
    if not path.absolute().parent.is_dir():
        raise ScslabError("no such folder", where=str(path.parent), hint="make the folder first")
    return path


def gathered(
    run: Run | str | Path, study: StudyFile | str | Path | None
) -> tuple[Run, dict[str, Regime], Study]:
    """The run, the rules it ran under, its study.

    Raises
    ------
    ScslabError
        Not a run folder, or a run in memory without its study.
    """
    if isinstance(run, Run):
        if study is None:
            raise ScslabError(
                "a run in memory does not hold its rules",
                hint="study=..., or write the run to a folder with out=... and name that",
            )
        return run, *rules_of(study if isinstance(study, StudyFile) else read_study(study))
    folder = Path(run)
    if not folder.exists():
        raise ScslabError("no such run folder", where=str(folder))
    found = read_run(folder)
    check_counts(found, folder)
    return found, *rules_of(read_study(folder / "study.yaml"))


def rules_of(file: StudyFile) -> tuple[dict[str, Regime], Study]:
    """The rules of a study with its safeguards, and the study with their practice."""
    whole, regimes, _ = read_rules(file)
    return {one.id: one for one in regimes}, whole.study


def wanted(known: list[str], regime: str | Sequence[str] | None) -> list[str]:
    """The regimes asked for, in the order of the run.

    Raises
    ------
    ScslabError
        One of them is not in the run.
    """
    if regime is None:
        return known
    asked = [regime] if isinstance(regime, str) else list(regime)
    for name in asked:
        if name not in known:
            raise ScslabError(
                f'the run has no regime "{name}"', where="--regime", hint=near(name, known)
            )
    return [name for name in known if name in asked]


def one_regime(run: Run, regime: Regime, study: Study) -> Figures:
    """What drafts of one regime are filled from."""
    use = next(one for one in study.regimes if one.use == regime.id)
    practice = Practice(
        values={".".join(map(str, place)): dated for place, dated in walk_dated(use.practice)},
        sources=study.sources,
        agencies=agencies_of(study, regime),
    )
    return figures(run.tallies, run.measures, regime, run.manifest, practice)


def agencies_of(study: Study, regime: Regime) -> tuple[str, ...]:
    """The agencies that write down acts which the rules speak about."""
    acts = {name for name in regime.rates if "/" not in name}
    acts |= {act for x in regime.lists.values() for g in x.grounds.values() for act in g.acts}
    return tuple(name for name, agency in study.agencies.items() if acts & set(agency.sees))


def bound(run: Run, kind: str, chapters: Sequence[ImpactDraft]) -> ImpactDocument:
    """Chapters as one document."""
    manifest = run.manifest
    title = chapters[0].title if len(chapters) == 1 else f"{KINDS[kind][0]}: {manifest['title']}"
    return ImpactDocument(
        kind=kind,
        title=title,
        study=manifest["study"],
        seed=manifest["seed"],
        months=(manifest["first_month"], manifest["last_month"]),
        fingerprint=manifest["fingerprint"],
        version=manifest["versions"]["scslab"],
        chapters=tuple(chapters),
        warnings=tuple(manifest["warnings"]),
    )
