"""What cannot be fitted is refused, and nothing is written."""

import pytest

from scslab import calibrate
from scslab.core.errors import ScslabError
from scslab.lab.waves.read import read_waves
from scslab.study.read import read_study
from small_wave import wave, write
from wave_to_fit import TARGETS, asked, folder_of


def refused(folder, **more):
    with pytest.raises(ScslabError) as caught:
        calibrate(folder, journal=folder / "j.jsonl", threads=1, **more)
    assert not (folder / "calibrated.yaml").exists()
    return str(caught.value)


def test_nothing_to_fit(tmp_path):
    asked = wave(calibrated="calibrated.yaml")
    folder = write(tmp_path, asked, persons=2000)
    assert "there is nothing to fit" in refused(folder)


def test_nothing_to_fit_to(tmp_path):
    folder = write(tmp_path / "a", asked(), persons=2000, ledger={"roles": {}})
    assert "no finding is marked for calibration" in refused(folder)
    without = asked()
    del without["findings"]
    folder = write(tmp_path / "b", without, persons=2000)
    assert "a wave without a ledger has no findings to be fitted to" in refused(folder)
    folder = write(tmp_path / "c", asked(), persons=2000, ledger={"roles": {"fitted": ["K08"]}})
    message = refused(folder)
    assert "finding K08 cannot be fitted to: no quantity of this wording" in message
    assert "findings.yaml" in message


def test_a_study_without_waves_is_not_fitted(tmp_path):
    folder = write(tmp_path, asked(), persons=2000, waves=[])
    assert "this study fields no questionnaire" in refused(folder)


def test_a_wave_that_names_no_file_needs_one(tmp_path):
    bare = asked()
    del bare["calibrated"]
    folder = write(tmp_path, bare, persons=2000, ledger={"roles": {"fitted": TARGETS}})
    assert "the wave names no file for its fitted values" in refused(folder)


def test_values_that_are_not_there_are_told(tmp_path):
    folder = folder_of(tmp_path)
    (one,) = read_waves(read_study(folder))
    note = f"{folder / 'calibrated.yaml'} is not there: the values are the guesses of the wave file"
    assert one.notes == (note,) and one.fitted is None
    assert read_waves(read_study(folder), values=False)[0].notes == ()


@pytest.mark.parametrize("minutes", [0, -1, float("nan")])
def test_no_time_is_refused_before_anything_is_done(minutes, tmp_path):
    with pytest.raises(ScslabError, match="minutes must be above 0"):
        calibrate("framing-2019", out=tmp_path / "c.yaml", minutes=minutes)
    assert not list(tmp_path.iterdir())
