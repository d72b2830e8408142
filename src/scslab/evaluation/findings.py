"""Published findings, and how to set a simulated figure beside one."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scslab.core.errors import ScslabError, near


@dataclass(frozen=True)
class Finding:
    """One published number or sign with its source."""

    id: str
    source: str
    quantity: str
    group: str
    kind: str
    value: str
    n: str
    note: str

    @property
    def number(self) -> float:
        """The published number.

        Raises
        ------
        ScslabError
            The finding is a sign or a distribution.
        """
        try:
            return float(self.value)
        except ValueError as error:
            raise ScslabError(f"finding {self.id} is no single number", got=self.value) from error

    def part(self, place: int | None) -> float:
        """The published number, or a part of a published distribution, counted from 1.

        Raises
        ------
        ScslabError
            No number, or no such part.
        """
        if place is None:
            return self.number
        parts = self.value.split("/")
        if len(parts) == 1:
            raise ScslabError(
                f"finding {self.id} is no distribution, so it has no part {place}", got=self.value
            )
        if not 1 <= place <= len(parts):
            raise ScslabError(
                f"finding {self.id} has no part {place}",
                got=self.value,
                expected=f"1 to {len(parts)}",
            )
        return float(parts[place - 1])


@cache
def findings() -> dict[str, Finding]:
    """All published findings that come with the package, by id."""
    with Path(__file__).with_name("findings.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: Finding(**row) for row in csv.DictReader(file)}


def finding(name: str, where: str = "") -> Finding:
    """A finding by its id.

    Raises
    ------
    ScslabError
        No such finding, with the nearest id.
    """
    if name not in findings():
        raise ScslabError(f'no finding "{name}"', where=where, hint=near(name, findings()))
    return findings()[name]
