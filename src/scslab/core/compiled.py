"""How kernels are compiled: the only file that knows the compiler.

Numba's own cache looks at the time stamp of the caller's file only and would keep machine code
of a callee that has changed. So the cache lives in a folder named after the text of all source
files: change one, and everything is compiled anew.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from pathlib import Path
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

PACKAGE = Path(__file__).parents[1]


def cache_root() -> Path:
    """The user's cache folder for compiled kernels, or a temporary one where it is read-only."""
    root = os.environ.get("SCSLAB_CACHE") or os.environ.get("XDG_CACHE_HOME")
    base = Path(root) if root else Path.home() / ".cache"
    try:
        (base / "scslab").mkdir(parents=True, exist_ok=True)
        if os.access(base / "scslab", os.W_OK):
            return base / "scslab"
    except OSError:
        pass
    return Path(tempfile.gettempdir()) / f"scslab-{os.getuid() if hasattr(os, 'getuid') else 0}"


def source_mark() -> str:
    """A short hash of all files with kernels or with constants that kernels freeze."""
    digest = hashlib.sha256(f"{numba.__version__} {platform.machine()}".encode())
    for room in ("core", "regimes", "world"):
        for path in sorted((PACKAGE / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


CACHE = Path(os.environ.get("NUMBA_CACHE_DIR") or cache_root() / source_mark())
FIRST_USE = not CACHE.is_dir()
if "NUMBA_CACHE_DIR" not in os.environ:
    setattr(numba.config, "CACHE_DIR", str(CACHE))  # noqa: B010 (no stub)

# Reference counting is off: kernels make no arrays, and counting every array of a tuple at each
# use cost 150 ns a record where the work itself takes 10 (measured on the judge of a month).
njit: Any = numba.njit
kernel: Any = njit(cache=True, nogil=True, error_model="numpy", _nrt=False)
# For small functions called once per person or act.
inlined: Any = njit(cache=True, nogil=True, error_model="numpy", _nrt=False, forceinline=True)
# For the few that make arrays.
allocating: Any = njit(cache=True, nogil=True, error_model="numpy")

compiled: Any = intrinsic


@compiled
def bits_of(context: Any, number: Any) -> Any:
    """The 64 bits of a float, as a whole number."""

    def generate(_: Any, builder: Any, __: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return types.uint64(types.float64), generate


@compiled
def float_of(context: Any, bits: Any) -> Any:
    """The float of 64 bits."""

    def generate(_: Any, builder: Any, __: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.uint64), generate
