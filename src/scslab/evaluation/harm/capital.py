"""Political capital: a rough grouping of persons by what may protect them or make them visible."""

from __future__ import annotations

import pandas as pd

from scslab.core.errors import ScslabError

CAPITAL = "political_capital"
LEVELS = ("low", "middle", "high")
SAYS = (
    "Political capital is a rough proxy made of attributes: one point for membership of the "
    "Communist Party, one for a good position, which is high education or high income. Neither is "
    "low, one of the two middle, both high. Office, relations and family are not in the society, "
    "so nothing is known of those who have these alone."
)


def has_capital(columns: pd.Index | list[str]) -> bool:
    """Whether persons can be grouped by political capital: party, and education or income."""
    return "party" in columns and ("education" in columns or "income" in columns)


def political_capital(frame: pd.DataFrame) -> pd.Categorical:
    """Persons by political capital; missing where an attribute does not apply.

    Low: neither a Party member nor of high education or high income. Middle: one of the two.
    High: both.

    Parameters
    ----------
    frame : DataFrame
        With party (no, yes) and at least one of education and income (with a category high).

    Returns
    -------
    Categorical
        low, middle, high, in this order.

    Raises
    ------
    ScslabError
        The attributes are not there, or have other categories.

    Examples
    --------
    >>> rows = {"party": ["no", "yes", "no", "yes"], "education": ["low", "low", "high", "high"]}
    >>> list(political_capital(pd.DataFrame(rows)))
    ['low', 'middle', 'middle', 'high']
    """
    if not has_capital(frame.columns):
        raise ScslabError(
            "political capital cannot be told here",
            expected="the attribute party, and education or income",
        )
    given = [name for name in ("education", "income") if name in frame]
    party = is_category(frame["party"], "yes")
    position = party & False
    missing = frame["party"].isna()
    for name in given:
        position |= is_category(frame[name], "high")
        missing |= frame[name].isna()
    points = party.astype(int) + position.astype(int)
    return pd.Categorical.from_codes(points.mask(missing, -1), list(LEVELS), ordered=True)


def is_category(column: pd.Series, wanted: str) -> pd.Series:
    """Which rows are of a category that must exist."""
    known = (
        column.cat.categories
        if isinstance(column.dtype, pd.CategoricalDtype)
        else column.dropna().unique()
    )
    if wanted not in known and isinstance(column.dtype, pd.CategoricalDtype):
        raise ScslabError(
            f"political capital cannot be told from {column.name}",
            got=", ".join(map(str, known)),
            expected=f"a category {wanted}",
        )
    return (column == wanted).fillna(False).astype(bool)
