"""A ledger for many findings and seeds: what each asks of a wave, its role, and its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scslab.analysis.sample import Sample
from scslab.evaluation.findings import Finding, findings
from scslab.evaluation.ledger.agree import agree, not_produced
from scslab.evaluation.ledger.convert import Models, Variables, as_code
from scslab.evaluation.ledger.index import Index, make_index
from scslab.evaluation.ledger.measure import Model, Rates, measure
from scslab.evaluation.ledger.model import LedgerFile
from scslab.evaluation.ledger.parts import words_of
from scslab.evaluation.ledger.records import (
    Distribution,
    LedgerRow,
    Measured,
    NotProduced,
    Role,
    Share,
    Wanted,
)
from scslab.evaluation.ledger.resolve import resolve_by
from scslab.evaluation.ledger.words import bag, tokens
from scslab.survey.answers import Code

Target = tuple[object, object]


@dataclass(frozen=True)
class Item:
    """A finding, what it asks of a wave, and its role; `known` is the reason of a known miss."""

    finding: Finding
    wanted: Wanted | NotProduced
    role: Role
    known: str = ""


def ledger_items(
    wished: Iterable[Finding],
    file: LedgerFile,
    variables: Variables,
    models: Models,
    known: Mapping[str, Finding] | None = None,
) -> list[Item]:
    """What each finding asks of the ledger's wave.

    Parameters
    ----------
    wished : iterable of Finding
        Those to be printed.
    variables, models
        See `make_index`.
    known : mapping of id to Finding, optional
        The findings that the ledger's roles and reasons name; by default those of the package.

    Raises
    ------
    ScslabError
        The ledger names what there is not.
    """
    index = make_index(file, variables, models)
    names = findings() if known is None else known
    roles = role_targets(file, index, names)
    found = []
    for one in wished:
        wanted = resolve_by(one, index)
        role = role_of(one, wanted, file, index, roles, names)
        same = says_the_same(one, names.get(one.id))
        found.append(Item(one, wanted, role, file.ledger.reasons.get(one.id, "") if same else ""))
    return found


def measure_items(
    items: Iterable[Item], sample: Sample, model: Model, rates: Rates
) -> dict[str, Measured]:
    """The figures of one wave by finding; those that cannot be produced are not in it."""
    return {
        item.finding.id: measure(item.wanted, sample, model, rates)
        for item in items
        if isinstance(item.wanted, Wanted)
    }


def ledger_rows(items: Iterable[Item], seeds: Sequence[Mapping[str, Measured]]) -> list[LedgerRow]:
    """One row a finding from the figures of all seeds."""
    rows = []
    for item in items:
        if isinstance(item.wanted, NotProduced):
            rows.append(not_produced(item.finding, item.wanted, item.role))
            continue
        measured = [found[item.finding.id] for found in seeds if item.finding.id in found]
        row = agree(item.finding, measured, item.role)
        if item.wanted.of_some:
            row = replace(row, notes=(*row.notes, item.wanted.of_some))
        rows.append(replace(row, reason=item.known) if row.agrees == "no" else row)
    return rows


def role_targets(
    file: LedgerFile, index: Index, known: Mapping[str, Finding]
) -> dict[Target, Role]:
    """What the fitted and the input findings measure."""
    found: dict[Target, Role] = {}
    roles: tuple[tuple[Role, list[str]], ...] = (
        ("fitted", file.ledger.roles.fitted),
        ("input", file.ledger.roles.input),
    )
    for role, ids in roles:
        for name in ids:
            wanted = resolve_by(known[name], index) if name in known else None
            if isinstance(wanted, Wanted):
                found[target(wanted, index, role)] = role
    return found


def role_of(
    finding: Finding,
    wanted: Wanted | NotProduced,
    file: LedgerFile,
    index: Index,
    targets: Mapping[Target, Role],
    known: Mapping[str, Finding],
) -> Role:
    """Whether the study was tuned to a finding.

    An id counts only with the same quantity and group: files from elsewhere use ids of their own.
    What measures the same as a fitted finding is fitted whatever it is called, and so is a share
    that follows from fitted ones; every share of an input variable is input.
    """
    if isinstance(wanted, Wanted):
        roles: tuple[Role, ...] = ("input", "fitted")
        for role in roles:
            if targets.get(target(wanted, index, role)) == role:
                return role
        return "fitted" if follows(wanted, targets, index) else "held out"
    if says_the_same(finding, known.get(finding.id)):
        if finding.id in file.ledger.roles.fitted:
            return "fitted"
        if finding.id in file.ledger.roles.input:
            return "input"
    return "held out"


def target(wanted: Wanted, index: Index, role: Role) -> Target:
    """What a figure measures, the same for a share and the share of the rest."""
    measure = wanted.measure
    if not isinstance(measure, Share) or len(measure.of) != 1:
        return measure, wanted.where
    ((name, codes),) = measure.of
    if role == "input":
        return (name, measure.base, "input"), wanted.where
    labelled = {as_code(c) for c in index.variables[name].labels}
    rest = frozenset(labelled - set(codes)) if set(codes) <= labelled else frozenset()
    both = frozenset((frozenset(codes), rest)) if rest else frozenset((frozenset(codes),))
    return (name, measure.base, both), wanted.where


def follows(wanted: Wanted, targets: Mapping[Target, Role], index: Index) -> bool:
    """Whether a share, or each part of a distribution, is a sum or difference of fitted shares.

    Those of one variable with the same base and group, and that all answers add to one, are known:
    of 1 = a + b + c the share c follows from a and b, of a = b + c that of c.
    """
    measure = wanted.measure
    if isinstance(measure, Share) and len(measure.of) == 1:
        ((name, codes),) = measure.of
        base, asked = measure.base, [frozenset(codes)]
    elif isinstance(measure, Distribution):
        name, base, asked = measure.variable, "valid", [frozenset(p) for p in measure.parts]
    else:
        return False
    variable = index.variables[name]
    every = {as_code(c) for c in variable.labels}
    if base == "everybody":
        every |= {m.reason for m in variable.missing}
    known = [frozenset(every)]
    for (what, where), role in targets.items():
        if role == "fitted" and where == wanted.where and isinstance(what, tuple):
            of, of_base, sets = what
            known += list(sets) if (of, of_base) == (name, base) else []
    return len(known) > 1 and spans(known, asked)


def spans(known: Sequence[frozenset[Code]], asked: Sequence[frozenset[Code]]) -> bool:
    """Whether the shares of some sets of answers follow from those of others, by their ranks.

    Examples
    --------
    >>> whole, approve, neutral = frozenset({1, 2, 3, 4}), frozenset({3, 4}), frozenset({2})
    >>> spans([whole, approve, neutral], [frozenset({1})]), spans([whole], [approve])
    (True, False)
    >>> overlapping = [whole, frozenset({1, 2}), frozenset({2, 3})]
    >>> spans(overlapping, [frozenset({4})])
    False
    """
    codes = list(frozenset().union(*known, *asked))
    rows = [[float(c in one) for c in codes] for one in (*known, *asked)]
    rank = np.linalg.matrix_rank
    return bool(rank(np.array(rows)) == rank(np.array(rows[: len(known)])))


def says_the_same(one: Finding, other: Finding | None) -> bool:
    """Whether two findings are of the same kind, quantity and group in their own words."""
    return (
        other is not None
        and one.kind == other.kind
        and bag(tokens(one.quantity)) == bag(tokens(other.quantity))
        and words_of(one.group) == words_of(other.group)
    )
