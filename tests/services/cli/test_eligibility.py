"""Test the commands of who may vote."""

from __future__ import annotations

import json

import pytest

from geo.errors import InvalidDate, InvalidValue

GROWN = ("--born", "1360-01-01", "--citizen", "--held-on", "1403-12-10")


def check(run, *arguments):
    return json.loads(run("eligibility", "check", *arguments, *GROWN, "--json").stdout)["verdict"]


@pytest.mark.parametrize("country", ["ir", "af"])
def test_rules_are_listed(run, country):
    assert run("eligibility", "list", "--country", country).exit_code == 0
    assert json.loads(run("eligibility", "list", "--country", country, "--json").stdout)


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [
        (("local_council", "--resident-since", "1403-06-10", "--people", "50000"), "no"),
        (("local_council", "--resident-since", "1403-06-10", "--people", "150000"), "yes"),
        (("majles_second_round", "--voted-in", "A", "--constituency", "B"), "no"),
        (("majles_second_round", "--voted-in", "A", "--constituency", "A"), "yes"),
        (("majles_second_round", "--voted-in", "-"), "yes"),
        (("majles_second_round",), "unknown"),
    ],
)
def test_electors_are_judged(run, arguments, outcome):
    assert check(run, *arguments)["outcome"] == outcome


def test_the_answer_is_printed_with_where(run):
    printed = run("eligibility", "check", "majles_second_round", "--voted-in", "A7", *GROWN).stdout
    assert "A7" in printed


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("senate", *GROWN), InvalidValue),
        (("president", "--held-on", "soon"), InvalidDate),
        (("president", *GROWN, "--sex", "other"), InvalidValue),
        (("local_council", *GROWN, "--people", "-5"), InvalidValue),
    ],
)
def test_questions_that_cannot_be_answered(run, arguments, error):
    with pytest.raises(error):
        run("eligibility", "check", *arguments)
