"""The vocabulary of conduct."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import read


@cache
def acts() -> dict[str, dict[str, str]]:
    """All acts: name -> kind (breach, good, neutral), what it is, and whose.

    Raises
    ------
    ScslabError
        Two files of the vocabulary have the same act.
    """
    found: dict[str, dict[str, str]] = {}
    for path in sorted(Path(__file__).with_name("acts").glob("*.yaml")):
        document = read(path)
        for name, act in document.data.items():
            if name in found:
                raise ScslabError(
                    f'act "{name}" stands twice in the vocabulary',
                    where=f"{path.name}:{document.lines[(name,)]}",
                )
            found[name] = {"by": "persons", **act}
    return found


def check_act(name: str, where: str) -> None:
    """An act must be in the vocabulary.

    Raises
    ------
    ScslabError
        With the nearest known act.
    """
    if name not in acts():
        raise ScslabError(
            f'act "{name}" is not in the vocabulary of acts', where=where, hint=near(name, acts())
        )
