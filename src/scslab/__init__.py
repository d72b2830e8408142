"""A laboratory for social credit systems: synthetic societies under real rules.

Only synthetic persons are ever rated.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scslab.api import simulate, write_report
    from scslab.core.errors import ScslabError
    from scslab.lab.run import Run, read_run
    from scslab.study.read import read_study

__all__ = ["Run", "ScslabError", "read_run", "read_study", "simulate", "write_report"]

# Loaded on first use, so that importing the package costs nothing.
WHERE = {
    "Run": "scslab.lab.run",
    "ScslabError": "scslab.core.errors",
    "read_run": "scslab.lab.run",
    "read_study": "scslab.study.read",
    "simulate": "scslab.api",
    "write_report": "scslab.api",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in WHERE:
        raise AttributeError(f"module 'scslab' has no attribute '{name}'")
    return getattr(import_module(WHERE[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
