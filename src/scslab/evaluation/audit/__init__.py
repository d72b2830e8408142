"""The audit: legal tests against the rules of a regime file."""

from scslab.evaluation.audit.audit import TESTS, audit
from scslab.evaluation.audit.evidence import RunTables
from scslab.evaluation.audit.register import chosen, criteria, instruments
from scslab.evaluation.audit.rule_files import RuleFile, read_rule_file

__all__ = [
    "TESTS",
    "RuleFile",
    "RunTables",
    "audit",
    "chosen",
    "criteria",
    "instruments",
    "read_rule_file",
]
