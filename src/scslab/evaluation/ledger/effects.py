"""Wordings of effects, taken apart into what has the effect and what it is on."""

from __future__ import annotations

import re
from functools import cache

from scslab.evaluation.ledger.words import bag, tokens

Effect = tuple[frozenset[str], frozenset[str] | None]  # the words of cause and outcome

# No correlation and no odds: they are other figures than a model's coefficient.
HEAD = (
    r"(?:effects?|associations?|influences?|impacts?|relation(?:ship)?s?|links?"
    r"|coefficients?|log-odds)"
)
# All that may stand before an effect: any other word (no, interaction, indirect, unadjusted,
# marginal, standardised, positive) means another figure.
ONLY = r"(?:the |an? )?(?:estimated )?"
FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^{ONLY}{HEAD} (?:of|for) (?P<x>.+) on (?P<y>.+)$",
        rf"^{ONLY}{HEAD} between (?P<x>.+) and (?P<y>.+)$",
        rf"^{ONLY}{HEAD} of (?P<x>.+) (?:with|in) (?P<y>.+)$",
        rf"^{ONLY}{HEAD} on (?P<y>.+?) (?:of|from|by) (?P<x>.+)$",
        rf"^(?P<x>.+?) (?:has|have|had) {ONLY}{HEAD} on (?P<y>.+)$",
        rf"^(?P<x>.+?)[:,] ?{HEAD} on (?P<y>.+)$",
        r"^(?P<x>.+) (?:increases?|raises?|predicts?|affects?) (?P<y>.+)$",
        rf"^{ONLY}{HEAD} (?:of|for) (?P<x>.+)$",
        rf"^(?P<x>.+?)[:,]? \(?{HEAD}\)?$",
        r"^(?P<x>.+) on (?P<y>.+)$",
        r"^(?P<x>.+)$",
    )
)
# Words that say that something is a dummy, not of what.
EMPTY = frozenset(("dummy", "indicator", "variable", "scale", "level", "degree"))
NONE = r"no (?:(?:statistically )?significant )?"
DENIALS = tuple(
    (re.compile(pattern, re.IGNORECASE), by)
    for pattern, by in (
        (rf"^(?:there is )?{NONE}({HEAD} (?:of|for|on|between) )", r"\1"),
        (rf"\b(has|have|had) {NONE}({HEAD} on )", r"\1 an \2"),
        (
            r"\b(?:does not|do not|did not|doesn['’]t|don['’]t|didn['’]t)"
            r" (?:significantly )?(?:affect|influence|predict|change|increase|raise)\b",
            "affects",
        ),
    )
)
LOWERS = re.compile(r"\b(lowers|reduces|decreases|diminishes|weakens)\b(?= \w)", re.IGNORECASE)
RAISES = re.compile(r"\b(increases?|raises?)\b(?= \w)", re.IGNORECASE)
BEFORE = tuple(
    re.compile(rf"{start}(?P<words>(?:[\w-]+ )+?){HEAD} (?:of|for|on|between)\b", re.IGNORECASE)
    for start in (r"\b(?:has|have|had) ", r"(?:^|[:,] ?)")
)
ARTICLES = ("the", "a", "an", "estimated")


@cache
def effects(text: str) -> tuple[Effect, ...]:
    """The ways to read a wording as an effect, the most likely first.

    Examples
    --------
    >>> x, y = effects("effect of time on smartphone on approval")[0]
    >>> sorted(x), sorted(y)
    (['smartphon', 'tim'], ['approve'])
    """
    plain = " ".join(text.lower().split())
    found: dict[Effect, None] = {}
    for form in FORMS:
        match = form.match(plain)
        if match is None:
            continue
        parts = match.groupdict()
        x = bag(tokens(parts["x"])) - EMPTY
        y = bag(tokens(parts["y"])) - EMPTY if parts.get("y") else None
        if x:
            found[x, y] = None
    return tuple(found)


def undenied(text: str) -> str:
    """A wording that denies an effect as one that names it; any other as it is.

    Examples
    --------
    >>> undenied("age has no effect on approval"), undenied("no effect of age")
    ('age has an effect on approval', 'effect of age')
    >>> undenied("age does not affect approval")
    'age affects approval'
    """
    for pattern, by in DENIALS:
        found, changed = pattern.subn(by, " ".join(text.split()))
        if changed:
            return found
    return text


def unclear_sign(text: str, value: str) -> str:
    """Why the sign that is printed for a wording may mean two things, or "".

    "Age lowers approval, -" may be a negative effect, or one against what is said.

    Examples
    --------
    >>> unclear_sign("age raises approval", "+"), unclear_sign("effect of age on approval", "-")
    ('', '')
    >>> unclear_sign("age lowers approval", "-")
    'whether the sign printed is that of "lowers" or of the effect is not certain'
    """
    match = LOWERS.search(text)
    if match is None and value.startswith("-") and not re.search(rf"\b{HEAD}\b", text, re.I):
        match = RAISES.search(text)
    if match is None:
        return ""
    return f'whether the sign printed is that of "{match[1]}" or of the effect is not certain'


def odd_word(text: str) -> str:
    """The first word before "effect" that makes it another figure, in quotation marks, or "".

    Examples
    --------
    >>> odd_word("the average marginal effect of age on approval"), odd_word("effect of age")
    ('"average"', '')
    """
    for form in BEFORE:
        match = form.search(" ".join(text.split()))
        for word in match["words"].split() if match else ():
            if word.lower() not in ARTICLES:
                return f'"{word}"'
    return ""
