"""What went into a run: versions, hashes, seed, fingerprint."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from importlib import metadata
from typing import Any

PARTS = ("numpy", "numba", "pandas", "duckdb", "pydantic", "pyyaml")


def version() -> str:
    """The version of scslab."""
    return metadata.version("scslab")


def versions() -> dict[str, str]:
    """Versions of scslab, Python and of the libraries that numbers pass through."""
    found = {"scslab": version(), "python": platform.python_version()}
    return found | {name: metadata.version(name) for name in PARTS}


def machine() -> str:
    """The machine in a few words, without its name."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"


def text_hash(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(parts: dict[str, Any]) -> str:
    """A hash of all that decides the results: same fingerprint, same bits.

    Examples
    --------
    >>> fingerprint({"seed": 1}) == fingerprint({"seed": 1}), len(fingerprint({}))
    (True, 16)
    """
    return text_hash(json.dumps(parts, sort_keys=True))[:16]
