"""A run folder is sealed, and holds all that it needs to run again."""

import json
import shutil

import pytest

from mechanisms import FIRM_ACT, mixed, society
from scslab.core.errors import ScslabError
from scslab.lab.run import read_run
from scslab.study.read import read_study
from small import agency, listing_study, months, one_list, run, share, write_regime, yes


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


def test_a_code_and_a_platform_of_ones_own_come_along(tmp_path):
    here = tmp_path / "here"
    link = {"says": "L", "acts": [FIRM_ACT], "holds": yes()}
    platform = {"links": {"all": link}, "coverage": share(0.8), "delay": months(1)}
    write_regime(here, "pipe", platform=platform)
    code = {"says": "Code", "holds": yes(), "removes": share(0.5)}
    write_regime(here, "code", identity=code)
    write_regime(here, "firms", who={"subjects": ["organisations"]}, lists=one_list((FIRM_ACT,)))
    file = mixed(
        here,
        {"use": "firms", "receives": {"through": "pipe"}},
        agencies=agency(FIRM_ACT, wrong_subject=share(0.3)),
        society=society(200, 200),
        identity="code",
    )
    found = run(file, seed=2, out=tmp_path / "run")
    shutil.rmtree(here)  # the run folder stands alone
    again = run(read_study(tmp_path / "run"), seed=2)
    assert again.tallies.equals(found.tallies)
    assert found.tallies["misattributed"].sum() > 0
