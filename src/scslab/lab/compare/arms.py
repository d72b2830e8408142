"""The sides of a comparison, from what a user writes: `none`, `notice`, `notice+help`."""

from __future__ import annotations

from collections.abc import Sequence

from scslab.core.errors import ScslabError
from scslab.core.trial import Arm

NONE = "none"
WHERE = "--safeguard"


def read_arms(specs: Sequence[str]) -> tuple[Arm, ...]:
    """Arms with labels of their own, in the order given; the first is what others differ from.

    Parameters
    ----------
    specs : sequence of str
        Names of safeguards, joined by `+` where they hold together; `none` for none of them.

    Raises
    ------
    ScslabError
        Fewer than two, an empty name, or the same safeguards twice. Only `none` may be given
        twice: nothing may differ between two runs of the same rules.

    Examples
    --------
    >>> [arm.label for arm in read_arms(["none", "notice+help", "none"])]
    ['none', 'notice+help', 'none (2)']
    """
    if isinstance(specs, str):
        raise ScslabError("safeguards takes a list", got=specs, expected=f'["{NONE}", "{specs}"]')
    if len(specs) < 2:
        raise ScslabError(
            "a comparison needs at least two sides",
            where=WHERE,
            got=", ".join(map(str, specs)) or None,
            hint=f"{WHERE} {NONE} {WHERE} notice",
        )
    found: list[Arm] = []
    for spec in specs:
        names = names_in(spec)
        same = [arm for arm in found if set(arm.safeguards) == set(names)]
        if same and names:
            raise ScslabError(
                "the same safeguards are compared twice",
                where=WHERE,
                got=f"{same[0].label}, {spec}",
                hint=f"{NONE} may be given twice: the difference is exactly zero",
            )
        label = "+".join(names) or NONE
        found.append(Arm(f"{label} ({len(same) + 1})" if same else label, names))
    return tuple(found)


def names_in(spec: str) -> tuple[str, ...]:
    """The safeguards that a text names; none of them for `none`."""
    names = tuple(part.strip() for part in str(spec).split("+"))
    if names == (NONE,):
        return ()
    if "" in names or NONE in names or len(set(names)) < len(names):
        what = f"{NONE} stands alone" if NONE in names else "a safeguard is missing or named twice"
        raise ScslabError(what, where=WHERE, got=spec, expected="notice, or notice+help")
    return names
