"""A study gives the numbers in its `expected.yaml`, to the last one."""

from __future__ import annotations

import pytest
import yaml
from remake_expected import STUDIES, names, numbers, run_small


@pytest.mark.parametrize("name", names())
def test_numbers_are_those_written_down(name):
    expected = yaml.safe_load((STUDIES / name / "expected.yaml").read_text(encoding="utf-8"))
    found = numbers(run_small(name))
    again = f"if this change is meant: python -m tests.studies.remake_expected {name}"
    assert found == expected, again
