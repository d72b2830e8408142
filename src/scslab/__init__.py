"""A laboratory for social credit systems: synthetic societies under real rules.

Only synthetic persons are ever rated.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scslab.analysis.survey import Survey, margins, read_survey
    from scslab.api.audits import audit
    from scslab.api.findings import calibrate, findings
    from scslab.api.impact import assess
    from scslab.api.runs import simulate, write_report
    from scslab.api.stories import trace
    from scslab.api.surveys import analyse
    from scslab.api.sweeps import sweep
    from scslab.api.trials import compare
    from scslab.core.errors import ScslabError
    from scslab.lab.run import Run, read_run
    from scslab.report.writers import write_figure, write_table
    from scslab.study.read import read_study

__all__ = [
    "Run",
    "ScslabError",
    "Survey",
    "analyse",
    "assess",
    "audit",
    "calibrate",
    "compare",
    "findings",
    "margins",
    "read_run",
    "read_study",
    "read_survey",
    "simulate",
    "sweep",
    "trace",
    "write_figure",
    "write_report",
    "write_table",
]

# Loaded on first use, so that importing the package costs nothing.
WHERE = {
    "Run": "scslab.lab.run",
    "ScslabError": "scslab.core.errors",
    "Survey": "scslab.analysis.survey",
    "analyse": "scslab.api.surveys",
    "assess": "scslab.api.impact",
    "audit": "scslab.api.audits",
    "calibrate": "scslab.api.findings",
    "compare": "scslab.api.trials",
    "findings": "scslab.api.findings",
    "margins": "scslab.analysis.survey",
    "read_run": "scslab.lab.run",
    "read_study": "scslab.study.read",
    "read_survey": "scslab.analysis.survey",
    "simulate": "scslab.api.runs",
    "sweep": "scslab.api.sweeps",
    "trace": "scslab.api.stories",
    "write_figure": "scslab.report.writers",
    "write_report": "scslab.api.runs",
    "write_table": "scslab.report.writers",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in WHERE:
        raise AttributeError(f"module 'scslab' has no attribute '{name}'")
    return getattr(import_module(WHERE[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
