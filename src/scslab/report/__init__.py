"""The report page: reads one frozen `RunSummary` and draws it. A picture cannot change a number."""

from scslab.report.page import write_report

__all__ = ["write_report"]
