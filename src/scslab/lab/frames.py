"""Frames to and from Parquet, with the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame.

    One thread and the order of rows kept, so that the same frame gives the same bytes.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("frame", frame)
        target = str(path).replace("'", "''")
        try:
            connection.execute(
                f"COPY (SELECT * FROM frame) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
            )
        except duckdb.Error as error:
            raise OSError(f"{path.name}: {str(error).splitlines()[0]}") from error


def read_parquet(path: Path) -> pd.DataFrame:
    """Read a frame that `write_parquet` wrote."""
    with duckdb.connect(config={"threads": 1}) as connection:
        return connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()
