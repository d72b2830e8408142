"""A dated, sourced value, and the answers it can give about a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from scslab.core.calendar import day, first_day
from scslab.core.errors import ScslabError, near
from scslab.core.yamlfile import Document, Place

Unit = Literal[
    "points",
    "share of dimension",
    "years",
    "months",
    "days",
    "working days",
    "RMB",
    "RMB/year",
    "yes/no",
    "share",
    "times",
    "exponent",
    "persons",
    "acts per 1000 person-years",
    "records per 1000 person-years",
    "attempts per listed person-year",
    "decisions per 1000 persons and year",
    "clerks per 1000000 subjects",
    "log-odds",
    "grades",
    "visits per year",
    "month of the year",
    "organisations",
    "voices per 1000",
]
SourceKind = Literal[
    "law", "rule", "statistic", "paper", "commentary", "press", "assumption", "calibration"
]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Month = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
Number = bool | int | float

MAY_BE_NEGATIVE = {"points", "share of dimension", "RMB", "RMB/year", "yes/no", "log-odds"}
NEVER_NEGATIVE = set(get_args(Unit)) - MAY_BE_NEGATIVE
# No rule runs for more than a century; calendar and compiled rules could not count more.
ENDLESS = {"months", "days", "working days"}
HIGHEST = {
    "points": 30_000,
    "months": 1200,
    "days": 36_525,
    "working days": 26_000,
    "attempts per listed person-year": 360,
    "records per 1000 person-years": 12_000,
    "visits per year": 360,
    "month of the year": 12,
    "grades": 12,
    "decisions per 1000 persons and year": 1_000_000,
    "clerks per 1000000 subjects": 1_000_000,
}


class Strict(BaseModel):
    """A shape without other keys; a text is not a number and a number not a text."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )


class Row(Strict):
    """From this day on, this value, by this source, at this place in it."""

    from_: Day = Field(alias="from", description="first day on which the value holds")
    value: Number | None = Field(description="the value; null where the rule ended")
    source: str = Field(description="a key of sources; if you guessed, one of kind assumption")
    at: str | None = Field(None, description="the place in the source")
    dated: Literal["stated", "assumed"] = "stated"
    """Whether the first day is stated or guessed."""
    between: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(
        None, description="the range of an assumption: [low, high]"
    )
    note: str | None = None
    """Free text."""


class Dated(Strict):
    """A value over time: its unit and its rows, oldest first."""

    unit: Unit
    """Unit of all rows."""
    rows: Annotated[list[Row], Field(min_length=1)]
    """The values, oldest first."""


class Source(Strict):
    """Where a value comes from; an assumption is a source with a reason."""

    kind: SourceKind
    """What it is; assumption and calibration need a reason and ranges."""
    title: str
    """What it is called."""
    date: Day | None = None
    """Day on which it was issued."""
    read: str | None = None
    """What of it was read."""
    href: str | None = None
    """Web address."""
    number: str | None = None
    """Its official number."""
    note: str | None = None
    """Free text."""
    because: str | None = Field(None, description="required where kind is assumption")


class State(Enum):
    """What a dated value can answer besides a number."""

    NOT_YET = "not yet in force"
    ENDED = "ended"


@dataclass(frozen=True)
class Answer:
    """What held on a day: the value and its row, or why there is none."""

    value: Number | None
    row: Row | None
    state: State | None = None


def on(dated: Dated | None, when: date) -> Answer:
    """What a dated value says about a day.

    Examples
    --------
    >>> rows = [Row(**{"from": "2018-05-01", "value": 180, "source": "s"})]
    >>> on(Dated(unit="days", rows=rows), date(2018, 6, 1)).value
    180
    >>> on(Dated(unit="days", rows=rows), date(2018, 4, 1)).state
    <State.NOT_YET: 'not yet in force'>
    """
    held: Row | None = None
    text = when.isoformat()
    for row in dated.rows if dated is not None else ():
        if row.from_ <= text:
            held = row
    if held is None:
        return Answer(None, None, State.NOT_YET)
    if held.value is None:
        return Answer(None, held, State.ENDED)
    return Answer(held.value, held)


def number_on(dated: Dated | None, when: date, default: float = 0.0) -> float:
    """The number in force on a day, or `default` where none is."""
    value = on(dated, when).value
    return default if value is None else float(value)


def monthly(dated: Dated | None, months: range, default: float = 0.0) -> list[float]:
    """The number in force on the first day of each month (`months` are month numbers)."""
    return [number_on(dated, first_day(m), default) for m in months]


def check_sources(sources: dict[str, Source], document: Document, under: Place = ()) -> None:
    """Every assumption gives its reason; every other source its day.

    Raises
    ------
    ScslabError
        With the line of the source at fault.
    """
    for key, source in sources.items():
        where = document.where((*under, "sources", key))
        if source.kind in ("assumption", "calibration") and not source.because:
            raise ScslabError(
                f"a source of kind {source.kind} needs a reason", where=where, hint="because: ..."
            )
        if source.date is not None:
            day(source.date, document.where((*under, "sources", key, "date")))


