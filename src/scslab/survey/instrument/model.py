"""The shape of an instrument file (`instrument/1`): a questionnaire as data.

Every text stands in each of the file's languages. Where a wording or a coding is a guess, the
question says so (`assumed`), and what the paper does not have says why it is there (`added`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scslab.core.values import Source, Strict

Word = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Pair = Annotated[list[float], Field(min_length=2, max_length=2)]
Language = Literal["en", "zh"]
Order = Literal["fixed", "random"]
Offered = Literal["offered", "not offered"]
Type = Literal["single", "yes_no", "multiple", "number", "count", "grid", "info", "assigned"]


class Text(Strict):
    """The same words in several languages."""

    en: str | None = None
    """English."""
    zh: str | None = None
    """Chinese in simplified characters."""


class Choice(Text):
    """An answer that can be chosen, an item of a grid or list, or an arm."""

    code: int | None = Field(None, description="of single: the code of the answer, 0 or more")
    name: Word | None = Field(
        None, description="of multiple, grid, count and assigned: a name of small letters"
    )
    shows_when: str | None = Field(None, description="an item of count: a condition")


class Question(Strict):
    """One question.

    `single`: one of the choices. `yes_no`: 1 or 0. `multiple`: any of the choices, a 0/1 column
    `name_choice` each; where no choice excludes all others, "none of these" is offered besides,
    which is 0 in all of them. `number`: a whole number. `count`: how many of the items apply, and
    not which (a list experiment). `grid`: a choice for each item, a column each by the item's
    name. `info`: words only. `assigned`: an arm, drawn for the respondent, codes 0, 1, ...
    """

    name: Word
    """Its name, and that of its column: small letters, digits and _, 32 characters at most."""
    type: Type
    """How it is answered."""
    ask: Text
    """Its words; of info the text, of assigned what is drawn."""
    label: Text | None = Field(None, description="a short label for tables; else the words of ask")
    hint: Text | None = Field(None, description="how to answer, below the words")
    choices: list[Choice] | None = Field(None, description="of single, multiple and grid")
    scale: Word | None = Field(None, description="or a list of choices from scales, by name")
    items: list[Choice] | None = Field(None, description="of grid and count")
    arms: list[Choice] | None = Field(None, description="of assigned, codes from 0 in this order")
    ordered: bool | None = Field(
        None, description="whether the order of codes means something; by default of a scale"
    )
    exclusive: list[Word] | None = Field(
        None, description="of multiple: choices that exclude all others"
    )
    between: Pair | None = Field(None, description="of number: lowest and highest")
    shows_when: str | None = Field(
        None, description="a condition on columns of earlier questions; without one all are asked"
    )
    order: Order = Field("fixed", description="of the choices")
    last_fixed: int = Field(0, ge=0, description="so many choices stay last in a random order")
    items_order: Order = Field("fixed", description="of the items of a grid or list")
    dont_know: Offered = Field("not offered", description='whether "don\'t know" can be chosen')
    refuse: Offered = Field("not offered", description='whether "rather not say" can be chosen')
    required: bool = Field(False, description="whether it cannot be left out")
    new_page: bool = Field(False, description="whether it begins a new page; every part does")
    zh_published: bool = Field(
        False, description="the Chinese wording is the published one, not a translation of ours"
    )
    source: str | None = Field(None, description="a key of sources; else the instrument's `items`")
    assumed: str | None = Field(None, description="why its wording or coding is a guess")
    added: str | None = Field(None, description="why it is here although the source lacks it")


class Part(Strict):
    """Questions under one heading."""

    id: Word
    """Its name: small letters, digits and _."""
    title: Text
    """Its heading."""
    intro: Text | None = Field(None, description="words under the heading")
    shows_when: str | None = Field(None, description="a condition, as of a question")
    order: Order = Field("fixed", description="of its questions")
    added: str | None = Field(None, description="why the part is here although the source lacks it")
    questions: Annotated[list[Question], Field(min_length=1)]
    """The questions in order."""


class Wording(Strict):
    """On what the wordings rest, in one language."""

    source: str
    """A key of sources."""
    says: Text
    """In words, for the printed page."""


class Instrument(Strict):
    """A questionnaire (`instrument/1`)."""

    instrument: Literal["instrument/1"]
    """The version of this shape."""
    id: Name
    """Its name."""
    title: Text
    """Its title."""
    about: str
    """What it is and what was left out, in English."""
    population: str
    """Whom the original asked, in English."""
    field: str
    """How and when the original was fielded, in English."""
    languages: Annotated[list[Language], Field(min_length=1)]
    """The languages of all texts; the first is the default."""
    sources: dict[str, Source]
    """Where questions and wordings come from."""
    items: str
    """The source of questions that name none: a key of sources."""
    wordings: dict[Language, Wording]
    """On what the wordings rest, by language."""
    scales: dict[str, Annotated[list[Choice], Field(min_length=2)]] = Field(
        default_factory=dict, description="lists of choices that several questions share"
    )
    parts: Annotated[list[Part], Field(min_length=1)]
    """The parts in order."""

    @property
    def questions(self) -> list[Question]:
        """All questions in the order of the file."""
        return [question for part in self.parts for question in part.questions]
