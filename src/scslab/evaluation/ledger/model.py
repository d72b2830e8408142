"""The shape of a ledger of findings (`ledger/1`), and of what a row of a table measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from scslab.core.values import Strict
from scslab.core.yamlfile import Document

Scalar = int | float | str
Codes = Annotated[list[Scalar], Field(min_length=1)]
Domain = dict[str, Codes]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class OneCoefficient(Strict):
    """A coefficient of a model."""

    model: str
    """The id of a model of the analysis."""
    name: str
    """The coefficient, or the term of the formula that it belongs to."""
    turned: bool = Field(False, description="its opposite is meant: female where male is coded")


class CoefficientSpec(Strict):
    """One coefficient, or several that all must agree."""

    model: str | None = Field(None, description="the id of a model of the analysis")
    name: str | None = Field(None, description="the coefficient, or its term")
    turned: bool = Field(False, description="its opposite is meant: female where male is coded")
    all_of: list[OneCoefficient] = Field(
        default_factory=list, description="instead: several, such as of two indices"
    )


class ChangeSpec(Strict):
    """How a mean or a share differs between two groups."""

    mean: str
    """The variable; of one with 0 and 1 the mean is the share."""
    from_: Domain = Field(alias="from", description="the group that it is compared with")
    to: Domain
    """The group whose difference it is."""
    relative: bool = Field(False, description="as a share of the mean of from")


class MeasureSpec(Strict):
    """What is measured: exactly one way."""

    share: Domain | None = Field(
        None, description="share with one of the codes; in all variables named, if several"
    )
    mean: str | None = Field(None, description="mean of a variable")
    coefficient: CoefficientSpec | None = None
    """A coefficient of a model, or several."""
    rate: str | None = Field(None, description="a rate of the fieldwork, such as finished")
    change: ChangeSpec | None = None
    """The difference of a mean or share between two groups."""
    distribution: dict[str, list[Codes]] | None = Field(
        None, description="one variable -> the codes of each part"
    )
    base: Literal["valid", "everybody"] = Field(
        "valid", description="what a share is of: valid answers, or all, whatever they answered"
    )


class QuantitySpec(MeasureSpec):
    """A quantity that a finding can be of: its wordings, and how it is measured."""

    says: Annotated[list[str], Field(min_length=1)]
    """Wordings; (a|b) is one or the other, (a) may be left out."""
    among: Domain = Field(
        default_factory=dict, description="who is counted, whatever the finding's group"
    )


class GroupSpec(Strict):
    """A group that a finding can be of."""

    says: Annotated[list[str], Field(min_length=1)]
    """Wordings; (a|b) is one or the other, (a) may be left out."""
    where: Domain = Field(
        default_factory=dict, description="variable -> codes; everybody where it is empty"
    )


class Roles(Strict):
    """Which findings went into the study; all others are held out."""

    fitted: list[str] = Field(default_factory=list, description="values were fitted to them")
    input: list[str] = Field(default_factory=list, description="they are values of the study")


class Ledger(Strict):
    """How published findings are computed from the answers of a wave (`ledger/1`)."""

    ledger: Literal["ledger/1"]
    """The version of this shape."""
    wave: Name
    """The wave whose answers are meant."""
    sources: list[str] = Field(
        default_factory=list,
        description="whose survey the wave is; findings that are known from elsewhere are not its",
    )
    quantities: Annotated[list[QuantitySpec], Field(min_length=1)]
    """What findings are of."""
    groups: list[GroupSpec] = Field(default_factory=list)
    """Whom findings are of."""
    roles: Roles = Field(default_factory=Roles)
    """Which findings went into the study."""
    reasons: dict[str, str] = Field(
        default_factory=dict, description="finding -> why it is known not to agree"
    )


@dataclass(frozen=True)
class LedgerFile:
    """A ledger with the document it was read from, so that later mistakes can name a line."""

    ledger: Ledger
    document: Document
