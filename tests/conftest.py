"""Give the tests real parts: a private cluster, a migrated database, real data where it is at hand."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from pathlib import Path

import pytest
import shapely
from hypothesis import settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from services.access.roles import make_operator
from services.database.cluster import Cluster
from services.database.engine import connect, create_store_engine, open_session, upgrade_tables

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = ROOT.parent / "shared" / "data"
TEMPLATE = "template_taqsimat"
numbers = count()

# a busy machine must not fail what is true
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Run one throw-away cluster for the whole session."""
    folder = Path(tempfile.mkdtemp(prefix="taqsimat-tests-"))
    folder.chmod(0o755)
    with Cluster(folder / "data", durable=False) as running:
        yield running
        running.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """Migrate one database that the others are copied from."""
    engine = create_store_engine(cluster.create_database(TEMPLATE))
    with connect(engine) as connection:
        upgrade_tables(connection)
    engine.dispose()
    return TEMPLATE


@pytest.fixture
def fresh_url(cluster: Cluster, template: str) -> Iterator[str]:
    """Copy a migrated database for a test that commits."""
    name = f"fresh_{os.getpid()}_{next(numbers)}"
    yield cluster.create_database(name, template=template)
    cluster.drop_database(name)


@pytest.fixture
def fresh_engine(fresh_url: str) -> Iterator[Engine]:
    """Open an engine on a migrated database of the test's own."""
    engine = create_store_engine(fresh_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def engine(cluster: Cluster, template: str) -> Iterator[Engine]:
    """Open an engine on one migrated database that tests share and leave as they found it."""
    engine = create_store_engine(cluster.create_database("shared_by_tests", template=template))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Open a session whose writes are taken back after the test."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Point to the real data beside the checkout, where they are at hand."""
    if not REAL_DATA.is_dir():
        pytest.skip("the real data are not beside this checkout")
    return REAL_DATA


@pytest.fixture(scope="session")
def demo_engine(cluster: Cluster, template: str) -> Iterator[Engine]:
    """Open an engine on the demonstration's register, which tests read and do not change."""
    # imported here, for it brings in most of the program and many tests need none of it
    from services.demonstration import demonstrate

    engine = create_store_engine(cluster.create_database("demonstration", template=template))
    with open_session(engine) as session:
        demonstrate(session, caller=make_operator("tests"))
    yield engine
    engine.dispose()


@pytest.fixture
def demo_session(demo_engine: Engine) -> Iterator[Session]:
    """Open a session on the demonstration whose writes are taken back after the test."""
    with demo_engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture(scope="session")
def disputed_engine(cluster: Cluster, template: str) -> Iterator[Engine]:
    """Open an engine on a small drawn country with disputes, which tests read and do not change.

    Dispute 1 is decided and has all that a dispute may have, 2 is confidential, 3 is a request without ground.
    """
    from fixtures.letters import draw
    from services.disputes.claims import ClaimText
    from services.disputes.decisions import DecisionText, propose_decision
    from services.disputes.evidence import EvidenceText, SentFile, add_evidence
    from services.disputes.opening import OpeningText, open_from_claim, open_from_request
    from services.disputes.options import OptionsWish, prepare_options
    from services.queries import get_register
    from services.register.decrees import DecreeText, record_decree

    engine = create_store_engine(cluster.create_database("disputed", template=template))
    clerk, day = make_operator("tests"), date(2026, 1, 1)
    with open_session(engine) as session:
        put_country(session, draw("XXX\nXXX"), "wilaya", None)
        put_country(session, draw("AAB\nAAB"), "daira", "X")
        register = get_register(session, "drawn")
        text = OpeningText("زمین سبز", "بر سر <b>زمین</b> سبز")
        claim = ClaimText("B", "A", shapely.LineString([(1.9, -1), (1.9, 3)]), "چرای دیرین")
        one = open_from_claim(session, register, claim, text, day=day, caller=clerk)
        map_sheet = EvidenceText("map_sheet", "برگ ۷", line=shapely.LineString([(1.95, -1), (1.95, 3)]), accuracy_m=20)
        sent = SentFile("برگ.txt", "از سنگ تا چشمه".encode())
        kept = add_evidence(session, register, one.id, map_sheet, based_on=one.version, caller=clerk, file=sent)
        made = prepare_options(session, register, one.id, OptionsWish(day), based_on=kept.version, caller=clerk)
        decree = record_decree(session, register, DecreeText("12", "هیئت وزیران", day, day), caller=clerk)
        put_marker(session, decree.id, "A")
        number = next(option.number for option in made.options if option.refused is None)
        wish = DecisionText(decree.id, "چشمه از آن B است", number)
        propose_decision(session, register, one.id, wish, based_on=made.version, caller=clerk)
        hidden = OpeningText("رازآلود", confidential=True)
        open_from_claim(session, register, claim, hidden, day=day, caller=clerk)
        open_from_request(session, register, ["A", "B"], OpeningText("درخواست"), day=day, caller=clerk)
    yield engine
    engine.dispose()


def put_country(session: Session, grounds: Mapping[str, shapely.Polygon], level: str, parent: str | None) -> None:
    """Put drawn divisions of a level into the register «drawn», which is made when it is missing."""
    from geoalchemy2.shape import from_shape
    from sqlalchemy import insert, select
    from sqlalchemy.dialects.postgresql import Range

    from geo.register.names import search_key
    from services.queries import find_register, get_register
    from services.tables.register import Boundary, Code, Division, Name, Register, Standing

    if find_register(session, "drawn") is None:
        session.execute(insert(Register).values(name="drawn", country="dz"))
    register = get_register(session, "drawn")
    scheme = register.pack.primary_scheme(level)
    above = session.scalar(select(Code.division_id).where(Code.code == (parent or "")))
    for letter, ground in grounds.items():
        key = session.scalar(insert(Division).values(register_id=register.id).returning(Division.id))
        facts = {"division_id": key, "valid": Range(None, None)}
        coded = {"register_id": register.id, "scheme": scheme.key, "version": scheme.version, "code": letter}
        shape = from_shape(shapely.MultiPolygon([ground]), srid=4326)
        for table, values in (
            (Standing, {"level": level, "parent_id": above}),
            (Code, coded),
            (Name, {"language": "fr", "text": f"{level} {letter}", "key": search_key(f"{level} {letter}")}),
            (Boundary, {"geom": shape, "area_m2": 1e8, "digest": letter}),
        ):
            session.execute(insert(table).values(**facts, **values))


def put_marker(session: Session, decree: int, code: str) -> None:
    """Put a boundary marker of a decree on the border of a division."""
    from sqlalchemy import insert, select

    from services.tables.described import BoundaryMarker
    from services.tables.register import Code

    first = session.scalar(select(Code.division_id).where(Code.code == code))
    told = {"number": "7", "monument": "سنگ", "accuracy_m": 5.0, "source": "survey", "recorded_by": "tests"}
    place = "SRID=4326;POINT(2 1)"
    session.execute(insert(BoundaryMarker).values(decree_id=decree, first_id=first, geom=place, **told))
