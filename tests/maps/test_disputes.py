"""Check the map of a dispute: claims, options one at a time, refusals, and what is told of each."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from maps import DisputeMark, DisputeScene, MarkKind, OptionDrawn, Page, ShareDrawn, draw_dispute
from maps.offline import list_remote_addresses

GROUND = shapely.box(0.9, 0.9, 1.1, 1.1)
TOTALS = {"area_m2": 2e6, "places": 3, "people": 1234, "branches": 2, "complaints": None, "councils": 1, "lines": 9}
HOSTILE = "</script><script>window.broken=1</script>"


@pytest.fixture
def scene(divisions: gpd.GeoDataFrame) -> DisputeScene:
    """Give an overlap of two parties with claims of both, a place, evidence and four options."""
    west, east = shapely.box(0.9, 0.9, 1.0, 1.1), shapely.box(1.0, 0.9, 1.1, 1.1)
    marks = (
        DisputeMark(MarkKind.PLACE, "علی‌آباد", shapely.Point(0.95, 1), party="0601"),
        DisputeMark(MarkKind.FACE, "قطعه ۱", GROUND),
        DisputeMark(
            MarkKind.CLAIM, "ادعای ۱", shapely.LineString([(0.9, 0.9), (0.9, 1.1)]), party="0602", id="claim-7"
        ),
        DisputeMark(MarkKind.EVIDENCE, HOSTILE, shapely.LineString([(1, 0.8), (1, 1.2)]), (("دقت", HOSTILE),)),
        DisputeMark(MarkKind.MARKER, "علامت ۷", shapely.Point(1, 0.9)),
    )
    options = (
        OptionDrawn("به آبادان", (ShareDrawn("0601", GROUND),), TOTALS),
        OptionDrawn("خط میانی", (ShareDrawn("0601", west), ShareDrawn("0602", east)), TOTALS),
        OptionDrawn("اکثریت", refused="برابرند"),
        OptionDrawn("نامعین", (ShareDrawn("", GROUND),), {}),
    )
    return DisputeScene(divisions, {"0601": "آبادان", "0602": "بهبهان"}, marks, options)


def draw(scene: DisputeScene, language: str = "fa") -> Page:
    return draw_dispute(scene, language=language, title="اختلاف ۱", attribution="©")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_dispute_asks_no_other_host(scene: DisputeScene, language: str) -> None:
    html = draw(scene, language).html()
    assert list_remote_addresses(html) == []
    assert HOSTILE not in html


def test_the_same_dispute_gives_the_same_bytes(scene: DisputeScene) -> None:
    assert draw(scene).html() == draw(scene).html()


@pytest.mark.parametrize("group", ["option-1", "option-2", "option-4", "present", "face", "claim", "place", "evidence"])
def test_each_option_and_kind_can_be_switched(scene: DisputeScene, group: str) -> None:
    assert f'data-group="{group}"' in draw(scene).skeleton


def test_a_refused_option_cannot_be_chosen_and_says_why(scene: DisputeScene) -> None:
    skeleton = draw(scene).skeleton
    assert 'data-group="option-3" disabled' in skeleton
    assert "<small>برابرند</small>" in skeleton
    assert 'data-panel="option-3"' not in skeleton


@pytest.mark.parametrize("told", ["2 km²", "1,234", "Polling branches", "Councils"])
def test_the_panel_tells_the_ledger(scene: DisputeScene, told: str) -> None:
    panel = draw(scene, "en").skeleton.split('data-panel="option-1"')[1].split("</div>")[0]
    assert told in panel


def test_the_panel_tells_who_gets_how_much(scene: DisputeScene) -> None:
    panel = draw(scene).skeleton.split('data-panel="option-2"')[1].split("</div>")[0]
    assert panel.index("آبادان") < panel.index("بهبهان")


def test_the_decided_option_is_shown_first(scene: DisputeScene) -> None:
    first, second, *others = scene.options
    decided = replace(scene, options=(first, replace(second, is_decided=True), *others))
    assert 'data-group="option-2" checked' in draw(decided).skeleton
    assert 'data-group="present" checked' in draw(scene).skeleton


def test_ground_of_nobody_is_hatched(scene: DisputeScene) -> None:
    assert '"fillColor": "url(#hatch)"' in draw(scene).skeleton


def test_claims_differ_without_colour(scene: DisputeScene) -> None:
    skeleton = draw(scene).skeleton
    assert '"dashArray": "9 5"' in skeleton


@pytest.mark.parametrize(("kind", "count"), [("آبادی", "۱"), ("ادعا", "۱"), ("قطعه مورد اختلاف", "۱")])
def test_the_legend_counts_marks(scene: DisputeScene, kind: str, count: str) -> None:
    legend = draw(scene).skeleton.split('class="legend"')[1].split("</ul>")[0]
    assert f'<span class="label">{kind}</span><span class="count">{count}</span>' in legend


def test_a_mark_keeps_its_lasting_address(scene: DisputeScene) -> None:
    assert 'href="#claim-7"' in draw(scene).skeleton


def test_faces_lie_below_options_and_points_above(scene: DisputeScene) -> None:
    skeleton = draw(scene).skeleton
    order = [skeleton.index(f'"group": "{group}"') for group in ("face", "option-1", "claim", "place")]
    assert order == sorted(order)


def test_a_strip_of_a_metre_is_not_rounded_away(scene: DisputeScene) -> None:
    strip = shapely.box(1.0, 1.0, 1.000002, 1.1)
    marks = (DisputeMark(MarkKind.FACE, "باریکه", strip),)
    assert "1.000002" in draw(replace(scene, marks=marks)).skeleton


@pytest.mark.parametrize("marks", [(), (DisputeMark(MarkKind.PLACE, "یک", shapely.Point(0.5, 0.5)),)])
def test_a_dispute_without_ground_still_has_a_view(
    scene: DisputeScene, marks: tuple[DisputeMark, ...], divisions: gpd.GeoDataFrame
) -> None:
    bare = replace(scene, marks=marks, options=())
    west, south, east, north = shapely.total_bounds(bare.view)
    assert west < east
    assert south < north
    assert "choice-pane" not in draw(bare).skeleton
