"""Write a folder whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from scslab.core.errors import ScslabError


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_empty(folder: Path) -> None:
    """A folder to write to must not exist or be empty.

    Raises
    ------
    ScslabError
        Before anything is computed, so that nothing is lost.
    """
    if folder.is_dir():
        if any(folder.iterdir()):
            raise ScslabError(
                "the output folder is not empty",
                where=str(folder),
                hint="name a new folder with --out, or empty this one",
            )
    elif folder.exists():
        raise ScslabError("the output folder is a file", where=str(folder))


@contextlib.contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` to write to; renamed into place at the end, removed on any error.

    Raises
    ------
    ScslabError
        The folder is not empty or cannot be written (a full disk, no permission).
    """
    check_empty(folder)
    partial = folder.with_name(f".{folder.name}.partial-{os.getpid()}")
    missing = [parent for parent in folder.absolute().parents if not parent.exists()]
    try:
        partial.mkdir(parents=True)
        yield partial
        if folder.is_dir():
            folder.rmdir()
        partial.rename(folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        # Parents made for a run that failed go too; those in use refuse to.
        for parent in missing:
            with contextlib.suppress(OSError):
                parent.rmdir()


def cannot_write(folder: Path, error: Exception) -> ScslabError:
    """What a failed write says, in one message."""
    if getattr(error, "errno", None) == errno.ENOTEMPTY:
        # It was empty when the work began.
        return ScslabError(
            "another command wrote into the output folder meanwhile",
            where=str(folder),
            why="what it wrote is kept; nothing of this one was left behind",
            hint="name another folder with --out",
        )
    reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
    return ScslabError(
        "the folder could not be written",
        where=str(folder),
        got=reason,
        why="nothing was left behind",
        hint="free some space, or name another folder with --out"
        if getattr(error, "errno", errno.ENOSPC) in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
        else "name another folder with --out",
    )
