"""Where studies are: by path, or by the name of a shipped one."""

from __future__ import annotations

from pathlib import Path

from scslab.core.errors import ScslabError, near


def studies() -> dict[str, Path]:
    """The studies that come with the package, then those in `studies/` here: name -> folder.

    An installed package carries them; a checkout has them beside `src/`.
    """
    found = {}
    package = Path(__file__).parents[1]
    for root in (package / "studies", package.parents[1] / "studies", Path("studies")):
        for path in sorted(root.glob("*/study.yaml")):
            found[path.parent.name] = path.parent
    return found


def find_study(name: str) -> Path:
    """A study by path, or by the name of a shipped one.

    Raises
    ------
    ScslabError
        Neither, with the nearest name.
    """
    path = Path(name)
    if path.exists():
        return path
    if name in studies():
        return studies()[name]
    if "/" in name or name.endswith((".yaml", ".yml")):
        raise ScslabError("no such file", where=name)
    raise ScslabError(f'no study "{name}"', hint=near(name, studies()))
