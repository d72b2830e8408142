"""Wordings with alternatives: `(uses|has) Sesame (Credit)` stands for four."""

from __future__ import annotations

import re
from functools import cache

from scslab.core.errors import ScslabError

MOST = 2000  # wordings that one pattern may stand for
INNERMOST = re.compile(r"\(([^()]*)\)")


@cache
def expand(pattern: str) -> tuple[str, ...]:
    """All wordings that a pattern stands for.

    `(a|b)` is one or the other, `(a)` may be left out.

    Raises
    ------
    ScslabError
        A bracket is not closed, or the pattern stands for more than 2,000 wordings.

    Examples
    --------
    >>> expand("(uses|has) Sesame (Credit)")
    ('uses Sesame Credit', 'uses Sesame', 'has Sesame Credit', 'has Sesame')
    """
    if pattern.count("(") != pattern.count(")"):
        raise ScslabError("a bracket is open or closed once too often", got=pattern)
    found, size = [pattern], 1
    while True:
        done = True
        wider = []
        for one in found:
            match = INNERMOST.search(one)
            if match is None:
                wider.append(one)
                continue
            done = False
            choices = match[1].split("|") if "|" in match[1] else [match[1], ""]
            wider += [one[: match.start()] + c + one[match.end() :] for c in choices]
        found, size = wider, len(wider)
        if size > MOST:
            raise ScslabError(
                f"a wording stands for more than {MOST:,} wordings",
                got=pattern,
                hint="write it as several wordings",
            )
        if done:
            return tuple(dict.fromkeys(" ".join(one.split()) for one in found))


def plain(pattern: str) -> str:
    """A pattern's first wording, to be shown.

    Examples
    --------
    >>> plain("(uses|has) Sesame (Credit)")
    'uses Sesame Credit'
    """
    return expand(pattern)[0]
