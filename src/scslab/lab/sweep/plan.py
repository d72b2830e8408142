"""The plan of a sweep: all that decides its cases, from its file and its study, before any run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scslab.core.errors import ScslabError
from scslab.core.ledger import fingerprint, text_hash, version, versions
from scslab.core.yamlfile import Document
from scslab.lab.folder import society_hash
from scslab.lab.sweep.ends import workable
from scslab.lab.sweep.factors import find_levers
from scslab.lab.sweep.levers import Lever
from scslab.lab.sweep.outcomes import DEFAULT, Outcome, parse_outcome
from scslab.lab.sweep.paths import SAFEGUARDS, plain_study, spots
from scslab.lab.sweep.problems import groups_of, problem_of
from scslab.lab.sweep.samplers import Design, make_design
from scslab.lab.world import World, read_rules, shortened
from scslab.regimes.safeguard import names_of, read_safeguard
from scslab.study.find import find_study
from scslab.study.read import StudyFile, read_study
from scslab.study.sweep import SweepFile, check_sweep

DEFAULT_CASES = 256
DEFAULT_PERSONS = 100_000  # of a sweep that no file describes, where the study has more
NUMBERS = re.compile(r"(\d+)(?:-(\d+))?\Z")


@dataclass(frozen=True)
class Plan:
    """A sweep that is ready to run.

    Attributes
    ----------
    sweep : SweepFile
    file : StudyFile
        The study without what a sweep does not read, cut to its months.
    levers : tuple of Lever
        The factors and what they move, in the order of the design.
    left_out : tuple of str
        Assumptions that cannot matter, and why.
    design : Design
    outcomes : tuple of Outcome
    """

    sweep: SweepFile
    file: StudyFile
    levers: tuple[Lever, ...]
    left_out: tuple[str, ...]
    design: Design
    outcomes: tuple[Outcome, ...]

    @property
    def persons(self) -> int:
        """Simulated persons of a run, where no factor sets them."""
        return self.sweep.spec.persons or self.file.study.society.persons

    @property
    def seeds(self) -> range:
        """The seeds of the runs of each case."""
        spec = self.sweep.spec
        return range(spec.seed, spec.seed + spec.replications)

    @property
    def every(self) -> bool:
        """Whether each month is measured by itself."""
        return self.sweep.spec.at != "end"

    @property
    def problem(self) -> dict[str, Any]:
        """The problem in SALib's words."""
        names = [outcome.text for outcome in self.outcomes]
        return problem_of(self.design.factors, names, self.design.groups)


def make_plan(sweep: SweepFile) -> Plan:
    """Find the study, its factors and the cases of a sweep.

    Raises
    ------
    ScslabError
        Whatever is wrong with the sweep or its study, as far as it shows without a society.
    """
    spec, where = sweep.spec, sweep.document.where
    file = plain_study(read_study(study_path(sweep)))
    if spec.months is not None:
        try:
            file = shortened(file, spec.months)
        except ScslabError as error:
            at = where(("months",))
            raise ScslabError(error.what, where=at, got=spec.months) from error
    read_rules(file)  # what is wrong without the sweep is told as it is
    known = spots(file)
    found, left_out = find_levers(sweep, file, known, file.months)
    levers, more = workable(sweep, file, found)
    left_out += more
    factors = [lever.factor for lever in levers]
    groups = groups_of(factors, spec.groups, sweep.document)
    design = make_design(factors, spec.sampler, spec.seed, groups, sweep.document)
    names = spec.outcomes if spec.outcomes is not None else list(DEFAULT)
    outcomes = [parse_outcome(n, where(("outcomes", i))) for i, n in enumerate(names)]
    taken = next((n for n in names if n in {f.name for f in factors}), None)
    if taken is not None:
        raise ScslabError(f'"{taken}" is a factor and an outcome', where=where(("factors", taken)))
    return Plan(sweep, file, tuple(levers), tuple(left_out), design, tuple(outcomes))


