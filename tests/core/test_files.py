"""A folder is written whole or not at all."""

import hashlib
import os

import pytest

from scslab.core.errors import ScslabError
from scslab.core.files import check_empty, sha256, whole_folder


def names(folder):
    """All that lies in a folder, hidden files too."""
    return sorted(p.name for p in folder.iterdir())


def test_a_folder_appears_at_the_end(tmp_path):
    with whole_folder(tmp_path / "run") as partial:
        (partial / "a.txt").write_text("a")
        assert not (tmp_path / "run").exists()
    assert names(tmp_path) == ["run"]
    assert names(tmp_path / "run") == ["a.txt"]


def test_parents_are_made(tmp_path):
    with whole_folder(tmp_path / "runs" / "2020" / "run") as partial:
        (partial / "a.txt").write_text("a")
    assert names(tmp_path / "runs" / "2020") == ["run"]


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "run").mkdir()
    with whole_folder(tmp_path / "run") as partial:
        (partial / "a.txt").write_text("a")
    assert names(tmp_path / "run") == ["a.txt"]


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), MemoryError()])
def test_an_error_leaves_nothing(tmp_path, error):
    with pytest.raises(type(error)), whole_folder(tmp_path / "run") as partial:
        (partial / "deep" / "er").mkdir(parents=True)
        (partial / "deep" / "er" / "a.txt").write_text("a")
        raise error
    assert names(tmp_path) == []


def test_a_full_disk_is_one_message_and_leaves_nothing(tmp_path):
    with (
        pytest.raises(ScslabError, match="could not be written") as found,
        whole_folder(tmp_path / "run") as partial,
    ):
        (partial / "a.txt").write_text("a")
        raise OSError(28, "No space left on device")
    assert "No space left on device" in str(found.value)
    assert "--out" in str(found.value)
    assert names(tmp_path) == []


def test_what_another_command_wrote_meanwhile_is_kept_and_named(tmp_path):
    with (
        pytest.raises(ScslabError, match="another command wrote") as found,
        whole_folder(tmp_path / "run") as partial,
    ):
        (partial / "a.txt").write_text("a")
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "b.txt").write_text("b")
    assert "--out" in str(found.value)
    assert names(tmp_path) == ["run"]
    assert names(tmp_path / "run") == ["b.txt"]


def test_a_users_mistake_inside_keeps_its_own_message(tmp_path):
    with (
        pytest.raises(ScslabError, match="^mine$"),
        whole_folder(tmp_path / "run"),
    ):
        raise ScslabError("mine")
    assert names(tmp_path) == []


def test_a_folder_with_content_is_refused_before_anything(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine.txt").write_text("mine")
    with pytest.raises(ScslabError, match="not empty"), whole_folder(tmp_path / "run"):
        pytest.fail("the work must not begin")
    assert (tmp_path / "run" / "mine.txt").read_text() == "mine"


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "run").write_text("mine")
    with pytest.raises(ScslabError, match="is a file"):
        check_empty(tmp_path / "run")


def test_what_comes_into_the_folder_meanwhile_is_not_overwritten(tmp_path):
    with pytest.raises(ScslabError), whole_folder(tmp_path / "run") as partial:
        (partial / "a.txt").write_text("a")
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "mine.txt").write_text("mine")
    assert names(tmp_path) == ["run"]
    assert names(tmp_path / "run") == ["mine.txt"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_one_message(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ScslabError, match="could not be written"), whole_folder(tmp_path / "r"):
            pass
    finally:
        tmp_path.chmod(0o700)


def test_a_parent_that_is_a_file_is_one_message(tmp_path):
    (tmp_path / "file").write_text("mine")
    with (
        pytest.raises(ScslabError, match="could not be written"),
        whole_folder(tmp_path / "file" / "run"),
    ):
        pass
    assert names(tmp_path) == ["file"]


def test_sha256_is_that_of_the_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()


def test_parents_made_for_a_run_that_failed_are_gone(tmp_path):
    with pytest.raises(ValueError, match="stop"), whole_folder(tmp_path / "a" / "b" / "run"):
        raise ValueError("stop")
    assert list(tmp_path.iterdir()) == []
    with whole_folder(tmp_path / "a" / "b" / "run") as folder:
        (folder / "x").write_text("x", encoding="utf-8")
    assert (tmp_path / "a" / "b" / "run" / "x").is_file()
