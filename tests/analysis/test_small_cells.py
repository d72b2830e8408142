"""What tables hide of few respondents, and that what they show does not tell it."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from scslab.analysis import estimate
from scslab.analysis.compare import change, compare
from scslab.analysis.crosstab import crosstab
from scslab.analysis.design import make_design
from scslab.analysis.estimate import hidden_cells
from scslab.analysis.estimate.hidden import hide_lone_cells, told_by_others
from scslab.analysis.indirect.records import Estimates as Indirect
from scslab.analysis.model_tables import (
    Hypothesis,
    coefficient_figure,
    dummy_counts,
    hypotheses_table,
    models_table,
)
from scslab.analysis.models.linear import fit_linear
from scslab.analysis.models.multinomial import fit_multinomial
from scslab.analysis.models.ordinal import fit_ordinal
from scslab.analysis.models.ordinal_effects import average_effects, predicted
from scslab.analysis.models.ordinal_tests import fit_partial
from scslab.analysis.sample import Sample
from scslab.core.errors import ScslabError
from scslab.core.printed import Suppressed
from scslab.survey.answers import Answers, Variable

HIDDEN = Suppressed(5)


def sample_of(frame, **labels):
    """A simple sample; columns with labels are nominal."""
    variables = {
        c: Variable(c, measure="nominal", labels=dict(enumerate(labels[c], 1)))
        if c in labels
        else Variable(c)
        for c in frame
    }
    return Sample(Answers(frame, variables, source="made"), make_design(n=len(frame)))


def rows_of(cells):
    """A row for each respondent of a table {(answers): respondents}."""
    return pd.DataFrame([list(key) for key, n in cells.items() for _ in range(n)]).astype(float)


def polled(cells, names, **labels):
    frame = rows_of(cells)
    frame.columns = names
    return sample_of(frame, **labels)


def body(table, kind="body"):
    """Which rows of a table are hidden, by name."""
    return {row.cells[0]: row.cells[1] == HIDDEN for row in table.rows if row.kind == kind}


# Differences


ILL = {(1, 1): 211, (1, 2): 2, (2, 1): 157, (2, 2): 30}


def ill(cells=ILL, sexes=("f", "m")):
    return polled(cells, ["sex", "ill"], sex=sexes, ill=("no", "yes"))


def test_the_difference_from_a_hidden_share_is_hidden():
    found = compare(ill(), "ill", "sex", level="yes")
    assert found.pairs[0].n == 187  # the base is large; the cases are 2
    assert found.hidden(5).tolist() == [True, False]
    table = found.table()
    assert table.rows[0].cells == ("m - f", *[HIDDEN] * 8)
    assert table.notes[0] == (
        "Wald test that all groups are equal: not shown, it would give a hidden group away."
    )
    assert not any("F(" in note for note in table.notes)
    assert any("fewer than 5 respondents" in note for note in table.notes)


def test_the_difference_of_the_other_answer_is_hidden_too():
    table = compare(ill(), "ill", "sex", level="no").table()
    assert table.rows[0].cells[1] == HIDDEN  # 1 less the share of those who say yes


def test_nothing_is_hidden_of_large_shares_or_on_demand():
    table = compare(ill({**ILL, (1, 2): 5}), "ill", "sex", level="yes").table()
    assert table.rows[0].cells[1] != HIDDEN
    assert "F(1, " in table.notes[0]
    assert compare(ill(), "ill", "sex", level="yes").table(below=0).rows[0].cells[1] != HIDDEN


def test_the_smallest_answer_is_hidden_beside_a_small_one():
    # Differences of all answers add up to 0: of three, one alone would be told by the others.
    cells = {(1, 1): 3, (1, 2): 20, (1, 3): 40, (2, 1): 30, (2, 2): 30, (2, 3): 30}
    sample = polled(cells, ["g", "q"], g=("a", "b"), q=("x", "y", "z"))
    gone = [compare(sample, "q", "g", level=q).table().rows[0].cells[1] == HIDDEN for q in "xyz"]
    assert gone == [True, True, False]


def test_pairs_of_shown_groups_stay_and_the_test_goes_with_one_hidden_group():
    three = {**ILL, (3, 1): 50, (3, 2): 40}
    table = compare(ill(three, ("f", "m", "d")), "ill", "sex", level="yes").table()
    assert body(table) == {"m - f": True, "d - f": True, "d - m": False}
    assert "not shown" in table.notes[0]
    four = {**three, (4, 1): 90, (4, 2): 3}
    table = compare(ill(four, ("f", "m", "d", "x")), "ill", "sex", level="yes").table()
    assert "F(3, " in table.notes[0]  # of two hidden groups it tells neither


def test_the_flags_of_differences_are_those_of_the_table_of_shares():
    rng = np.random.default_rng(4)
    some = 0
    for _ in range(40):
        counts = rng.poisson(rng.uniform(1, 12, (3, 3))) + 1
        sample = polled(
            {(g + 1, q + 1): int(n) for (g, q), n in np.ndenumerate(counts)},
            ["g", "q"],
            g=("a", "b", "c"),
            q=("x", "y", "z"),
        )
        shown = np.array(estimate.share(sample, "q", by="g").hidden(5)).reshape(3, 3)
        for k, level in enumerate("xyz"):
            assert compare(sample, "q", "g", level=level).hidden(5).tolist() == shown[:, k].tolist()
        some += shown.any() and not shown.all()
    assert some > 5


def by_region(sizes=(60, 30, 40, 3)):
    """Ages in regions A, B, C and Z, trust of three steps, sex."""
    rng = np.random.default_rng(1)
    reg = np.repeat(np.arange(1.0, len(sizes) + 1), sizes)
    frame = pd.DataFrame({"reg": reg, "age": rng.normal(50, 9, len(reg))})
    frame["sex"] = np.arange(len(reg)) % 2 + 1.0
    frame["later"] = frame.age + 1
    frame["trust"] = np.arange(len(reg)) % 3 + 1.0
    return sample_of(frame, reg=tuple("ABCZ"), sex=("f", "m"), trust=("low", "mid", "high"))


def test_a_single_hidden_group_takes_the_next_smallest_with_it():
    table = estimate.mean(by_region(), "age", by="reg").table()
    assert body(table) == {"A": False, "B": True, "C": False, "Z": True}
    shown = sum(row.cells[-2] for row in table.rows if row.cells[1] != HIDDEN)
    assert table.n - shown == 33  # not 3
    assert "from what is shown and from n" in table.notes[-1]
    table = estimate.sd(by_region((60, 1, 40, 3)), "age", by="reg").table()
    assert body(table) == {"A": False, "B": True, "C": True, "Z": True}  # 1 + 3 is small as well
    moved = change(by_region(), "age", "later", by="reg").table()
    assert body(moved) == {"A": False, "B": True, "C": False, "Z": True}


def test_a_group_of_few_is_hidden_whole_and_not_alone():
    table = estimate.share(by_region((60, 30, 40, 3)), "sex", by="reg").table()
    gone = {name: [] for name in "ABCZ"}
    for row in table.rows:
        gone[row.cells[0]].append(row.cells[2] == HIDDEN)
    assert gone == {"A": [False] * 2, "B": [True] * 2, "C": [False] * 2, "Z": [True] * 2}


def test_one_answer_alone_is_hidden_where_the_others_are_few():
    sample = polled({(1,): 2, (2,): 211}, ["ill"], ill=("no", "yes"))
    assert estimate.share(sample, "ill", "yes").hidden(5) == [True]
    assert estimate.share(sample, "ill").hidden(5) == [True, True]
    large = polled({(1,): 5, (2,): 211}, ["ill"], ill=("no", "yes"))
    assert estimate.share(large, "ill", "yes").hidden(5) == [False]
    assert estimate.share(sample, "ill", "yes").hidden(0) == [False]


# Tables of two variables


def bounds(full, hidden, cell):
    """The least and the most that a hidden cell can be, by linear programme from what is shown.

    Rows and columns add up to their totals; nothing is below 0; n is known.
    """
    unknown = hidden.copy()
    unknown[-1, -1] = False
    place = {tuple(at): k for k, at in enumerate(np.argwhere(unknown))}
    sign = np.ones_like(full)
    sign[-1], sign[:, -1] = -1, -1
    sign[-1, -1] = 1
    equal, to = [], []
    for line in [[(i, j) for j in range(full.shape[1])] for i in range(full.shape[0])] + [
        [(i, j) for i in range(full.shape[0])] for j in range(full.shape[1])
    ]:
        row = np.zeros(len(place))
        for at in line:
            if at in place:
                row[place[at]] = sign[at]
        equal.append(row)
        to.append(-sum(sign[at] * full[at] for at in line if at not in place))
    goal = np.eye(len(place))[place[cell]]
    ends = [linprog(s * goal, A_eq=np.array(equal), b_eq=to, method="highs") for s in (1, -1)]
    assert all(end.success for end in ends)
    return ends[0].fun, -ends[1].fun


def with_totals(counts):
    full = np.zeros((counts.shape[0] + 1, counts.shape[1] + 1), dtype=int)
    full[:-1, :-1] = counts
    full[-1] = full.sum(axis=0)
    full[:, -1] = full.sum(axis=1)
    return full


def random_counts(rng):
    """Tables with empty, small and large cells."""
    counts = rng.poisson(rng.uniform(1, 20, rng.integers(1, 5, 2) + [0, 1]))
    return counts * (rng.random(counts.shape) > rng.uniform(0, 0.5))


@pytest.mark.parametrize(
    "counts",
    [
        [[15, 22, 17], [6, 0, 24], [20, 0, 1]],
        [[0, 30, 2], [40, 50, 60]],
        [[2, 0, 0, 30], [40, 50, 60, 9], [0, 7, 8, 9]],
        [[3, 40]],
        [[3], [40]],
        [[3, 3, 3, 20], [3, 3, 20, 20], [20, 20, 3, 3], [20, 20, 3, 3]],  # joined by (0, 2)
    ],
)
def test_no_small_cell_is_told(counts):
    full = with_totals(np.array(counts))
    hidden = hidden_cells(np.array(counts))
    assert hidden.sum() < hidden.size
    for i, j in np.argwhere(hidden & (full > 0) & (full < 5)):
        low, high = bounds(full, hidden, (i, j))
        assert high - low > 0.5


def test_no_small_cell_of_random_tables_is_told():
    rng = np.random.default_rng(11)
    tried = 0
    for _ in range(250):
        counts = random_counts(rng)
        full, hidden = with_totals(counts), hidden_cells(counts)
        if full[-1, -1] < 5:
            continue
        for i, j in np.argwhere(hidden & (full > 0) & (full < 5)):
            low, high = bounds(full, hidden, (i, j))
            assert high - low > 0.5, counts
            tried += 1
    assert tried > 200


def test_cells_told_by_others_as_linear_programmes_say():
    rng = np.random.default_rng(3)
    told = free = 0
    for _ in range(60):
        counts = random_counts(rng)
        full = with_totals(counts)
        hidden = rng.random(full.shape) < rng.uniform(0.2, 0.8)
        hidden[-1, -1] = False
        ours = told_by_others(full, hidden)
        for i, j in np.argwhere(hidden):
            low, high = bounds(full, hidden, (i, j))
            assert ours[i, j] == (high - low < 1e-6), (counts, hidden, i, j)
            told, free = told + ours[i, j], free + (not ours[i, j])
    assert min(told, free) > 50


def test_a_bridge_between_two_blocks_is_covered():
    # Every line has two hidden cells or more, yet the cell that joins two blocks is told.
    full = with_totals(np.full((4, 4), 20))
    hidden = np.zeros((5, 5), dtype=bool)
    hidden[:2, :2] = hidden[2:4, 2:4] = hidden[0, 2] = True
    assert np.argwhere(told_by_others(full, hidden)).tolist() == [[0, 2]]


def test_a_partner_is_not_empty_where_there_is_another():
    assert hide_lone_cells(np.array([True, False, False]), np.array([3, 0, 9]), 5).tolist() == [
        True, False, True,
    ]  # fmt: skip


def test_the_printed_table_of_two_variables_hides_what_the_rule_says():
    counts = np.array([[15, 22, 17], [6, 0, 24], [20, 0, 1]])
    sample = polled(
        {(i + 1, j + 1): int(n) for (i, j), n in np.ndenumerate(counts)},
        ["a", "b"],
        a=tuple("xyz"),
        b=tuple("uvw"),
    )
    table = crosstab(sample, "a", "b").table(se=False)
    shown = [[c == HIDDEN for c in row.cells[1:4]] for row in table.rows if row.kind == "body"]
    assert shown == hidden_cells(counts)[:-1, :-1].tolist()
    assert shown[2][2] and shown[2][0]


# Models


def test_the_coefficient_of_a_category_of_few_is_hidden():
    model = fit_linear(by_region(), "age ~ reg + sex")
    assert dummy_counts(model.matrix) == {"regB": 30, "regC": 40, "regZ": 3, "sexm": 66}
    table = model.table()
    assert body(table) == {
        "(Intercept)": False, "reg: B": False, "reg: C": False, "reg: Z": True, "sex: m": False,
    }  # fmt: skip
    at = [row.cells[0] for row in table.rows].index("reg: Z")
    assert table.rows[at + 1].cells == ("", HIDDEN)  # its standard error
    assert table.rows[at].p == (None, None)
    assert table.notes[-1] == (
        "Coefficients that rest on a category of fewer than 5 respondents (unweighted) are not "
        "shown."
    )
    assert not any(body(model.table(below=0)).values())
    assert not any(body(model.table(below=3)).values())


def test_the_plot_and_the_hypotheses_leave_it_out():
    model = fit_linear(by_region(), "age ~ reg")
    counts = [dummy_counts(model.matrix)]
    figure = coefficient_figure([("m", model.fitted)], counts=counts)
    assert [row.term for row in figure.rows] == ["reg: B", "reg: C"]
    assert "are not shown" in figure.notes[-1]
    asked = [Hypothesis("H1", "z", "m", "regZ", "+"), Hypothesis("H2", "b", "m", "regB", "+")]
    table = hypotheses_table(asked, {"m": model.fitted}, counts={"m": counts[0]})
    assert [row.cells[-1] == HIDDEN for row in table.rows] == [True, False]
    assert table.rows[0].cells[3:] == (HIDDEN,) * 4


def test_a_small_reference_hides_all_that_is_set_against_it():
    model = fit_linear(by_region(), "age ~ reg + sex", reference={"reg": "Z"})
    table = model.table()
    assert body(table) == {
        "(Intercept)": True, "reg: A": True, "reg: B": True, "reg: C": True, "sex: m": False,
    }  # fmt: skip
    assert "The reference category of reg is as small" in table.notes[-1]
    ordinal = fit_ordinal(by_region(), "trust ~ reg", reference={"reg": "Z"}).table()
    assert all(row.cells[1] == HIDDEN for row in ordinal.rows if row.kind == "body"), ordinal.rows


def test_slopes_within_a_category_of_few_are_hidden():
    model = fit_linear(by_region((60, 30, 40, 4)), "age ~ reg * trust", treat={"trust": "number"})
    gone = body(model.table())
    assert gone["reg: Z"] and gone["reg: Z × trust"]
    assert not gone["trust"] and not gone["reg: B × trust"]
    turned = fit_linear(
        by_region((60, 30, 40, 4)),
        "age ~ reg * trust + sex",
        treat={"trust": "number"},
        reference={"reg": "Z"},
    )
    gone = body(turned.table())
    assert gone["trust"]  # the slope among the four of the reference
    assert not gone["sex: m"]
    crossed = fit_linear(by_region((60, 30, 40, 9)), "age ~ reg * sex")
    assert crossed.matrix.X[:, crossed.matrix.names.index("regZ:sexm")].sum() == 4
    gone = body(crossed.table())
    assert [name for name, away in gone.items() if away] == ["reg: Z × sex: m"]


def test_numbers_of_two_values_are_categories_whatever_they_are():
    sample = by_region((60, 30, 40, 3))
    z = pd.Series((sample.number("reg") == 4) + 1.0)
    answers = sample.answers.with_columns({"z": (Variable("z"), z)})
    model = fit_linear(
        replace(sample, answers=answers), "age ~ z + trust", treat={"trust": "number"}
    )
    assert dummy_counts(model.matrix) == {"z": 3}
    assert body(model.table()) == {"(Intercept)": False, "z": True, "trust": False}
    other = replace(answers, frame=answers.frame.assign(z=3 - answers.frame.z))
    model = fit_linear(replace(sample, answers=other), "age ~ z")
    assert body(model.table()) == {"(Intercept)": True, "z": True}


def test_multinomial_and_partial_models_know_their_columns():
    sample = by_region((60, 30, 40, 4))
    model = fit_multinomial(sample, "trust ~ sex + reg")
    gone = [name for name, away in body(model.table()).items() if away]
    assert len(gone) == 2
    assert all("reg" in name and name.endswith("Z") for name in gone)
    ordinal = fit_ordinal(sample, "trust ~ reg + sex")
    partial = fit_partial(ordinal, ["reg"])
    table = models_table([("partial", partial)], counts=[dummy_counts(ordinal.matrix)])
    gone = [name for name, away in body(table).items() if away]
    assert len(gone) == 2
    assert all(re.search(r"Z:(low\|mid|mid\|high)$", name) for name in gone)


def test_models_side_by_side_hide_their_own():
    some = fit_linear(by_region(), "age ~ reg")
    more = fit_linear(by_region((60, 30, 40, 6)), "age ~ reg")
    counts = [dummy_counts(m.matrix) for m in (some, more)]
    table = models_table([("a", some.fitted), ("b", more.fitted)], counts=counts)
    last = next(row for row in table.rows if row.cells[0] == "reg: Z")
    assert last.cells[1] == HIDDEN
    assert last.cells[2] == pytest.approx(more.fitted.coefficients[-1])
    with pytest.raises(ScslabError, match="counts are given for each model"):
        models_table([("a", some.fitted), ("b", more.fitted)], counts=counts[:1])


def test_effects_of_a_category_of_few_are_hidden():
    sample = by_region((60, 30, 40, 4))
    model = fit_ordinal(sample, "trust ~ reg + age + sex")
    table = average_effects(model, ["reg", "age"]).table()
    assert body(table) == {
        "reg: A → B": False, "reg: A → C": False, "reg: A → Z": True, "age: per unit": False,
    }  # fmt: skip
    assert table.rows[5].cells == ("", *[HIDDEN] * 3)
    assert "fewer than 5 respondents" in table.notes[-1]
    at = predicted(model, [{"reg": "Z"}, {"reg": "A"}, {"reg": 4.0, "sex": "f"}, {"age": 50}, {}])
    assert list(body(at.table()).values()) == [True, False, True, False, False]
    assert not any(body(at.table(below=0)).values())
    turned = fit_ordinal(sample, "trust ~ reg", reference={"reg": "Z"})
    assert all(body(average_effects(turned, ["reg"]).table()).values())


def test_the_effect_of_a_rare_number_is_hidden():
    sample = by_region((60, 30, 40, 4))
    z = pd.Series((sample.number("reg") == 4) * 1.0)
    answers = sample.answers.with_columns({"z": (Variable("z"), z)})
    model = fit_ordinal(replace(sample, answers=answers), "trust ~ z + age")
    table = average_effects(model, ["z", "age"]).table()
    assert body(table) == {"z: per unit": True, "age: per unit": False}
    assert list(body(predicted(model, [{"z": 1}, {"z": 0}]).table()).values()) == [True, False]


# Indirect questions


def test_groups_of_few_in_tables_of_indirect_questions_are_hidden():
    found = Indirect(
        id="x",
        title="X",
        names=("share",) * 3,
        groups=("a", "b", "c"),
        estimates=np.array([0.1, 0.2, 0.3]),
        covariance=np.eye(3) * 0.01,
        df=100.0,
        n=(3, 60, 40),
        rows=103,
        source="made",
    )
    table = found.table()
    assert [row.cells[2] == HIDDEN for row in table.rows] == [True, False, True]
    assert table.rows[0].cells == ("share", "a", *[HIDDEN] * 6)
    assert "fewer than 5 respondents" in table.notes[-1]
    assert [row.series for row in found.figure().rows] == ["b"]
    assert not any(HIDDEN in row.cells for row in found.table(below=0).rows)
    alone = replace(
        found,
        names=("share",),
        groups=("",),
        estimates=np.array([0.1]),
        covariance=np.eye(1),
        n=(4,),
    )
    assert alone.table().rows[0].cells == ("share", *[HIDDEN] * 6)
