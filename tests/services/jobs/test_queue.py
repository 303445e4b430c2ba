"""Test that jobs are queued, seen and ended by those who may."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, JobEnded, JobNotFound, NotPermitted
from services.access.log import list_entries
from services.access.roles import Caller, RoleGrant, make_operator
from services.jobs import cancel_job, explain_problem, find_kind, get_job, list_jobs, submit_job
from services.jobs.problems import ABANDONED, UNFORESEEN, to_problem
from services.messages import LANGUAGES, explain
from services.queries import RegisterState
from services.tables.access import Account

OPERATOR = make_operator("tests")


def hire(session: Session, register: RegisterState, role: str, *, division: int | None = None) -> Caller:
    key = session.scalar(insert(Account).values(name=f"{role}.{division}").returning(Account.id))
    return Caller(key, f"{role}.{division}", (RoleGrant(role, register.id, division),))


def test_queued_job_waits_and_is_in_the_log(session, register):
    job = submit_job(session, register, "count", {"steps": 1}, caller=OPERATOR)
    assert (job.state, job.parameters, job.register) == ("waiting", {"steps": 1}, register.name)
    assert list_entries(session)[-1].action == "submit_job"


@pytest.mark.parametrize("role", ["planner", "clerk", "election_officer"])
def test_job_takes_the_right_of_what_it_does(session, register, role):
    with pytest.raises(NotPermitted):
        submit_job(session, register, "count", {}, caller=hire(session, register, role))


def test_scope_is_a_division(session, register, country):
    officer = hire(session, register, "province_officer", division=country.ids["X"])
    with pytest.raises(NotPermitted):
        submit_job(session, register, "count", {}, caller=officer, division_id=country.ids["Y"])
    assert submit_job(session, register, "count", {}, caller=officer, division_id=country.ids["A"]).state == "waiting"


@pytest.mark.parametrize(
    "parameters",
    [{"a": float("nan")}, {"a": object()}, {"a": "\0"}, {"a": "x" * 70_000}, {"a": {1, 2}}],
    ids=["nan", "object", "nul", "huge", "set"],
)
def test_parameters_that_cannot_be_kept_are_refused(session, register, parameters):
    with pytest.raises(InvalidValue):
        submit_job(session, register, "count", parameters, caller=OPERATOR)


def test_unknown_kind_is_refused_with_those_there_are():
    with pytest.raises(InvalidValue) as caught:
        find_kind("nothing")
    assert "count" in explain(caught.value, "en")


@pytest.mark.parametrize(("role", "sees"), [("national_officer", True), ("province_officer", False), ("admin", True)])
def test_jobs_of_others_are_seen_with_a_role(session, register, role, sees):
    job = submit_job(session, register, "count", {}, caller=OPERATOR)
    other = hire(session, register, role)
    assert (job.id in [one.id for one in list_jobs(session, register, caller=other)]) is sees


def test_own_jobs_are_seen_without_one(session, register):
    officer = hire(session, register, "province_officer")
    job = submit_job(session, register, "count", {}, caller=officer)
    assert [one.id for one in list_jobs(session, None, caller=officer)] == [job.id]
    assert list_jobs(session, None, caller=officer, state="done") == ()


@pytest.mark.parametrize("key", [0, -1, 10**18, 2**70])
def test_job_that_is_not_there(session, key):
    with pytest.raises(JobNotFound):
        get_job(session, key, caller=OPERATOR)


def test_job_of_another_is_not_there(session, register):
    job = submit_job(session, register, "count", {}, caller=OPERATOR)
    with pytest.raises(JobNotFound):
        cancel_job(session, job.id, caller=hire(session, register, "province_officer"))


def test_waiting_job_is_ended_once(session, register):
    job = submit_job(session, register, "count", {}, caller=OPERATOR)
    ended = cancel_job(session, job.id, caller=OPERATOR)
    assert (ended.state, ended.ended_at is not None, ended.is_cancelling) == ("cancelled", True, False)
    with pytest.raises(JobEnded):
        cancel_job(session, job.id, caller=OPERATOR)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "problem",
    [UNFORESEEN, ABANDONED, to_problem(NotPermitted(action="x", scope="y")), to_problem(JobEnded(job=1, state="z"))],
    ids=["unforeseen", "abandoned", "plain", "conflict"],
)
def test_problems_are_said(problem, language):
    assert len(explain_problem(problem, language)) > 10


def test_reasons_survive_their_keeping():
    try:
        find_kind("nothing")
    except InvalidValue as error:
        assert explain_problem(to_problem(error), "fa") == explain(error, "fa")