def study_path(sweep: SweepFile) -> str | Path:
    """Where the study of a sweep is: beside its file, here, or among those shipped."""
    named = sweep.spec.study
    if sweep.folder is not None and (sweep.folder / named).exists():
        return sweep.folder / named
    try:
        return find_study(named)
    except ScslabError as error:
        at = sweep.document.where(("study",))
        raise ScslabError(error.what, where=at, got=named, hint=error.hint) from error


def default_sweep(study: StudyFile, named: str) -> SweepFile:
    """A sweep over all assumptions of a study, where there is no file: a Latin hypercube.

    Parameters
    ----------
    study : StudyFile
    named : str
        How the study is found: its name or path.
    """
    data = {
        "schema": "sweep/1",
        "id": study.study.id,
        "study": named,
        "persons": min(study.study.society.persons, DEFAULT_PERSONS),
        "assumptions": "all",
        "sampler": {"method": "lhs", "cases": DEFAULT_CASES},
    }
    return check_sweep(Document("sweep of all assumptions", data, {}))


def changed_sweep(sweep: SweepFile, changes: dict[str, Any]) -> SweepFile:
    """A sweep with other settings (persons, seed, sampler ...); None leaves one as it is."""
    changes = {key: value for key, value in changes.items() if value is not None}
    if not changes:
        return sweep
    data = sweep.document.data | changes
    document = Document(sweep.document.name, data, sweep.document.lines)
    return check_sweep(document, "", sweep.folder)


def mark(plan: Plan, base: World) -> str:
    """Fingerprint of all that decides the results of a sweep, whichever case is run where."""
    digest = hashlib.sha256(plan.design.positions.tobytes()).hexdigest()
    study = plan.file.study.model_dump_json(by_alias=True)
    return fingerprint(
        {
            "version": version(),
            "numba": versions()["numba"],
            "study": text_hash(study),
            "regimes": {r.id: text_hash(r.model_dump_json(by_alias=True)) for r in base.regimes},
            "society": society_hash(base),
            "persons": plan.persons,
            "factors": [asdict(factor) for factor in plan.design.factors],
            "positions": digest,
            "safeguards": {name: text_hash(text) for name, text in laid(plan).items()},
            "outcomes": [outcome.text for outcome in plan.outcomes],
            "every": plan.every,
            "seeds": [plan.seeds.start, plan.seeds.stop],
        }
    )


def laid(plan: Plan) -> dict[str, str]:
    """The safeguards that some level of a factor lays over the rules, and what they say."""
    words = [
        word
        for lever in plan.levers
        if lever.spot.place[-1] == SAFEGUARDS
        for level in lever.factor.levels or ()
        for word in ([level] if isinstance(level, str) else level)
    ]
    folder = plan.file.folder
    return {name: read_safeguard(name, folder).model_dump_json() for name in names_of(words)}


def chosen_cases(text: str, plan: Plan, where: str = "--cases") -> list[int]:
    """Numbers of cases from a text such as "17", "17-32" or "1,4,9-12", in order, each once.

    Raises
    ------
    ScslabError
        Another form, or a number that the sweep does not have.
    """
    found: set[int] = set()
    for part in text.split(","):
        match = NUMBERS.match(part.strip())
        if match is None:
            raise ScslabError(
                "these are no cases", where=where, got=text, expected="numbers such as 17 or 17-32"
            )
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= plan.design.cases:
            raise ScslabError(
                "the sweep has no such case",
                where=where,
                got=part.strip(),
                expected=f"1 to {plan.design.cases}",
            )
        found |= set(range(first, last + 1))
    return sorted(found)


def runs_of(numbers: Sequence[int]) -> str:
    """Numbers of cases in short, as --cases and SLURM take them.

    Examples
    --------
    >>> runs_of([1, 2, 3, 7, 9, 10])
    '1-3,7,9-10'
    """
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] == number - 1:
            parts[-1][1:] = [number]
        else:
            parts.append([number])
    return ",".join("-".join(map(str, part)) for part in parts)
