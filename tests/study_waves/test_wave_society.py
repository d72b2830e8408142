"""A wave beside a society: attributes and categories are there."""

import pytest
from wave_text import ATTRIBUTES, changed, line_of, mistakes, small

from scslab.core.errors import ScslabError
from scslab.study.check_society import check_against
from scslab.study.read_wave import parse_wave

CASES = mistakes("in_a_society")


def test_small_wave_fits_its_society():
    check_against(small(), ATTRIBUTES)


@pytest.mark.parametrize("name", CASES)
def test_what_the_society_has_not_is_named_with_its_line(name):
    case = CASES[name]
    text = changed((case["old"], case["new"]))
    with pytest.raises(ScslabError) as caught:
        check_against(parse_wave(text), ATTRIBUTES)
    assert case["says"] in str(caught.value)
    assert str(caught.value).startswith(f"wave.yaml:{line_of(text, case['line'])}:"), caught.value


def test_categories_that_nobody_asked_has_need_no_code():
    text = changed(
        ("{female: 0, male: 1}", "{male: 1}"), ("population: {", "population: {sex: [male], ")
    )
    check_against(parse_wave(text), ATTRIBUTES)


def test_years_need_their_attribute():
    attributes = {name: known for name, known in ATTRIBUTES.items() if name != "age"}
    with pytest.raises(ScslabError, match='no attribute "age"'):
        check_against(small(), attributes)
