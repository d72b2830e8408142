"""A small wave is fitted to findings that were planted, and finds the planted values again."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from scslab import calibrate, simulate
from scslab.cli.findings import calibrated_text
from scslab.core.errors import ScslabError
from scslab.evaluation.findings import findings
from scslab.lab.calibrate.store import read_calibrated, values_of
from scslab.lab.waves.calibrating import fitted_wave
from scslab.lab.waves.fitting import fitting_of, mean_moment
from scslab.lab.waves.read import read_waves
from scslab.lab.waves.seeds import moment_of, seeded, world_of
from scslab.study.read import read_study
from scslab.study.wave_values import estimates, with_values
from wave_to_fit import APPROVAL, PLANTED, TARGETS, VALUES, folder_of

DRAWS = 2


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """The findings as a wave with the planted values gives them, in another society."""
    file = read_study(folder_of(tmp_path_factory.mktemp("planted")))
    cut, one = fitted_wave(file)
    moment = moment_of(seeded(world_of(cut, [one], None), 77), one, 1)
    fitting = fitting_of(moment, one, 25, "planted")
    draws = fitting.answers([PLANTED[path] for path in fitting.problem.names], fitting.items)
    found = dict(findings())
    for item in fitting.items:
        name = item.finding.id
        if name in draws[0] and item.finding.kind != "sign":
            value = mean_moment(item.finding, draws)
            found[name] = replace(item.finding, value=f"{value:.3f}")
    return found


@pytest.fixture(scope="module")
def patched(planted):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scslab.lab.waves.fitting.findings", lambda: planted)
        yield


@pytest.fixture(scope="module")
def done(patched, tmp_path_factory):
    """A calibration with its folder and journal."""
    folder = folder_of(tmp_path_factory.mktemp("done"))
    path, file = calibrate(folder, journal=folder / "j.jsonl", draws=DRAWS, threads=1)
    assert path == folder / "calibrated.yaml"
    return folder, file


def without_time(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("seconds:")]


def test_planted_values_are_found_again(done):
    _, file = done
    assert file.stopped in ("converged", "no better point near")
    z = {}
    for path, (start, between, truth) in VALUES.items():
        value = file.values[path]
        assert (value.start, value.between, value.identified) == (start, list(between), True)
        z[path] = (value.value - truth) / value.se
        assert abs(value.value - truth) < abs(start - truth)
    assert max(map(abs, z.values())) < 3, z


def test_targets_are_met_and_the_others_held_out(done, planted):
    _, file = done
    assert [t.id for t in file.targets] == TARGETS
    for target in file.targets:
        assert target.printed == float(planted[target.id].value)
        assert abs(target.away) < 1.5
    held = {t.id: t for t in file.held_out}
    assert {"K02", "K16", "K27"} <= set(held) and not set(held) & set(TARGETS)
    assert abs(held["K02"].away) < 3
    assert held["K27"].kind == "at least" and held["K27"].away == 0.0
    assert file.respondents == DRAWS * 600 and file.seeds == [1]


def test_the_file_is_read_back_and_used(done):
    folder, file = done
    again = read_calibrated(folder / "calibrated.yaml")
    assert again.file == file and not again.note
    (one,) = read_waves(read_study(folder))
    assert one.notes == () and one.fitted.file == file
    now = {path: e.value for path, e in estimates(one.document.wave).items()}
    assert {path: now[path] for path in VALUES} == values_of(file)
    (bare,) = read_waves(read_study(folder), values=False)
    start = {path: e.value for path, e in estimates(bare.document.wave).items()}
    assert {path: start[path] for path in VALUES} == {p: v[0] for p, v in VALUES.items()}
    run = simulate(folder, seed=1, threads=1)
    assert not [w for w in run.manifest["warnings"] if "fitted" in w]


def test_a_calibration_begins_at_the_values_as_written(done, tmp_path):
    # The fitted file beside the wave changes nothing of the next calibration.
    folder, file = done
    path, other = calibrate(
        folder, out=tmp_path / "again.yaml", journal=tmp_path / "j.jsonl", draws=DRAWS, threads=2
    )
    assert without_time(path) == without_time(folder / "calibrated.yaml")
    assert other.values == file.values


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_a_journal_that_was_cut_is_gone_on_with(done, tmp_path, share):
    folder, _ = done
    whole = (folder / "j.jsonl").read_bytes()
    journal = tmp_path / "cut.jsonl"
    journal.write_bytes(whole[: int(len(whole) * share)])
    told = []
    path, _ = calibrate(
        folder,
        out=tmp_path / "cut.yaml",
        journal=journal,
        draws=DRAWS,
        threads=1,
        tell=lambda *said: told.append(said),
    )
    assert without_time(path) == without_time(folder / "calibrated.yaml")
    entries = [
        [json.loads(line) for line in text.splitlines()]
        for text in (whole.decode(), journal.read_text(encoding="utf-8"))
    ]
    strip = [[{k: v for k, v in e.items() if k != "s"} for e in lines] for lines in entries]
    assert strip[0] == strip[1]
    assert told[-1][0] == len(strip[0]) - 1
    assert told[-1][1] < told[0][1]


def test_a_whole_journal_is_not_computed_again(done, tmp_path, monkeypatch):
    folder, file = done
    shutil.copy(folder / "j.jsonl", tmp_path / "j.jsonl")
    before = (tmp_path / "j.jsonl").read_bytes()
    options = {"out": tmp_path / "c.yaml", "journal": tmp_path / "j.jsonl", "draws": DRAWS}
    _, other = calibrate(folder, threads=1, **options)
    assert (tmp_path / "j.jsonl").read_bytes() == before
    assert other.values == file.values
    _, anew = calibrate(folder, threads=1, restart=True, **options)
    assert (tmp_path / "j.jsonl").read_bytes() != before
    assert anew.values == file.values


def test_another_calibration_needs_another_journal(done, tmp_path):
    folder, _ = done
    shutil.copy(folder / "j.jsonl", tmp_path / "j.jsonl")
    for other in ({"seed": 2}, {"draws": 3}, {"persons": 8000}):
        options = {"draws": DRAWS, "journal": tmp_path / "j.jsonl", "out": tmp_path / "c.yaml"}
        with pytest.raises(ScslabError, match="this journal belongs to another calibration"):
            calibrate(folder, threads=1, **(options | other))
    assert not (tmp_path / "c.yaml").exists()


@pytest.mark.parametrize("name", ["analysis", "questions", "design", "findings", "wave-first"])
def test_a_journal_of_files_that_have_changed_is_refused(done, tmp_path, name):
    """What decides the moments decides whether a journal may be gone on with."""
    folder = tmp_path / "changed"
    shutil.copytree(done[0], folder)
    change(folder, name)
    with pytest.raises(ScslabError, match="this journal belongs to another calibration"):
        calibrate(folder, journal=folder / "j.jsonl", draws=DRAWS, threads=1)


@pytest.mark.parametrize("name", ["analysis", "findings", "wave-first", "study"])
def test_stale_values_are_used_with_a_warning(done, tmp_path, name):
    folder = tmp_path / "changed"
    shutil.copytree(done[0], folder)
    change(folder, name)
    (one,) = read_waves(read_study(folder))
    (note,) = one.notes
    assert "fitted to a study and wave that have changed since" in note
    assert "run: scslab calibrate small" in note
    now = {path: e.value for path, e in estimates(one.document.wave).items()}
    assert now[f"{APPROVAL}.cuts.3"] == done[1].values[f"{APPROVAL}.cuts.3"].value
    run = simulate(folder, seed=1, threads=1)
    assert [w for w in run.manifest["warnings"] if w.startswith("wave first: ") and note in w]
    assert note in run.waves["first"].report.warnings


def change(folder, name):
    """Change something in one file that decides what a wave gives."""
    path = folder / f"{name}.yaml"
    data = json.loads(path.read_text(encoding="utf-8"))
    if name == "analysis":
        data["models"][0]["formula"] = "approval ~ confidence + party + residence"
    elif name == "questions":
        data["parts"][0]["questions"][7]["shows_when"] = "age > 20"
    elif name == "design":
        margins = {"sex": {"female": 0.2, "male": 0.8}}
        data["weighting"] = [{"method": "rake", "to": margins}]
    elif name == "findings":
        data["quantities"][0]["share"] = {"approval": [5]}
        data["quantities"][1]["share"] = {"approval": [4]}
    elif name == "wave-first":
        data["field"]["mobile"]["base"]["value"] = 1.0
    else:
        data["conduct"]["contract.breach"]["rate"]["rows"][0]["value"] = 1000.0
    path.write_text(json.dumps(data), encoding="utf-8")


# What is refused


def test_a_fitted_value_outside_the_range_of_the_wave_is_refused(done, tmp_path):
    folder = tmp_path / "narrow"
    shutil.copytree(done[0], folder)
    path = folder / "wave-first.yaml"
    data = json.loads(path.read_text(encoding="utf-8"))
    approval = next(v for v in data["variables"] if v["name"] == "approval")
    approval["cuts"][2]["between"] = [0.7, 1.5]
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ScslabError) as caught:
        read_waves(read_study(folder))
    message = str(caught.value)
    assert message.startswith(f'{folder / "calibrated.yaml"}: "{APPROVAL}.cuts.3" lies outside')
    assert "expected: 0.7 to 1.5, as between says" in message


def test_an_edited_value_outside_its_own_range_is_refused(done, tmp_path):
    folder = tmp_path / "edited"
    shutil.copytree(done[0], folder)
    path = folder / "calibrated.yaml"
    text = path.read_text(encoding="utf-8")
    old = f"{APPROVAL}.cuts.3: {{value: {done[1].values[f'{APPROVAL}.cuts.3'].value}"
    assert old in text
    path.write_text(text.replace(old, f"{APPROVAL}.cuts.3: {{value: 7.5"), encoding="utf-8")
    with pytest.raises(ScslabError) as caught:
        simulate(folder, seed=1)
    message = str(caught.value)
    assert "the value lies outside its range\n  got: 7.5\n  expected: -0.5 to 1.5" in message
    assert "a fitted value is not edited" in message


@pytest.mark.parametrize(("key", "name"), [("study", "small"), ("wave", "first")])
def test_values_of_another_study_or_wave_are_refused(done, tmp_path, key, name):
    folder = tmp_path / "other"
    shutil.copytree(done[0], folder)
    path = folder / "calibrated.yaml"
    text = path.read_text(encoding="utf-8")
    assert f"\n{key}: {name}\n" in text
    path.write_text(text.replace(f"\n{key}: {name}\n", f"\n{key}: other\n"), encoding="utf-8")
    with pytest.raises(ScslabError) as caught:
        read_waves(read_study(folder))
    assert f"these values were fitted to another {key}\n  got: other" in str(caught.value)
    assert f"expected: {name}" in str(caught.value)


def test_a_path_that_the_wave_has_not_is_refused(done, tmp_path):
    folder = tmp_path / "gone"
    shutil.copytree(done[0], folder)
    path = folder / "calibrated.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("effects.residence:", "effects.residenc:"), encoding="utf-8")
    with pytest.raises(ScslabError, match=f'no number "{APPROVAL}.effects.residenc"'):
        read_waves(read_study(folder))


def test_a_folder_that_is_not_there_is_told_at_once(done, tmp_path):
    for name in ("out", "journal"):
        with pytest.raises(ScslabError, match="no such folder"):
            options = {"journal": tmp_path / "j.jsonl", name: tmp_path / "no" / "x"}
            calibrate(done[0], **options)


def test_the_command_tells_values_and_targets(done, tmp_path):
    folder, file = done
    shutil.copy(folder / "j.jsonl", tmp_path / "j.jsonl")
    out = tmp_path / "c.yaml"
    text = calibrated_text(
        str(folder), out, tmp_path / "j.jsonl", False, 1, None, DRAWS, 5.0, 1, True
    )
    assert "small, wave first: 4 values fitted to 5 findings" in text
    assert f"values: {out}" in text
    for path in VALUES:
        assert path in text
    assert np.isfinite(list(values_of(file).values())).all()
    assert with_values(fitted_wave(read_study(folder))[1].document.wave, values_of(file))


def test_months_after_the_wave_do_not_make_values_stale(done):
    # Only the first months of a study are lived: the wave and what leads to it are the same.
    run = simulate(done[0], seed=1, months=3, threads=1)
    assert list(run.waves) == ["first"]
    assert not [w for w in run.manifest["warnings"] if "fitted" in w]