def check_dated(dated: Dated, place: Place, sources: dict[str, Source], document: Document) -> None:
    """Sense of a dated value: days in order, sources known, ranges where guessed.

    Raises
    ------
    ScslabError
        With the line of the row at fault.
    """
    last = ""
    for i, row in enumerate(dated.rows):
        at = (*place, "rows", i)
        if not is_day(row.from_):
            day(row.from_, document.where((*at, "from")))
        if row.from_ <= last:
            raise ScslabError(
                f"rows must go forward in time ({last} then {row.from_})",
                where=document.where((*at, "from")),
            )
        last = row.from_
        check_row(row, dated.unit, at, sources, document)


@cache
def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar."""
    try:
        day(text)
    except ScslabError:
        return False
    return True


def check_row(
    row: Row, unit: str, at: Place, sources: dict[str, Source], document: Document
) -> None:
    """Sense of one row."""
    source = sources.get(row.source)
    if source is None:
        raise ScslabError(
            f'source "{row.source}" is not in sources',
            where=document.where((*at, "source")),
            hint=near(row.source, sources),
        )
    check_number(row.value, unit, (*at, "value"), document)
    for value in row.between or ():
        check_number(value, unit, (*at, "between"), document)
    if row.between is not None and row.between[0] > row.between[1]:
        raise ScslabError(
            "the range runs backwards",
            where=document.where((*at, "between")),
            got=list(row.between),
            expected="[low, high]",
        )
    if source.kind in ("assumption", "calibration"):
        if row.between is None:
            raise ScslabError(
                f'"{row.source}" is an assumption, so the row needs between: [low, high]',
                where=document.where(at),
            )
        low, high = row.between
        if row.value is not None and not low <= row.value <= high:
            raise ScslabError(
                "the value lies outside its range",
                where=document.where((*at, "value")),
                got=row.value,
                expected=f"{low} to {high}, as between says",
            )
    elif not row.at:
        raise ScslabError(
            f'say at which place in "{row.source}" the value stands (at: ...)',
            where=document.where(at),
        )
    binding = row.dated == "stated" and source.kind in ("law", "rule")
    if binding and source.date and row.from_ < source.date:
        raise ScslabError(
            f"row starts {row.from_}, before its source was issued ({source.date})",
            where=document.where((*at, "from")),
            hint="if the day is a guess, say dated: assumed",
        )


def check_number(value: Number | None, unit: str, at: Place, document: Document) -> None:
    """A value must fit its unit."""
    if value is None:
        return
    wrong = wrong_number(value, unit)
    if wrong:
        raise ScslabError(wrong[0], where=document.where(at), **wrong[1])


def wrong_number(value: Number, unit: str) -> tuple[str, dict[str, Any]] | None:
    """Why a value does not fit its unit: what is wrong, and the facts of the message."""
    if isinstance(value, bool) != (unit == "yes/no"):
        wanted = "true or false" if unit == "yes/no" else "a number"
        return f"value {str(value).lower()} does not fit unit {unit}", {"expected": wanted}
    if value != value or value in (float("inf"), float("-inf")):
        return "a value must be finite", {"got": value}
    if unit in NEVER_NEGATIVE and value < 0:
        return f"{unit} cannot be negative", {"got": value}
    if unit == "share" and value > 1:
        return "a share lies between 0 and 1", {"got": value}
    if unit == "share of dimension" and abs(value) > 1:
        return "a share of a dimension lies between -1 and 1", {"got": value}
    highest = HIGHEST.get(unit)
    if highest is not None and abs(value) > highest:
        return f"this is more {unit} than can be simulated", {
            "got": value,
            "expected": f"at most {highest}",
            "hint": "null says that there is no end" if unit in ENDLESS else "",
        }
    return None


@cache
def keys_of(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """The fields of a model that can hold more than a text or a number, with their keys."""
    plain = (str, int, float, bool)
    fields = model.model_fields.items()
    return tuple((n, f.alias or n) for n, f in fields if f.annotation not in plain)


def walk_dated(model: Any, place: Place = ()) -> list[tuple[Place, Dated]]:
    """Every dated value below a model, with its place."""
    found: list[tuple[Place, Dated]] = []
    gather(model, place, found)
    return found


def gather(model: Any, place: Place, found: list[tuple[Place, Dated]]) -> None:
    """Add every dated value below a model to a list."""
    if isinstance(model, Dated):
        found.append((place, model))
    elif isinstance(model, BaseModel):
        for name, key in keys_of(type(model)):
            value = getattr(model, name)
            if value is not None:
                gather(value, (*place, key), found)
    elif isinstance(model, dict):
        for key, value in model.items():
            gather(value, (*place, key), found)
    elif isinstance(model, list):
        for i, value in enumerate(model):
            gather(value, (*place, i), found)


def change_days(models: Any) -> set[date]:
    """All days on which a row below a model, or a list of them, begins."""
    return {date.fromisoformat(row.from_) for _, dated in walk_dated(models) for row in dated.rows}


def same_rows(days: set[date], month: int) -> bool:
    """Whether no row begins after the first day of the month before and by that of this one."""
    before, now = first_day(month - 1), first_day(month)
    return not any(before < d <= now for d in days)
