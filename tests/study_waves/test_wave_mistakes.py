"""Every mistake in a wave file has one message, with its line."""

import pytest
from wave_text import WAVE, changed, line_of, mistakes, refused, small

CASES = mistakes("by_itself")


def test_the_small_wave_is_right():
    wave = small().wave
    assert wave.id == "small-1"
    assert wave.field.safer is not None
    assert wave.field.safer.answers == {"confidence": {1: 3, 2: 3}}


@pytest.mark.parametrize("name", CASES)
def test_mistake_has_a_message_with_its_line(name):
    case = CASES[name]
    text = changed((case["old"], case["new"]))
    message = refused(text)
    assert case["says"] in message
    if "line" in case:
        assert message.startswith(f"wave.yaml:{line_of(text, case['line'])}:"), message


def test_wave_without_variables_is_refused():
    variables = WAVE[WAVE.index("variables:") : WAVE.index("sample:")]
    paper = "  paper: {kind: paper, title: A paper}\n"
    assert "needs variables" in refused(changed((variables, "variables: []\n"), (paper, "")))


def test_panel_needs_an_earlier_wave():
    quotas = WAVE[WAVE.index("  quotas:") : WAVE.index("field:")]
    none = refused(changed(("kind: river", "kind: panel"), (quotas, "")))
    assert "a panel needs the earlier wave" in none
    same = refused(changed(("kind: river", "kind: panel"), (quotas, "  of: small-1\n")))
    assert "got: small-1" in same


def test_number_that_is_not_finite_is_refused():
    message = refused(changed(("value: 0.7, source: paper", "value: 1e999, source: paper")))
    assert "a value must be finite" in message
