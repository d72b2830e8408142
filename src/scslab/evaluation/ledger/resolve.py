"""From a finding's wording to what is measured, or to the reason why it is not.

A finding is produced only when its wording means one quantity and one group for certain. An id
never decides: files from elsewhere may use the same ids for other findings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scslab.core.errors import ScslabError
from scslab.evaluation.findings import Finding
from scslab.evaluation.ledger.convert import LOG_ODDS, Models, Variables
from scslab.evaluation.ledger.effects import HEAD, odd_word, unclear_sign, undenied
from scslab.evaluation.ledger.entries import Entry
from scslab.evaluation.ledger.formal import formal_measure
from scslab.evaluation.ledger.groups import LONGEST, group_words, resolve_group
from scslab.evaluation.ledger.index import FITS, Index, is_of, make_index
from scslab.evaluation.ledger.lists import listed_parts
from scslab.evaluation.ledger.matching import matching, nearest, other_scale, readings
from scslab.evaluation.ledger.model import LedgerFile
from scslab.evaluation.ledger.parts import joined, rest_of
from scslab.evaluation.ledger.records import (
    Change,
    Coefficients,
    Distribution,
    Mean,
    Measure,
    NotProduced,
    Rate,
    Share,
    Wanted,
    Where,
)
from scslab.evaluation.ledger.words import tokens

NAMES: dict[type, str] = {
    Share: "a share", Mean: "a mean", Coefficients: "an effect", Rate: "a rate",
    Change: "a difference", Distribution: "a distribution",
}  # fmt: skip
MODEL = re.compile(r",?\s*\(?\b(?:in |of )?model\s+([\w-]+)\)?(?!\w)", re.IGNORECASE)
AMONG = re.compile(r"\s+(?:among|amongst|of those|among those)\s+", re.IGNORECASE)
EFFECT = re.compile(rf"\b{HEAD}\b", re.IGNORECASE)
EFFECTS = ("log-odds", "sign")  # kinds of findings
SAMPLE = re.compile(r"^(?:sample|respondents|composition|sample composition)\s*[:,-]\s*", re.I)


def resolve(
    finding: Finding, ledger: LedgerFile, variables: Variables, models: Models
) -> Wanted | NotProduced:
    """What a finding asks of a wave, or why it cannot be produced.

    For many findings make the index once: `resolve_by(finding, make_index(...))`.

    Raises
    ------
    ScslabError
        The ledger names what there is not.
    """
    return resolve_by(finding, make_index(ledger, variables, models))


def resolve_by(finding: Finding, index: Index) -> Wanted | NotProduced:
    """As `resolve`, by an index that is made already."""
    if finding.kind == "count":
        return NotProduced("a survey of some persons gives no count of all")
    others = [source for source in index.elsewhere if is_of(finding.source, source)]
    if others:
        return NotProduced(f"it is of another survey: {others[0]}")
    if finding.kind not in FITS:
        return NotProduced(f'nothing is known of findings of the kind "{finding.kind}"')
    found = resolve_quantity(finding, index)
    if isinstance(found, NotProduced):
        return found
    within = resolve_group(finding.group, index.groups)
    if isinstance(within, NotProduced):
        return within
    if isinstance(found.measure, Distribution):
        parts = len(finding.value.split("/"))
        if parts != len(found.measure.parts):
            return NotProduced(
                f"{parts} parts are printed, the quantity has {len(found.measure.parts)}"
            )
    return with_limits(placed(found, within), within, index)


def with_limits(found: Wanted | NotProduced, stated: Where, index: Index) -> Wanted | NotProduced:
    """A quantity that says of whom it is, where the ledger limits it and the finding does not."""
    if isinstance(found, NotProduced):
        return found
    limits = tuple(one for one in found.among if one not in stated)
    if not limits:
        return found
    own = index.groups.own
    names = [index.groups.says[words] for words, wheres in own.items() if limits in wheres]
    return replace(found, of_some=f"of {(names or [group_words([limits])])[0]}, as asked")


def placed(found: Wanted, within: Where) -> Wanted | NotProduced:
    """A quantity within a group."""
    if isinstance(found.measure, Rate) and within:
        return NotProduced("a rate of the fieldwork is known for everybody only")
    if isinstance(found.measure, Coefficients):
        if within not in ((), found.where):
            return NotProduced("no model is fitted for this group alone")
        return found
    both = joined(found.where, within)
    if both is None:
        return NotProduced("nobody of this group is counted in the quantity")
    return replace(found, where=both)


def resolve_quantity(finding: Finding, index: Index) -> Wanted | NotProduced:
    """What is measured, and among whom whatever the group; `where` of the result is that."""
    text, kind = finding.quantity.strip(), finding.kind
    try:
        formal = formal_measure(text, index.variables, index.models)
    except ScslabError as error:
        return NotProduced(f"no such expression: {error.what}", error.hint)
    if formal is not None:
        return checked(Wanted(formal, (), text), kind, index)
    noted = MODEL.search(text) or MODEL.search(finding.note)
    model = noted[1] if noted else ""
    text = MODEL.sub("", text)
    if kind in EFFECTS:
        plain = undenied(text)
        if plain != text and (kind, finding.value) != ("sign", "0"):
            why = f"the wording denies an effect, the finding prints {finding.value}"
            return NotProduced(why)
        text = plain
        if why := unclear_sign(text, finding.value):
            return NotProduced(why, "effect of ... on ...")
    found = by_wording(text, kind, model, index)
    if found is None and len(among := AMONG.split(text)) == 2:
        found = among_some(among[0], among[1], kind, model, index)
    if found is None and kind == "share":
        found = composition(text, index)
    return not_found(text, kind, index) if found is None else found


def among_some(
    text: str, group: str, kind: str, noted: str, index: Index
) -> Wanted | NotProduced | None:
    """ "Approves among Party members": a quantity that names its group."""
    found = by_wording(text, kind, noted, index)
    if not isinstance(found, Wanted):
        return found
    within = resolve_group(group, index.groups)
    if isinstance(within, NotProduced):
        return within
    within_it = placed(found, within)
    if isinstance(within_it, NotProduced):
        return within_it
    return replace(within_it, among=tuple(one for one in found.among if one not in within))


def composition(text: str, index: Index) -> Wanted | None:
    """ "Sample: urban", or "urban" alone: the share of a group among all."""
    bare = SAMPLE.sub("", text)
    parts = 1 if bare == text else LONGEST
    within = resolve_group(bare, index.groups, composition=True, parts=parts)
    if isinstance(within, NotProduced) or not within:
        return None
    return Wanted(Share(within), (), f"share of the group: {bare}")


def by_wording(text: str, kind: str, noted: str, index: Index) -> Wanted | NotProduced | None:
    """A quantity by its wording: of the ledger, else by labels."""
    words = readings(text)
    for own in (True, False):
        entries = index.fitting(kind, own)
        for reading in words:
            found = matching(reading, entries, index.variables, index.models)
            if found:
                return chosen(found, noted, kind, index)
        if kind == "share":
            rest = opposite(words[0].text, entries, index)
            if rest is not None:
                return rest
    if kind == "distribution":
        parts = listed_parts(text, index.variables)
        if parts is not None:
            return Wanted(parts, (), "the answers listed")
    return None


def opposite(text: str, entries: Sequence[Entry], index: Index) -> Wanted | None:
    """ "Does not approve": all other answers to the one variable of a share."""
    words = tokens(text)
    if words.count("not") != 1:
        return None
    bare = replace(readings(" ".join(w for w in words if w != "not"))[0])
    found = {
        (rest, e.among)
        for e in matching(bare, entries, index.variables, index.models)
        if isinstance(e.measure, Share)
        and e.measure.base == "valid"
        and (rest := rest_of(e.measure.of, index.variables)) is not None
    }
    if len(found) != 1:
        return None
    ((rest, among),) = found
    return Wanted(Share(rest), among, "the opposite of a share", among)


def chosen(found: Sequence[Entry], noted: str, kind: str, index: Index) -> Wanted | NotProduced:
    """The one entry that a wording means; the model that a finding names goes before others."""
    targets: dict[tuple[Measure, Where], Entry] = {}
    for one in found:
        targets.setdefault(one.target, one)
    wanted = [Wanted(m, among, e.says, among) for (m, among), e in targets.items()]
    wanted = [w for w in wanted if isinstance(checked(w, kind, index), Wanted)] or wanted
    if noted:
        moved = [in_model(w, noted, index) for w in wanted]
        kept = list(dict.fromkeys(m for m in moved if m is not None))
        if not kept:
            return NotProduced(f"model {noted} has no such predictor")
        wanted = kept
    if len(wanted) > 1:
        names = sorted({w.how for w in wanted})
        return NotProduced("the wording fits several quantities", " or ".join(names))
    return checked(wanted[0], kind, index)


def in_model(wanted: Wanted, noted: str, index: Index) -> Wanted | None:
    """The same coefficient in the model that a finding names, where it names one that is known."""
    ids = [i for i in (f"m{noted}", f"model-{noted}", noted) if i in index.models]
    measure = wanted.measure
    if not ids or not isinstance(measure, Coefficients) or len(measure.of) != 1:
        return wanted
    one = measure.of[0]
    if one.model == ids[0]:
        return wanted
    if not index.models[ids[0]].has(one.name):
        return None
    moved = Coefficients((replace(one, model=ids[0]),))
    among = index.among(ids[0])
    return replace(wanted, measure=moved, where=among, among=among)


def checked(wanted: Wanted, kind: str, index: Index) -> Wanted | NotProduced:
    """A quantity whose measure can be printed as the finding's kind."""
    measure = wanted.measure
    if not isinstance(measure, FITS[kind]):
        return NotProduced(f"the quantity is {NAMES[type(measure)]}, the finding's kind is {kind}")
    if kind == "log-odds" and isinstance(measure, Coefficients):
        if len(measure.of) != 1:
            return NotProduced("log-odds are of one coefficient, the quantity has several")
        model = index.models[measure.of[0].model]
        if model.kind not in LOG_ODDS:
            return NotProduced(f"the model is {model.kind}, so its coefficients are no log-odds")
    return wanted


def not_found(text: str, kind: str, index: Index) -> NotProduced:
    """Why a wording was not understood: another kind, or no such quantity."""
    others = [e for e in index.entries if e.own and not isinstance(e.measure, FITS[kind])]
    if not EFFECT.search(text):
        others = [e for e in others if not e.effects]
    for one in matching(readings(text)[0], others, index.variables, index.models)[:1]:
        what = NAMES[type(one.measure)]
        return NotProduced(f"the quantity is {what}, the finding's kind is {kind}", one.says)
    known = [e for e in index.entries if isinstance(e.measure, FITS[kind])]
    why = other_scale(readings(text)[-1], known, index.variables, index.models)
    if why:
        return NotProduced(why)
    if kind in EFFECTS and (word := odd_word(text)):
        return NotProduced(f"{word} before the effect is not understood", nearest(text, known))
    return NotProduced("no quantity of this wording", nearest(text, known))
