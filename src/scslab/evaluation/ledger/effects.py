"""Wordings of effects, taken apart into what has the effect and what it is on."""

from __future__ import annotations

import re
from functools import cache

from scslab.evaluation.ledger.words import bag, tokens

Effect = tuple[frozenset[str], frozenset[str] | None]  # the words of cause and outcome

HEAD = (
    r"(?:effects?|associations?|influences?|impacts?|relation(?:ship)?s?|links?|correlations?"
    r"|coefficients?|odds|log-odds)"
)
FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^(?:the |an? )?(?:[\w-]+ )?{HEAD} (?:of|for) (?P<x>.+) on (?P<y>.+)$",
        rf"^(?:the |an? )?(?:[\w-]+ )?{HEAD} between (?P<x>.+) and (?P<y>.+)$",
        rf"^(?:the |an? )?(?:[\w-]+ )?{HEAD} of (?P<x>.+) (?:with|in) (?P<y>.+)$",
        rf"^(?:the |an? )?(?:[\w-]+ )?{HEAD} on (?P<y>.+?) (?:of|from|by) (?P<x>.+)$",
        rf"^(?P<x>.+?) (?:has|have|had) (?:an? )?(?:[\w-]+ )*{HEAD} on (?P<y>.+)$",
        rf"^(?P<x>.+?)[:,] ?{HEAD} on (?P<y>.+)$",
        r"^(?P<x>.+) (?:increases?|raises?|lowers?|reduces?|predicts?|affects?) (?P<y>.+)$",
        rf"^(?:the |an? )?(?:[\w-]+ )?{HEAD} (?:of|for) (?P<x>.+)$",
        rf"^(?P<x>.+?)[:,]? \(?{HEAD}\)?$",
        r"^(?P<x>.+) on (?P<y>.+)$",
        r"^(?P<x>.+)$",
    )
)
# Words that say that something is a dummy, not of what.
EMPTY = frozenset(("dummy", "indicator", "variable", "scale", "level", "degree"))


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
