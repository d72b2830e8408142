"""What went into a run."""

import platform

import scslab.core.ledger as ledger


def test_a_fingerprint_does_not_depend_on_the_order_of_its_parts():
    assert ledger.fingerprint({"a": 1, "b": [1, 2]}) == ledger.fingerprint({"b": [1, 2], "a": 1})


def test_a_fingerprint_depends_on_every_part():
    parts = {"seed": 1, "persons": 100, "months": ["2020-01", "2020-12"], "regimes": {"a": "x"}}
    changed = [
        parts | {"seed": 2},
        parts | {"persons": 101},
        parts | {"months": ["2020-01", "2020-11"]},
        parts | {"regimes": {"a": "y"}},
        parts | {"regimes": {"b": "x"}},
        {k: v for k, v in parts.items() if k != "seed"},
    ]
    marks = {ledger.fingerprint(p) for p in [parts, *changed]}
    assert len(marks) == 7
    assert all(len(m) == 16 for m in marks)


def test_versions_name_all_that_numbers_pass_through():
    found = ledger.versions()
    assert {"scslab", "python", "numpy", "numba", "pandas", "duckdb"} <= set(found)
    assert found["python"] == platform.python_version()
    assert found["scslab"] == ledger.version()


def test_the_machine_is_told_without_its_name():
    assert platform.node() not in ledger.machine()
    assert platform.machine() in ledger.machine()


def test_a_texts_hash_is_its_sha256():
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert ledger.text_hash("abc") == known
