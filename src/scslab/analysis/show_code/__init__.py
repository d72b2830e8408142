"""The same computation in R's and Stata's words, as text that runs as it stands."""

from scslab.analysis.show_code.common import (
    Asked,
    Column,
    Domain,
    Setting,
    Step,
    columns_of,
)
from scslab.analysis.show_code.texts import design_code, show_code

__all__ = ["Asked", "Column", "Domain", "Setting", "Step", "columns_of", "design_code", "show_code"]
