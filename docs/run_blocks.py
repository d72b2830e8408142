"""Run the marked code blocks of Markdown pages and compare what they print with what is shown.

``yaml title="FOLDER/FILE"``   is written to that file
``sh run``                     is run by bash
``python run``                 is run in one Python for the whole page
``text``                       right after a block that ran: what it prints

All runs in a temporary folder in which ``studies`` and ``examples`` lead to those of the checkout.

    python docs/run_blocks.py PAGE...            say which pages show something else
    python docs/run_blocks.py --write PAGE...    put what was printed into the pages
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Block:
    """One fenced block: its first line, its text, and where the text stands in the page."""

    info: str
    text: str
    start: int
    end: int


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page."""
    return [Block(m[1], m[2], m.start(2), m.end(2)) for m in BLOCK.finditer(page)]


def run_shell(text: str) -> str:
    """What a shell block prints on standard output.

    Raises
    ------
    RuntimeError
        A command fails.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": path},
    )
    if done.returncode:
        raise RuntimeError(f"{text}{done.stdout}{done.stderr}")
    return done.stdout


def run_python(text: str, names: dict[str, Any]) -> str:
    """What a Python block prints."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(compile(text, "<docs>", "exec"), names)
    return shown.getvalue()


def fresh(page: str) -> str:
    """The page with the output that its blocks give now."""
    found, shift = page, 0
    printed: str | None = None
    names: dict[str, Any] = {"__name__": "docs"}
    for block in blocks(page):
        if block.info == "text" and printed is not None:
            new = "\n".join(line.rstrip() for line in printed.strip("\n").splitlines()) + "\n"
            found = found[: block.start + shift] + new + found[block.end + shift :]
            shift += len(new) - len(block.text)
        printed = None
        if title := re.search(r'title="([^"]+)"', block.info):
            path = Path(title[1])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.info == "sh run":
            printed = run_shell(block.text)
        elif block.info == "python run":
            printed = run_python(block.text, names)
    return found


def run_page(page: str, folder: Path) -> str:
    """The page with fresh output, its blocks run in a folder."""
    for name in ("studies", "examples"):
        (folder / name).symlink_to(ROOT / name)
    with contextlib.chdir(folder):
        return fresh(page)


def main(words: list[str]) -> int:
    """Check or rewrite pages; how many differed and were left so."""
    wrong = 0
    for name in words:
        if name == "--write":
            continue
        path = Path(name)
        page = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            new = run_page(page, Path(folder))
        if new != page and "--write" in words:
            path.write_text(new, encoding="utf-8")
            print(f"{name}: rewritten")
        elif new != page:
            wrong += 1
            print(f"{name}: shows other output than its blocks print; add --write to replace it")
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
