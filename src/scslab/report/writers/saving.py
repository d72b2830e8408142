"""Put bytes into a file, or say in one message why that cannot be."""

from __future__ import annotations

from pathlib import Path

from scslab.core.errors import ScslabError


def save(path: Path, data: bytes) -> None:
    """Write a file.

    Raises
    ------
    ScslabError
        The folder does not exist, or cannot be written to.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        raise ScslabError(
            "the file could not be written",
            where=str(path),
            got=error.strerror or str(error),
            hint="make the folder first"
            if isinstance(error, FileNotFoundError)
            else "name another file",
        ) from error
