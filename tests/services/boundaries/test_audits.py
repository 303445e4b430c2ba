"""Test that audits are kept, tied to the run before, and told as jobs."""

from __future__ import annotations

from datetime import date

import pytest
from shapely import box
from sqlalchemy import select, update

from geo.errors import InvalidValue, JobCancelled, NotPermitted, UnknownLevel
from services.access.log import list_entries
from services.access.roles import Caller, RoleGrant, make_operator
from services.boundaries.audit_grounds import AuditScope
from services.boundaries.audits import audit_country, audit_levels, submit_audit
from services.boundaries.findings import FindingFilter, count_findings, list_findings
from services.boundaries.runs import get_audit_run
from services.database.engine import open_session
from services.jobs import get_job, work_jobs
from services.queries import get_register
from services.tables.boundaries import AuditRun
from services.tables.register import Boundary

DAY = date(2026, 1, 1)
OPERATOR = make_operator("tests")
GROUND = ("gap", "overlap")


def count_ground(session, register, **wanted):
    counts = count_findings(session, register, FindingFilter(**wanted))
    return {kind: counts[kind] for kind in GROUND if kind in counts}


def mend(session, torn):
    """Draw back the bakhsh that reaches into its neighbour."""
    own = Boundary.division_id == torn.ids["990101"]
    session.execute(update(Boundary).where(own).values(geom=f"SRID=4326;MULTIPOLYGON({str(box(50, 30, 52, 31))[8:]})"))


def test_run_keeps_its_certificate_and_what_it_saw(session, torn_register, audit):
    run = get_audit_run(session, torn_register, audit().run)
    assert (run.certified, run.divisions, run.based_on) == (True, 4, torn_register.version)
    assert run.certificate["is_closed"] is True
    assert run.tolerances["report_area_m2"] == torn_register.pack.tolerances.report_area_m2


@pytest.mark.parametrize(("kind", "places", "people"), [("overlap", 1, 40), ("gap", 1, 40)])
def test_places_and_people_on_the_ground_are_counted(session, torn_register, audit, kind, places, people):
    wanted = FindingFilter(kind, run=audit().run)
    (found,) = list_findings(session, torn_register, wanted)
    assert (found.places, found.people) == (places, people)


def test_register_without_places_says_nothing_of_them(session, country):
    country.add("E", "commune", parent="P", ground=box(0, 0, 1, 1))
    run = audit_levels(session, country.register, ["commune"], day=DAY, caller=OPERATOR).run
    assert {one.places for one in list_findings(session, country.register, FindingFilter(run=run))} == {None}


def test_cases_are_new_then_still_there_then_gone(session, torn, audit):
    first = audit()
    assert count_ground(session, torn.register, run=first.run, status="new") == {"gap": 1, "overlap": 1}
    second = audit()
    assert count_ground(session, torn.register, run=second.run, status="new") == {}
    assert count_ground(session, torn.register, run=second.run, status="still") == {"gap": 1, "overlap": 1}
    mend(session, torn)
    third = audit()
    assert count_ground(session, torn.register, run=third.run, status="gone") == {"overlap": 1}
    assert count_ground(session, torn.register, run=third.run) == {"gap": 1}


def test_case_knows_when_it_was_seen_first(session, torn, audit):
    first, second = audit(), audit()
    long_ago = select(AuditRun.audited_at).where(AuditRun.id == first.run)
    (gap,) = list_findings(session, torn.register, FindingFilter("gap", run=second.run))
    assert (gap.first_seen, gap.status) == (session.scalar(long_ago), "still")


def test_part_is_audited_within_a_division(session, torn, audit):
    whole, part = audit(), audit(within=torn.ids["9901"])
    assert (part.polygons, part.counts) == (4, whole.counts)
    assert get_audit_run(session, torn.register, part.run).within == "9901"
    assert get_audit_run(session, torn.register, audit().run).previous == whole.run


def test_only_what_stands_under_the_division_is_audited(session, torn, audit):
    with pytest.raises(InvalidValue):
        audit(within=torn.ids["990101"])
    whole = audit_country(session, torn.register, day=DAY, caller=OPERATOR, within=torn.ids["99"])
    assert [part.levels for part in whole.parts] == [("county",), ("bakhsh",)]


def test_runs_of_parts_are_not_the_latest_of_the_whole(session, torn, audit):
    audit()
    audit(within=torn.ids["9901"])
    assert count_ground(session, torn.register) == {"gap": 1, "overlap": 1}


def test_country_is_audited_part_by_part(session, torn):
    whole = audit_country(session, torn.register, day=DAY, caller=OPERATOR)
    assert [part.levels for part in whole.parts] == [("province",), ("county",), ("bakhsh",)]
    assert {get_audit_run(session, torn.register, part.run).group for part in whole.parts} == {whole.group}
    assert [entry.action for entry in list_entries(session)[-3:]] == ["run_audit"] * 3


class Impatient:
    """Ask after so many steps that the audit end."""

    def __init__(self, most):
        self.most, self.told = most, []

    def report(self, done, total, word=""):
        """Note what is told."""
        self.told.append((done, total))

    def check_cancelled(self):
        """End when enough was told."""
        if len(self.told) >= self.most:
            raise JobCancelled(job=1)


def test_audit_of_the_country_tells_its_steps(session, torn):
    steps = Impatient(99)
    audit_country(session, torn.register, day=DAY, caller=OPERATOR, steps=steps)
    assert steps.told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_audit_of_the_country_ends_when_it_shall(session, torn):
    with pytest.raises(JobCancelled):
        audit_country(session, torn.register, day=DAY, caller=OPERATOR, steps=Impatient(1))


@pytest.mark.parametrize(("levels", "error"), [(["nowhere"], UnknownLevel), (["dehestan"], InvalidValue)])
def test_what_has_no_boundaries_is_refused(session, torn_register, levels, error):
    with pytest.raises(error):
        audit_levels(session, torn_register, levels, day=DAY, caller=OPERATOR)


def test_country_without_boundaries_is_refused(session, build):
    with pytest.raises(InvalidValue):
        audit_country(session, build().register, day=DAY, caller=OPERATOR)


def test_job_needs_the_right_where_it_audits(session, torn):
    officer = Caller(None, "x", (RoleGrant("province_officer", torn.register.id, torn.ids["990102"]),))
    with pytest.raises(NotPermitted):
        submit_audit(session, torn.register, AuditScope(("bakhsh",), DAY, torn.ids["990101"]), caller=officer)


@pytest.mark.parametrize(("levels", "runs"), [(("commune",), 1), ((), 3)])
def test_job_audits_and_names_its_runs(fresh_engine, build_in, levels, runs):
    with open_session(fresh_engine) as session:
        drawn = build_in(session)
        drawn.draw("XX", "wilaya")
        drawn.draw("PP", "daira", parents={"P": "X"})
        drawn.draw("AB", "commune", parents={"A": "P", "B": "P"})
        job = submit_audit(session, drawn.register, AuditScope(levels, DAY), caller=OPERATOR)
    work_jobs(fresh_engine)
    with open_session(fresh_engine) as session:
        done = get_job(session, job.id, caller=OPERATOR)
        assert (done.state, len(done.result["runs"]), done.result["certified"]) == ("done", runs, True)
        register = get_register(session, drawn.register.name)
        assert get_audit_run(session, register, done.result["runs"][-1]).actor == OPERATOR.name
