"""What all words of a story need: the world, the rows behind it, and whom it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scslab.core.acts import acts
from scslab.core.calendar import first_day, month_text
from scslab.core.story import Behind, Chance, Step
from scslab.core.tables import NEVER, TRUE
from scslab.core.values import on
from scslab.lab.trace.behind import Library
from scslab.lab.trace.seen import Seen
from scslab.lab.world import World
from scslab.regimes.lists import Ground, ListRules
from scslab.study.model import Varies
from scslab.world.remedies.ways import RIGHTFUL, WRONGED

NOT_SHOWN = {"locality": "elsewhere"}


@dataclass(frozen=True)
class Teller:
    """Tells what was seen of one subject.

    Attributes
    ----------
    subject, cell : int
    record : int
        The word of the record on which the story rests.
    regime : int
        The regime whose listing or reward the story is about.
    hardship : bool
        Whether hardship brought about the act.
    """

    world: World
    library: Library
    subject: int
    cell: int
    record: int
    regime: int
    hardship: bool

    @property
    def kind(self) -> int:
        """The number of the subject's kind."""
        return int(self.world.people.kind[self.cell])

    @property
    def what(self) -> str:
        """A person or an organisation."""
        return "organisation" if self.subject >= self.world.society.persons else "person"

    def number(self, seen: Seen) -> int:
        """The number of the month in the calendar."""
        return self.world.months[seen.month.index]

    def month(self, index: int) -> str:
        """A month of the study as text."""
        return month_text(self.world.months[0] + index)

    def step(
        self,
        seen: Seen,
        says: str,
        rows: Iterable[Behind] = (),
        chances: Iterable[Chance] = (),
    ) -> Step:
        """A step of the story; what was certain is no luck."""
        month, kept = self.month(seen.month.index), tuple(dict.fromkeys(rows))
        shares = (Chance(chance.says, round(chance.p, 12)) for chance in chances)
        luck = tuple(chance for chance in shares if 0.0 < chance.p < 1.0)
        return Step(month, seen.stage, seen.kind, says, kept, luck)

    def system(self, regime: int) -> str:
        """The id of a regime: its name stands above the story."""
        return self.world.regimes[regime].id

    def list_of(self, row: np.void) -> tuple[str, ListRules]:
        """The list on which an entry stands: its name and its rules."""
        return list(self.world.regimes[row["regime"]].lists.items())[row["list"]]

    def list_words(self, row: np.void) -> str:
        """The list on which an entry stands, and what it is."""
        return f"{self.short_list(row)} ({self.list_of(row)[1].says})"

    def short_list(self, row: np.void) -> str:
        """The list on which an entry stands, as "the list REGIME/LIST"."""
        return f"the list {self.place(row)}"

    def place(self, row: np.void) -> str:
        """The list on which an entry stands, as REGIME/LIST."""
        return f"{self.system(row['regime'])}/{self.list_of(row)[0]}"

    def ground(self, seen: Seen, row: np.void) -> tuple[str, Ground] | None:
        """The ground of an entry: that of the act, else that of the score or grade."""
        rules, at = seen.month.rules, (row["regime"], row["conduct"])
        grounds = list(self.list_of(row)[1].grounds.items())
        if row["conduct"] >= 0 and rules.grounds[at] & np.uint8(1 << row["list"]):
            return grounds[rules.ground[(*at, row["list"])]]
        when = first_day(self.number(seen))
        for name, ground in grounds:
            scored = ground.score_below is not None or ground.grades
            if scored and on(ground.holds, when).value:
                return name, ground
        return None

    def conduct(self, row: np.void) -> str:
        """The name of the act, or of the listing elsewhere."""
        return self.world.conducts[row["conduct"]]

    def act_words(self, row: np.void) -> str:
        """An act by its name in the vocabulary, and what it is."""
        name = self.conduct(row)
        return f"{name} ({lower_first(acts()[name]['says'])})"

    def someone(self, subject: int, cell: int) -> str:
        """Another subject in a few words: what it is, with its categories."""
        who = "organisation" if subject >= self.world.society.persons else "person"
        facts = ", ".join(category for _, category in self.attributes(cell))
        return f"another simulated {who} ({facts})"

    def attributes(self, cell: int) -> tuple[tuple[str, str], ...]:
        """The categories of the subjects of a cell, those that apply."""
        society = self.world.society
        return tuple(
            (name, society.attributes[name][codes[cell]])
            for name, codes in society.cell_codes.items()
            if codes[cell] >= 0
            and name != "subject"
            and society.attributes[name][codes[cell]] != NOT_SHOWN.get(name)
        )

    def times(self, varies: Iterable[Varies]) -> str:
        """The multipliers of the subject's categories, in words; empty where all are 1."""
        mine = dict(self.attributes(self.cell))
        found = [
            f"times {item.times[mine[item.by]]:g} for {item.by} {mine[item.by]}"
            for item in varies
            if item.times.get(mine.get(item.by, ""), 1.0) != 1.0
        ]
        return f" ({', '.join(found)})" if found else ""

    def moved(self, regime: int, before: int, after: int) -> str:
        """What became of a score, or of the grade of a ladder, in words."""
        rules = self.world.regimes[regime]
        if rules.score is not None or rules.grades is None:
            return f"the score goes from {before:,} to {after:,}"
        ladder = rules.grades.ladder[::-1]
        return f"the grade goes from {ladder[before]} to {ladder[after]}"

    def term(self, row: np.void) -> str:
        """Until when an entry stands, in words."""
        if row["ends"] >= NEVER:
            return "without a fixed term"
        months = int(row["ends"] - row["begun"])
        return f"for {months} months, to {self.month(int(row['ends']))}"


def side_of(row: np.void) -> int:
    """The column of the shares that depend on whether the record is false."""
    return RIGHTFUL if row["truth"] == TRUE else WRONGED


def word(row: np.void) -> str:
    """The suffix of the keys of such shares."""
    return "rightful" if row["truth"] == TRUE else "wronged"


def lower_first(text: str) -> str:
    """The text with a small first letter, unless it is an abbreviation.

    Examples
    --------
    >>> lower_first("Drives when drunk"), lower_first("VAT is not paid")
    ('drives when drunk', 'VAT is not paid')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def listed_words(words: Iterable[str]) -> str:
    """Words as a list in a sentence.

    Examples
    --------
    >>> listed_words(["flights", "hotels", "loans"])
    'flights, hotels and loans'
    """
    found = list(words)
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def counted(number: int, what: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "month"), counted(3, "month")
    ('1 month', '3 months')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"
