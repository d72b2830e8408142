"""Every quantity that the ledger can produce, with the wordings that mean it.

Own entries are those of the ledger's file; automatic ones come from the labels of variables and
answers and count only where no own entry fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scslab.core.errors import ScslabError, moved_to
from scslab.core.yamlfile import Document, Place
from scslab.evaluation.ledger.convert import Models, Variables, as_code, measure_of, where_of
from scslab.evaluation.ledger.effects import Effect, effects
from scslab.evaluation.ledger.model import LedgerFile
from scslab.evaluation.ledger.patterns import expand, plain
from scslab.evaluation.ledger.records import (
    Coefficient,
    Coefficients,
    Distribution,
    Mean,
    Measure,
    Share,
    Where,
)
from scslab.evaluation.ledger.words import Tokens, bag, raw_tokens, tokens
from scslab.survey.answers import Variable

# Answers that say nothing without their question.
BARE_WORDS = """
neither nor without not other yes agree disagree chosen helpful little lot never much many full
fully weekly daily high medium low somebody else
"""
BARE = frozenset(BARE_WORDS.split())
YES = frozenset(("yes", "chosen", "agree", "agrees", "selected", "ticked", "true"))
PLACES = frozenset(("urban", "rural", "city", "town"))
HOMES = frozenset(raw_tokens("residence residential living area place settlement home locality"))
MOST_LABELS = 8  # answers of a scale whose neighbours are joined: "somewhat or strongly approve"


@dataclass(frozen=True)
class Entry:
    """A quantity and its wordings.

    `words` are the wordings of a plain figure and `bags` the same without their order, `effects`
    those of a coefficient; `texts` are the wordings as written, all alternatives apart.
    """

    says: str
    measure: Measure
    among: Where
    words: frozenset[Tokens]
    effects: frozenset[Effect]
    own: bool
    texts: tuple[str, ...] = ()
    bags: frozenset[frozenset[str]] = frozenset()

    @property
    def target(self) -> tuple[Measure, Where]:
        """What it measures, whatever it is called."""
        return self.measure, self.among


def entry(says: Iterable[str], measure: Measure, among: Where, own: bool, shown: str) -> Entry:
    """An entry of some wordings, patterns resolved."""
    texts = tuple(says)
    if isinstance(measure, Coefficients):
        found = frozenset(e for text in texts for e in effects(text)[:1])
        both = frozenset(x | (y or frozenset()) | {"effect"} for x, y in found)
        return Entry(shown, measure, among, frozenset(), found, own, texts, both)
    words = {tokens(text) for text in texts}
    if isinstance(measure, Share) and len(measure.of) == 1:
        # One person gives one answer, so "somewhat and strongly" is "somewhat or strongly".
        words |= {tuple(w for w in seq if w != "or") for seq in words}
    kept = frozenset(words - {()})
    return Entry(shown, measure, among, kept, frozenset(), own, texts, frozenset(map(bag, kept)))


def own_entries(file: LedgerFile, variables: Variables, models: Models) -> list[Entry]:
    """The quantities of a ledger's file.

    Raises
    ------
    ScslabError
        An unknown variable, code or model, with its line.
    """
    found = []
    for i, spec in enumerate(file.ledger.quantities):
        place: Place = ("quantities", i)
        measure = measure_of(spec, variables, models, file.document, place)
        among = where_of(spec.among, variables, file.document, (*place, "among"))
        texts = all_wordings(spec.says, file.document, (*place, "says"))
        found.append(entry(texts, measure, among, True, plain(spec.says[0])))
    return found


def all_wordings(patterns: list[str], document: Document, place: Place) -> list[str]:
    """All wordings of some patterns.

    Raises
    ------
    ScslabError
        A pattern that cannot be read, with its line.
    """
    found: list[str] = []
    for i, pattern in enumerate(patterns):
        try:
            found += expand(pattern)
        except ScslabError as error:
            raise moved_to(error, document.where((*place, i))) from error
    return found


def automatic_entries(variables: Variables, models: Models) -> list[Entry]:
    """What the labels of variables and answers say by themselves."""
    found: list[Entry] = []
    for variable in variables.values():
        if variable.kind != "number":
            continue
        found += list(shares(variable))
        if variable.measure != "nominal" or not variable.labels:
            found.append(of_variable(variable, Mean(variable.name), "mean "))
        if len(variable.labels) > 1:
            parts = tuple((as_code(c),) for c in sorted(variable.labels, key=float))
            distribution = Distribution(variable.name, parts)
            found.append(of_variable(variable, distribution, "distribution of "))
    for name, model in models.items():
        for predictor in model.predictors:
            if predictor in variables and model.outcome in variables:
                found.append(of_model(name, variables[predictor], variables[model.outcome]))
    return [one for one in found if one.words or one.effects]


def of_variable(variable: Variable, measure: Measure, before: str) -> Entry:
    """A figure of a whole variable, by its label: bare names are for formal expressions."""
    says = [variable.says]
    return entry([*says, *(before + s for s in says)], measure, (), False, before + variable.says)


def names(variable: Variable) -> list[str]:
    """How a variable can be called."""
    return list(dict.fromkeys([variable.says, variable.name.replace("_", " ")]))


def shares(variable: Variable) -> Iterator[Entry]:
    """Shares of single answers, of neighbouring answers joined, and of "yes"."""
    labels = {as_code(c): text for c, text in sorted(variable.labels.items(), key=by_code)}
    codes = list(labels)
    if is_yes_no(variable):
        yes = Share(((variable.name, (1.0,)),))
        yield entry([variable.says], yes, (), False, variable.says)
    size = len(codes)
    for first in range(size):
        for last in range(first, size):
            joined = last > first
            if joined and (size > MOST_LABELS or last - first == size - 1):
                continue
            inside = codes[first : last + 1]
            if not all(says_something(labels[c]) for c in inside):
                continue
            text = " or ".join(labels[c] for c in inside)
            says = [f"{name} {text}" for name in names(variable)]
            alone_says = all(is_home(labels[c], variable) for c in inside) and (
                joined or alone(text, variable)
            )
            says += [text] if alone_says else []
            shown = f"{variable.says}: {text}"
            yield entry(says, Share(((variable.name, tuple(inside)),)), (), False, shown)


def is_yes_no(variable: Variable) -> bool:
    """Whether a variable says by 1 that its label holds, such as a tick; sex does not.

    Examples
    --------
    >>> is_yes_no(Variable("party", labels={0: "no", 1: "yes"}))
    True
    >>> is_yes_no(Variable("sex", labels={0: "female", 1: "male"}))
    False
    """
    codes = {as_code(c) for c in variable.labels}
    return codes == {0.0, 1.0} and variable.labels[1].lower() in YES


def alone(label: str, variable: Variable) -> bool:
    """Whether an answer can be meant without its question being named.

    Not "other" or "a little", nor "helpful" where another answer is "very helpful".

    Examples
    --------
    >>> scale = Variable("use", labels={1: "helpful", 2: "very helpful"})
    >>> alone("very helpful", scale), alone("helpful", scale)
    (True, False)
    """
    mine = set(tokens(label))
    others = [set(tokens(text)) for text in variable.labels.values() if text != label]
    return bool(mine - BARE) and not any(mine <= other for other in others)


def is_home(label: str, variable: Variable) -> bool:
    """Whether "urban" or "rural" tells where one lives, not a registration; of others true.

    Examples
    --------
    >>> is_home("rural", Variable("hukou", "Urban household registration"))
    False
    >>> is_home("rural", Variable("residence")), is_home("male", Variable("sex"))
    (True, True)
    """
    return PLACES.isdisjoint(tokens(label)) or not HOMES.isdisjoint(words_of_name(variable))


def words_of_name(variable: Variable) -> Tokens:
    """The words of a variable's name and label, none dropped."""
    return raw_tokens(f"{variable.name.replace('_', ' ')} {variable.label}")


def says_something(label: str) -> bool:
    """Whether an answer has a telling word: "both" has none."""
    return bool(tokens(label))


def by_code(item: tuple[float | str, str]) -> tuple[bool, float | str]:
    """Order of codes: numbers, then texts."""
    return isinstance(item[0], str), item[0]


def of_model(name: str, predictor: Variable, outcome: Variable) -> Entry:
    """A coefficient of a model by the labels of its predictor and outcome."""
    says = names(predictor)
    if set(map(as_code, predictor.labels)) == {0.0, 1.0}:
        label = predictor.labels[1]
        bare = [label] if is_home(label, predictor) else []
        says = [*says, *bare, *(f"{s} {label}" for s in says)]
    texts = [f"effect of {x} on {y}" for x in says for y in names(outcome)]
    measure = Coefficients((Coefficient(name, predictor.name),))
    return entry(texts, measure, (), False, f"{texts[0]} in model {name}")
