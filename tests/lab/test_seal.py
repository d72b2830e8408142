"""The manifest of a run is sealed: who changes what it says is told so."""

import json

import pytest

from scslab.core.errors import ScslabError
from scslab.lab.run import read_run
from small import listing_study, run


def test_a_changed_manifest_is_refused(tmp_path):
    run(listing_study(tmp_path, 3), seed=1, out=tmp_path / "run")
    path = tmp_path / "run" / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    assert read_run(tmp_path / "run").manifest["seed"] == 1
    told["seed"] = 2
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(ScslabError, match="the manifest has changed since it was written"):
        read_run(tmp_path / "run")


def test_a_manifest_without_a_seal_is_read_as_before(tmp_path):
    run(listing_study(tmp_path, 3), seed=1, out=tmp_path / "run")
    path = tmp_path / "run" / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    del told["seal"]
    path.write_text(json.dumps(told), encoding="utf-8")
    assert read_run(tmp_path / "run").manifest["seed"] == 1
