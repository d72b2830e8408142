"""Read a ledger of findings and check its sense."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from scslab.core.errors import ScslabError, near
from scslab.core.shapes import fit
from scslab.core.yamlfile import Document, Place, parse, read
from scslab.evaluation.findings import findings
from scslab.evaluation.ledger.convert import MEASURES
from scslab.evaluation.ledger.effects import effects
from scslab.evaluation.ledger.entries import all_wordings
from scslab.evaluation.ledger.model import Ledger, LedgerFile, MeasureSpec
from scslab.evaluation.ledger.parts import words_of
from scslab.evaluation.ledger.words import NEGATORS, bag, tokens

# Wordings of one such word would fit nearly everything: "users" of what?
EMPTY = {frozenset((f"{word}:",)) for word in NEGATORS} | {
    frozenset((word,)) for word in ("use", "member")
}


def read_ledger(path: str | Path, known: Collection[str] | None = None) -> LedgerFile:
    """Read and check a ledger.

    Parameters
    ----------
    path : str or Path
    known : collection of str, optional
        Ids of findings that roles and reasons may name; by default those of the package.

    Raises
    ------
    ScslabError
        The first mistake, with file and line.
    """
    return check_ledger(read(Path(path)), known)


def parse_ledger(
    text: str, name: str = "findings.yaml", known: Collection[str] | None = None
) -> LedgerFile:
    """Check a ledger given as text."""
    return check_ledger(parse(text, name), known)


def check_ledger(document: Document, known: Collection[str] | None = None) -> LedgerFile:
    """Shape and sense of a ledger; what it says of variables is checked by `make_index`."""
    data = document.data
    if isinstance(data, dict) and "ledger" not in data:
        raise ScslabError(
            "this is not a ledger of findings",
            where=document.name,
            expected="a file that begins with ledger: ledger/1",
        )
    ledger = fit(Ledger, document)
    for i, spec in enumerate(ledger.quantities):
        check_measure(spec, document, ("quantities", i))
    check_quantities(ledger, document)
    check_groups(ledger, document)
    check_ids(ledger, document, findings() if known is None else known)
    return LedgerFile(ledger, document)


def check_measure(spec: MeasureSpec, document: Document, place: Place) -> None:
    """Exactly one measure, and nothing empty in it; also for rows of a paper's tables.

    Raises
    ------
    ScslabError
        With the line.
    """
    given = [name for name in MEASURES if getattr(spec, name) is not None]
    if len(given) != 1:
        raise ScslabError(
            "a quantity is measured in exactly one way",
            where=document.where(place),
            got=" and ".join(given) or "none",
            expected=", ".join(MEASURES),
        )
    if spec.base != "valid" and spec.share is None:
        raise ScslabError("only a share has a base", where=document.where((*place, "base")))
    here = document.where((*place, given[0]))
    if spec.share is not None and not spec.share:
        raise ScslabError("a share of no answer", where=here, expected="{variable: [codes]}")
    if spec.distribution is not None and len(spec.distribution) != 1:
        raise ScslabError("a distribution is of one variable", where=here)
    coefficient = spec.coefficient
    if coefficient is not None:
        one = (coefficient.model is not None, coefficient.name is not None)
        if all(one) == bool(coefficient.all_of) or any(one) != all(one):
            raise ScslabError(
                "a coefficient is one of a model, or a list",
                where=here,
                expected="{model: m1, name: age} or {all_of: [{model: m1, name: age}, ...]}",
            )


def check_quantities(ledger: Ledger, document: Document) -> None:
    """No wording means two quantities.

    Raises
    ------
    ScslabError
        With the lines of both.
    """
    seen: dict[object, int] = {}
    for i, spec in enumerate(ledger.quantities):
        sort = next(name for name in MEASURES if getattr(spec, name) is not None)
        for text in all_wordings(spec.says, document, ("quantities", i, "says")):
            meant: object = bag(tokens(text))
            if sort == "coefficient":
                meant = effects(text)[0] if effects(text) else frozenset()
            if not meant or meant in EMPTY:
                raise empty_wording(text, document, ("quantities", i, "says"))
            check_first(seen, (sort, meant), i, text, document, "quantities")


def check_groups(ledger: Ledger, document: Document) -> None:
    """No wording means two groups.

    Raises
    ------
    ScslabError
        With the lines of both.
    """
    seen: dict[object, int] = {}
    for i, spec in enumerate(ledger.groups):
        for text in all_wordings(spec.says, document, ("groups", i, "says")):
            words = words_of(text)
            if (not words or words in EMPTY) and spec.where:
                raise empty_wording(text, document, ("groups", i, "says"))
            check_first(seen, words, i, text, document, "groups")


def check_first(
    seen: dict[object, int], meant: object, i: int, text: str, document: Document, key: str
) -> None:
    """Whether this wording belongs to no item before."""
    first = seen.setdefault(meant, i)
    if first != i:
        raise ScslabError(
            f'"{text}" means two {key}',
            where=document.where((key, i, "says")),
            got=f"also at line {document.lines.get((key, first), 1)}",
            why="case, order, plurals and small words do not tell wordings apart",
        )


def empty_wording(text: str, document: Document, place: Place) -> ScslabError:
    """A wording without a telling word."""
    return ScslabError(
        "this wording says too little",
        where=document.where(place),
        got=text,
        why="articles, small words and what is common to all findings do not count",
    )


def check_ids(ledger: Ledger, document: Document, known: Collection[str]) -> None:
    """Roles and reasons name findings that there are, each in one role.

    Raises
    ------
    ScslabError
        With the line.
    """
    listed: list[tuple[str, Place]] = [(i, ("reasons", i)) for i in ledger.reasons]
    for role in ("fitted", "input"):
        ids: Iterable[str] = getattr(ledger.roles, role)
        listed += [(name, ("roles", role, i)) for i, name in enumerate(ids)]
    for name, place in listed:
        if name not in known:
            raise ScslabError(
                f'no finding "{name}"', where=document.where(place), hint=near(name, known)
            )
    roles = [(name, place) for name, place in listed if place[0] == "roles"]
    for k, (name, place) in enumerate(roles):
        if name in [other for other, _ in roles[:k]]:
            raise ScslabError(f'"{name}" has two roles', where=document.where(place))


def ledger_schema() -> dict[str, Any]:
    """The JSON Schema of a ledger of findings."""
    return Ledger.model_json_schema(by_alias=True)
