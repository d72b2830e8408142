"""Tallies and measures made up by hand, so that harm can be reckoned on paper.

Two regimes, two months. The court (`court`) has everybody on file; the club (`club`) rewards some
urban members. Every count that is not named is 0.
"""

from typing import Any

import pandas as pd

from scslab.core.tables import FLOWS, STOCKS

MONTHS = ("2020-01", "2020-02")
COUNTS = (*FLOWS, *STOCKS)


def tallies(*rows: dict[str, Any]) -> pd.DataFrame:
    """Rows of tallies; what is not given is 0."""
    return pd.DataFrame([dict.fromkeys(COUNTS, 0) | row for row in rows])


def month_rows(regime: str, group: dict[str, str], **counts: Any) -> list[dict[str, Any]]:
    """A row for each month; a count is a number of every month or a pair."""
    return [
        {"regime": regime, "month": month}
        | group
        | {c: v[i] if isinstance(v, tuple) else v for c, v in counts.items()}
        for i, month in enumerate(MONTHS)
    ]


def measure(regime: str, name: str, comes_of: str, group: dict[str, str], **counts: int) -> dict:
    """A row of measures in the first month."""
    given = {"person_months": 0, "refused": 0, "wrongful_person_months": 0, "wrongful_refused": 0}
    row = {"regime": regime, "month": MONTHS[0], **group, "measure": name, "comes_of": comes_of}
    return row | given | counts


RURAL_POOR = {"residence": "rural", "income": "low", "party": "no"}
URBAN_RICH = {"residence": "urban", "income": "high", "party": "yes"}


def society(order: tuple[str, ...] = ("rural", "urban")) -> pd.DataFrame:
    """1,200 rural and 600 urban persons on the court's file; 300 of the latter in the club."""
    rows = [
        *month_rows(
            "court",
            RURAL_POOR,
            covered=1200,
            entries=(40, 20),
            wrongful_entries=(4, 2),
            exits=(0, 10),
            wrongful_exits=(0, 2),
            listed=(40, 50),
            wrongful_listed=(4, 4),
            hardship_entries=(6, 0),
            hardship_listed=(6, 5),
            wrongs_corrected=(0, 2),
            months_wronged=(0, 2),
            records=(50, 30),
            true_records=(44, 26),
            misattributed=(4, 3),
            from_nothing=(2, 1),
            breaches=(60, 40),
            missed=(15, 15),
            decided=(10, 10),
            corrected=(4, 4),
            corrected_wronged=(1, 1),
            rejected=(6, 6),
            rejected_wronged=(1, 2),
            copies=(2, 1),
            copies_corrected=(1, 0),
            performed=(5, 5),
        ),
        *month_rows(
            "court",
            URBAN_RICH,
            covered=600,
            entries=(10, 5),
            wrongful_entries=(1, 0),
            listed=(10, 15),
            wrongful_listed=(1, 1),
            records=(20, 10),
            true_records=(20, 10),
            breaches=(50, 50),
            missed=(30, 30),
        ),
        *month_rows(
            "club", URBAN_RICH, covered=300, scored=300, points_lost=(7, 0), records=(1, 0)
        ),
    ]
    frame = tallies(*rows)
    frame["residence"] = pd.Categorical(frame["residence"], order, ordered=True)
    return frame


def lived() -> pd.DataFrame:
    """Measures: flights and loans for the listed, bikes for the club's members."""
    return pd.DataFrame(
        [
            measure(
                "court",
                "flights",
                "blacklist",
                RURAL_POOR,
                person_months=90,
                refused=30,
                wrongful_person_months=8,
                wrongful_refused=3,
            ),
            measure(
                "court",
                "finance",
                "blacklist",
                RURAL_POOR,
                person_months=45,
                wrongful_person_months=4,
            ),
            measure("court", "flights", "blacklist", URBAN_RICH, person_months=25, refused=5),
            measure("club", "public_bikes", "score", URBAN_RICH, person_months=600),
        ]
    )
