"""The examples in docstrings give what they say."""

import doctest
import importlib
import pkgutil

import pytest

import scslab

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(scslab.__path__, "scslab.")
    if not module.name.endswith("__main__")
)


def cases(name: str) -> list[doctest.DocTest]:
    return [t for t in doctest.DocTestFinder().find(importlib.import_module(name)) if t.examples]


def test_examples_are_found() -> None:
    assert sum(len(cases(name)) for name in MODULES) >= 10


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    runner = doctest.DocTestRunner()
    for case in cases(name):
        said: list[str] = []
        assert runner.run(case, out=said.append).failed == 0, "".join(said)
