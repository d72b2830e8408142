"""A laboratory for social credit systems: synthetic societies under real rules.

Only synthetic persons are ever rated.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scslab.analysis.survey import Survey, read_survey
    from scslab.analysis.weighting.margins import as_margins as margins
    from scslab.api.runs import simulate, write_report
    from scslab.api.surveys import analyse
    from scslab.core.errors import ScslabError
    from scslab.lab.run import Run, read_run
    from scslab.report.writers import write_figure, write_table
    from scslab.study.read import read_study

__all__ = [
    "Run",
    "ScslabError",
    "Survey",
    "analyse",
    "margins",
    "read_run",
    "read_study",
    "read_survey",
    "simulate",
    "write_figure",
    "write_report",
    "write_table",
]

# Loaded on first use, so that importing the package costs nothing.
WHERE = {
    "Run": "scslab.lab.run:Run",
    "ScslabError": "scslab.core.errors:ScslabError",
    "Survey": "scslab.analysis.survey:Survey",
    "analyse": "scslab.api.surveys:analyse",
    "margins": "scslab.analysis.weighting.margins:as_margins",
    "read_run": "scslab.lab.run:read_run",
    "read_study": "scslab.study.read:read_study",
    "read_survey": "scslab.analysis.survey:read_survey",
    "simulate": "scslab.api.runs:simulate",
    "write_figure": "scslab.report.writers:write_figure",
    "write_report": "scslab.api.runs:write_report",
    "write_table": "scslab.report.writers:write_table",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in WHERE:
        raise AttributeError(f"module 'scslab' has no attribute '{name}'")
    module, _, known = WHERE[name].partition(":")
    return getattr(import_module(module), known)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
