"""Check that every page renders from its context alone, in both languages, and holds no script or style of its own."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from maps import Page
from maps.offline import list_remote_addresses
from services.messages import load_catalogue
from services.web.contexts import (
    Choice,
    CodeLine,
    ComplaintLine,
    ComplaintsPage,
    Context,
    DistrictLine,
    DivisionLink,
    DivisionPage,
    ErrorPage,
    FindingLine,
    FindingsPage,
    HomePage,
    NameLine,
    PlanPage,
    RegisterCard,
)
from services.web.static_files import gather_assets
from services.web.station_contexts import FindPage, StationLine
from services.web.templating import TEMPLATE_FOLDER, Pages, Reader, write_policy
from services.web.time_contexts import (
    BetweenPage,
    ChangeRow,
    DayRow,
    EventRow,
    GroundRow,
    HistoryPage,
    KinRow,
    LifePage,
    WherePage,
)

HOSTILE = "<script>window.broken=1</script>\"'"
LINK = DivisionLink("0601", HOSTILE, "شهرستان", "ir")
CHOICES = (Choice("ir", "ایران", chosen=True), Choice("dz", HOSTILE))
FOUND = FindPage(
    asked=HOSTILE,
    answered=True,
    message=HOSTILE,
    chain=(LINK,),
    candidates=(LINK,),
    stations=(StationLine(HOSTILE, HOSTILE, 3, 1234.5, HOSTILE), StationLine("مسجد", "", 1)),
    map_page=Page("map", "fa", "<p>map</p><script>1</script>"),
    registers=CHOICES,
)
FOUND_NOTHING = FindPage(answered=True)
FINDINGS = FindingsPage(
    findings=(FindingLine("aa/01", "overlap", (LINK, LINK), 12.5, "error"), FindingLine("b", "code_clash", (LINK,))),
    total=5,
    counts=(("overlap", 1), ("code_clash", 1)),
    map_address="/maps/findings",
    registers=CHOICES,
    levels=CHOICES,
)
COMPLAINTS = ComplaintsPage(
    lines=(
        ComplaintLine(LINK, 1234, 5.5, council=HOSTILE),
        ComplaintLine(LINK, 3, 0.4321, suppressed=True),
        ComplaintLine(LINK, None, None),
    ),
    map_address="/maps/complaints",
    categories=CHOICES,
    synthetic=True,
)
DIVISION = DivisionPage(
    code="0601",
    name=HOSTILE,
    level="شهرستان",
    names=(NameLine(HOSTILE, "fa", official=True),),
    codes=(CodeLine("0601", HOSTILE, "1399", "از ۱۳۹۹"),),
    parents=(LINK,),
    children=(LINK,),
    population=231476,
    population_source=HOSTILE,
    area_m2=2.8e9,
    councils=(HOSTILE, "شورا"),
)
DAY = date(2012, 3, 19)
CHANGE = ChangeRow("تفکیک", DAY, HOSTILE, (LINK,), (LINK, LINK))
EVENT = EventRow(DAY, LINK, HOSTILE, "changed", HOSTILE, HOSTILE, HOSTILE)
LIFE = LifePage(
    "0601",
    "ir",
    HOSTILE,
    "شهرستان",
    DAY,
    stands=True,
    events=(EVENT,),
    grounds=(GroundRow(None, DAY, 1e6, "M0 0Z", ""), GroundRow(DAY, None, 2e6, "M0 0Z", "M1 1Z")),
    successors=(KinRow(LINK, DAY, 0.62, None),),
    later=(CHANGE,),
    origins=(KinRow(LINK, DAY, None, 0.5),),
    earlier=(replace(CHANGE, successors=()),),
)
SAMPLES = {
    "home": HomePage((RegisterCard("ir", HOSTILE, (("استان", 31), ("شهرستان", 448)), HOSTILE),), CHOICES),
    "home_empty": HomePage(),
    "find": FindPage(registers=CHOICES),
    "found": FOUND,
    "found_nothing": FOUND_NOTHING,
    "findings": FINDINGS,
    "findings_none": FindingsPage(),
    "findings_not_audited": FindingsPage(audited=False),
    "complaints": COMPLAINTS,
    "complaints_none": ComplaintsPage(),
    "plan": PlanPage("1", HOSTILE, (DistrictLine("1", 3, 900, -0.021),), ((HOSTILE, HOSTILE),), "/maps/plans/1"),
    "plan_empty": PlanPage("1", "طرح"),
    "division": DIVISION,
    "error": ErrorPage(404, HOSTILE, HOSTILE),
    "life": LIFE,
    "life_gone": LifePage("1", "ir", "ری", "شهرستان", DAY, stands=False),
    "history": HistoryPage(CHOICES, "ir", HOSTILE, (DayRow(DAY, 3, 1, HOSTILE),), 2),
    "history_empty": HistoryPage(),
    "between": BetweenPage(
        CHOICES, HOSTILE, HOSTILE, HOSTILE, HOSTILE, DAY, DAY, LINK, (CHANGE,), (HOSTILE,), (EVENT,), 300, 100
    ),
    "between_empty": BetweenPage(),
    "where": WherePage(CHOICES, HOSTILE, HOSTILE, HOSTILE, DAY, (LINK,), HOSTILE),
    "where_nothing": WherePage(day=DAY),
}
PERSIAN = Reader("fa")
ENGLISH = Reader("en", chosen=True, path="/find")


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(gather_assets())


def write(pages: Pages, page: Context, reader: Reader = PERSIAN) -> str:
    return pages.render(page, reader).html


@pytest.mark.parametrize("reader", [PERSIAN, ENGLISH], ids=["fa", "en"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_renders_and_asks_no_other_host(pages: Pages, name: str, reader: Reader) -> None:
    assert list_remote_addresses(write(pages, SAMPLES[name], reader)) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_holds_no_script_or_style(pages: Pages, name: str) -> None:
    html = write(pages, replace(FOUND, map_page=None) if name == "found" else SAMPLES[name])
    assert not re.search(r"<script>|<style|\sstyle=|\son[a-z]+=", html)
    assert HOSTILE not in html


@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_has_one_heading_and_one_main_part(pages: Pages, name: str) -> None:
    html = write(pages, SAMPLES[name])
    assert html.count("<h1") == 1
    assert html.count("<main") == 1


@pytest.mark.parametrize("path", sorted(TEMPLATE_FOLDER.glob("*.html")), ids=lambda path: path.stem)
def test_a_template_says_what_it_needs(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("{#")


@pytest.mark.parametrize(("reader", "opening"), [(PERSIAN, 'lang="fa" dir="rtl"'), (ENGLISH, 'lang="en" dir="ltr"')])
def test_a_page_runs_in_the_direction_of_its_language(pages: Pages, reader: Reader, opening: str) -> None:
    assert f"<html {opening}>" in write(pages, HomePage(), reader)


def test_a_chosen_language_stays_chosen(pages: Pages) -> None:
    html = write(pages, FINDINGS, ENGLISH)
    assert 'href="/complaints?lang=en"' in html
    assert 'href="/divisions/0601?register=ir&amp;lang=en"' in html


def test_the_other_language_is_offered_for_the_same_page(pages: Pages) -> None:
    assert 'href="/find?lang=fa"' in write(pages, HomePage(), ENGLISH)


DATED = Reader("fa", path="/search", as_of="1390", day=DAY, query=(("text", HOSTILE), ("path", "x")))


def test_a_chosen_date_is_kept_and_told(pages: Pages) -> None:
    html = write(pages, SAMPLES["life"], DATED)
    assert 'href="/find?as_of=1390"' in html
    assert "۲۹ اسفند ۱۳۹۰" in html
    assert 'name="path" value="x"' in html


def test_a_chosen_date_is_left_by_one_link(pages: Pages) -> None:
    html = write(pages, FINDINGS, replace(DATED, query=(("level", "county"),)))
    assert 'href="/search?level=county">' in html


def test_the_other_language_keeps_question_and_date(pages: Pages) -> None:
    html = write(pages, FINDINGS, replace(DATED, query=(("level", "county"),)))
    assert 'href="/search?level=county&amp;lang=en&amp;as_of=1390"' in html


@pytest.mark.parametrize("name", ["home", "found", "division", "complaints", "life", "history", "where"])
def test_pages_of_a_day_offer_to_choose_one(pages: Pages, name: str) -> None:
    assert 'class="as-of"' in write(pages, SAMPLES[name])


def test_the_voters_point_is_sent_by_post(pages: Pages) -> None:
    assert '<form class="question" method="post" action="/find"' in write(pages, FindPage())


def test_a_withheld_count_is_not_in_the_page(pages: Pages) -> None:
    html = write(pages, COMPLAINTS, ENGLISH)
    assert "0.43" not in html
    assert "Withheld for privacy" in html


def test_invented_complaints_are_marked(pages: Pages) -> None:
    assert "invented" in write(pages, COMPLAINTS, ENGLISH)


def test_a_finding_leads_to_its_place_on_the_map(pages: Pages) -> None:
    assert 'href="/maps/findings#f-aa/01" target="map"' in write(pages, FINDINGS)


def test_the_policy_lets_only_the_framed_map_run_its_script(pages: Pages) -> None:
    assert "sha256" in pages.render(FOUND, PERSIAN).policy
    assert "unsafe" not in pages.render(FOUND, PERSIAN).policy
    assert "sha256" not in write_policy()


def test_both_languages_have_every_text() -> None:
    persian, english = (
        {key for key in load_catalogue(language) if key.startswith("page.")} for language in ("fa", "en")
    )
    assert persian == english
