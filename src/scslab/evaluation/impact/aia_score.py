"""The score of Canada's Algorithmic Impact Assessment, and its range while answers are missing."""

from __future__ import annotations

from dataclasses import dataclass

from scslab.evaluation.impact.aia_form import (
    DESIGN,
    IMPLEMENTATION,
    PHASE,
    Answers,
    Page,
    Question,
    asked,
    form,
)

ROMAN = ("I", "II", "III", "IV")


def official(raw: int, mitigation: int, most_raw: int, most_mitigation: int) -> tuple[int, int]:
    """Current score and impact level, as the tool computes them.

    Parameters
    ----------
    raw : int
        Raw impact score: the sum of the points of all risk answers.
    mitigation : int
        Mitigation score: the sum of the points of all mitigation answers.
    most_raw, most_mitigation : int
        The most that all questions can give; of mitigation both phases together, of which a
        project answers one.

    Returns
    -------
    (int, int)
        Current score: 85 % of the raw score (halves rounded up) where mitigation reaches 80 % of
        half the most, else the raw score. Level 1 to 25 % of the most raw score, 2 to 50 %,
        3 to 75 %, else 4; the limits belong to the lower level.

    Notes
    -----
    `calculateFinalScore` in `src/store.ts` of github.com/canada-ca/aia-eia-js. Whole numbers
    instead of floating point; the results are the same for every score that can occur.

    Examples
    --------
    >>> official(50, 61, 167, 154), official(50, 62, 167, 154)
    ((50, 2), (43, 2))
    """
    enough = 5 * mitigation >= 2 * most_mitigation
    current = (85 * raw + 50) // 100 if enough else raw
    level = next((n for n in (1, 2, 3) if 4 * current <= n * most_raw), 4)
    return current, level


@dataclass(frozen=True)
class Range:
    """From unanswered questions at 0 points to unanswered questions at their maximum."""

    low: int
    high: int

    @property
    def fixed(self) -> bool:
        """Whether nothing is open."""
        return self.low == self.high


@dataclass(frozen=True)
class PageScore:
    """Scored questions of a page and their points."""

    id: str
    title: str
    counts: str
    questions: int
    unanswered: int
    points: Range
    most: int


@dataclass(frozen=True)
class AiaScore:
    """Scores and level of a form; ranges where questions that it asks are unanswered."""

    raw: Range
    mitigation: Range
    current: Range
    level: Range
    most_raw: int
    most_mitigation: int
    unanswered: tuple[str, ...]
    pages: tuple[PageScore, ...]

    @property
    def complete(self) -> bool:
        """Whether every scored question that the form asks is answered."""
        return not self.unanswered


def score(answers: Answers) -> AiaScore:
    """Score a form, answered in whole or in part.

    Parameters
    ----------
    answers : mapping
        Question id -> values chosen. An empty list answers "none of these"; a question that is
        missing is unanswered.

    Returns
    -------
    AiaScore
        `low` counts unanswered questions as 0 points, `high` at their maximum; a question that
        the answers rule out counts 0. The lowest current score goes with the most mitigation.
        Where the phase is open, `high` is that of the phase with more points.

    Examples
    --------
    >>> nothing = score({})
    >>> nothing.raw, nothing.level, nothing.complete
    (Range(low=0, high=167), Range(low=1, high=4), False)
    """
    found = form()
    most_raw, most_mitigation = found.most("risk"), found.most("mitigation")
    raw = _sum("risk", answers)
    if PHASE in answers:
        mitigation = _sum("mitigation", answers)
    else:
        both = [_sum("mitigation", {**answers, PHASE: [one]}) for one in (DESIGN, IMPLEMENTATION)]
        mitigation = Range(min(one.low for one in both), max(one.high for one in both))
    least = official(raw.low, mitigation.high, most_raw, most_mitigation)
    worst = official(raw.high, mitigation.low, most_raw, most_mitigation)
    pages = [_page(page, answers) for page in found.pages]
    return AiaScore(
        raw=raw,
        mitigation=mitigation,
        current=Range(least[0], worst[0]),
        level=Range(least[1], worst[1]),
        most_raw=most_raw,
        most_mitigation=most_mitigation,
        unanswered=tuple(q.id for q in found.questions if _scored(q) and _open(q, answers)),
        pages=tuple(page for page in pages if page is not None),
    )


def points(question: Question, answers: Answers) -> Range:
    """Points of one question: of its answer, else from 0 to its maximum, 0 if it is not asked."""
    given = answers.get(question.id)
    if given is not None:
        return Range(question.points(given), question.points(given))
    return Range(0, 0 if asked(question.id, answers) is False else question.most)


def _scored(question: Question) -> bool:
    return question.counts != "none"


def _open(question: Question, answers: Answers) -> bool:
    return question.id not in answers and asked(question.id, answers) is not False


def _sum(counts: str, answers: Answers) -> Range:
    found = [points(q, answers) for q in form().questions if q.counts == counts]
    return Range(sum(one.low for one in found), sum(one.high for one in found))


def _page(page: Page, answers: Answers) -> PageScore | None:
    """The scored questions that a page asks; None where it has none."""
    rows = [q for q in page.questions if _scored(q) and asked(q.id, answers) is not False]
    if not rows:
        return None
    found = [points(q, answers) for q in rows]
    return PageScore(
        id=page.id,
        title=page.title,
        counts=rows[0].counts,
        questions=len(rows),
        unanswered=sum(_open(q, answers) for q in rows),
        points=Range(sum(one.low for one in found), sum(one.high for one in found)),
        most=sum(q.most for q in rows),
    )
