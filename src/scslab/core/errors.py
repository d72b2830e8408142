"""One error class for every mistake a user can make.

The message is written for the person who made the mistake: what is wrong, where, what was
found, what was expected, why, and what to try.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ScslabError(Exception):
    """A mistake in the input, told in one message.

    Parameters
    ----------
    what : str
        What is wrong, as a short sentence without a full stop.
    where : str
        File and line, margin, option or key at fault.
    got, expected, why, hint : str
        Optional: what was found, what was expected, the reason, what to try.

    Examples
    --------
    >>> print(ScslabError("unknown key", where="study.yaml:3", got="perid", hint="period"))
    study.yaml:3: unknown key
      got: perid
      try: period
    """

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        got: object = None,
        expected: str = "",
        why: str = "",
        hint: str = "",
    ) -> None:
        self.what = what
        self.where = where
        self.got = "" if got is None else str(got)
        self.expected = expected
        self.why = why
        self.hint = hint
        super().__init__(self.text())

    def text(self) -> str:
        """The whole message, one fact a line."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        facts = (
            ("got", self.got),
            ("expected", self.expected),
            ("why", self.why),
            ("try", self.hint),
        )
        return "\n".join([head, *(f"  {name}: {value}" for name, value in facts if value)])


def moved_to(error: ScslabError, where: str, what: str = "") -> ScslabError:
    """The same mistake, at the place where the user can mend it; in other words, if given."""
    return ScslabError(
        what or error.what,
        where=where,
        got=error.got or None,
        expected=error.expected,
        why=error.why,
        hint=error.hint,
    )


def near(name: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known name, or lists the known ones.

    Examples
    --------
    >>> near("utility.thefft", ["utility.theft", "traffic.ticket"])
    'did you mean "utility.theft"?'
    """
    names = sorted(set(known))
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"known: {shown}" if names else ""
