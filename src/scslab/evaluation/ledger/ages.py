"""Ages in words: "51 and older", "under 30", "14-30"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scslab.evaluation.ledger.convert import Variables, as_code
from scslab.evaluation.ledger.records import Where
from scslab.evaluation.ledger.words import raw_tokens
from scslab.survey.answers import Code, Variable

N = r"(?<![\d.,-])(\d{2,3})(?!\d|[.,]\d)"
OLD = r"(?:[ -]years?)?(?:[ -]olds?)?"
FORMS: tuple[tuple[re.Pattern[str], str, int, int], ...] = tuple(
    (re.compile(pattern), form, low, high)
    for pattern, form, low, high in (
        (rf"{N}{OLD} ?(?:-|–|—|to|and|through) ?(\d{{2,3}})(?!\d|[.,]\d){OLD}", "both", 0, 0),
        (rf"{N}{OLD} (?:and|or) (?:older|over|above|more){OLD}", "low", 0, 0),
        (rf"{N}\+", "low", 0, 0),
        (rf"(?:at least|from) {N}{OLD}", "low", 0, 0),
        (rf"{N}{OLD} (?:and|or) (?:younger|under|below|less){OLD}", "high", 0, 0),
        (rf"(?:up to|at most) {N}{OLD}", "high", 0, 0),
        (rf"(?:over|above|older than|more than)(?: the age of)? {N}{OLD}", "low", 1, 0),
        (rf"(?:under|below|younger than|less than)(?: the age of)? {N}{OLD}", "high", 0, -1),
    )
)
TOKEN = re.compile(r"age:(\d*)-(\d*)\Z")
OLDEST = 120
YEARS = ("age", "age_years", "years")  # variables of ages in years


def with_ages(text: str) -> str:
    """A wording with its ages as words of the form age:from-to.

    Examples
    --------
    >>> with_ages("women aged 51 and older"), with_ages("under 31"), with_ages("14 to 30 years old")
    ('women aged age:51-', 'age:-30', 'age:14-30')
    """
    found = text.lower()
    for pattern, form, more, less in FORMS:

        def said(match: re.Match[str], form: str = form, more: int = more, less: int = less) -> str:
            first = int(match[1])
            last = int(match[2]) if form == "both" else first
            if max(first, last) > OLDEST or last < first:
                return match[0]
            low = "" if form == "high" else str(first + more)
            high = "" if form == "low" else str(last + less)
            return f"age:{low}-{high}"

        found = pattern.sub(said, found)
    return found


def ages_where(token: str, variables: Variables) -> Where | None:
    """The group of an age token, if it is made of whole classes or ages are known in years."""
    match = TOKEN.match(token)
    if match is None:
        return None
    low = int(match[1]) if match[1] else None
    high = int(match[2]) if match[2] else None
    for variable, classes in age_classes(variables):
        firsts = [c for c in classes if low is None or c[1] >= low]
        inside = [c for c in firsts if high is None or c[2] <= high]
        starts = low is None or (inside and inside[0][1] == low)
        ends = high is None or (inside and inside[-1][2] == high)
        if inside and starts and ends:
            return ((variable.name, tuple(c[0] for c in inside)),)
    for name in YEARS:
        if name in variables and variables[name].kind == "number" and not variables[name].labels:
            years = range(low or 0, (OLDEST if high is None else high) + 1)
            return ((name, tuple(map(float, years))),)
    return None


def age_classes(variables: Variables) -> Iterator[tuple[Variable, list[tuple[Code, int, int]]]]:
    """Variables whose answers are all classes of age: code, first and last year, in order."""
    for variable in variables.values():
        found = []
        for code, label in variable.labels.items():
            words = [w for w in raw_tokens(with_ages(label)) if w.startswith("age:")]
            match = TOKEN.match(words[0]) if len(words) == 1 else None
            if match is None:
                break
            found.append((as_code(code), int(match[1] or 0), int(match[2] or OLDEST)))
        else:
            if len(found) > 1:
                yield variable, sorted(found, key=lambda c: c[1])


def classes_words(variables: Variables) -> str:
    """The classes of age that there are, for a message."""
    return "; ".join(
        f"{v.says}: " + ", ".join(v.labels[c] for c, _, _ in classes)
        for v, classes in age_classes(variables)
    )
