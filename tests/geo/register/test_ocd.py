"""Write and read the ids of open civic data."""

from __future__ import annotations

import pytest

from geo.errors import InvalidCode
from geo.register import load_pack
from geo.register.ocd import PATTERN, read_ocd_id, to_country_id, to_ocd_id

IRAN = load_pack("ir")
CHAIN = (
    ("province", "07"),
    ("county", "0701"),
    ("bakhsh", "070101"),
    ("city", "0701011285"),
    ("urban_zone", "0701012001"),
)


def test_city_has_all_its_parents():
    found = to_country_id(IRAN)
    for level, code in CHAIN[:4]:
        found = to_ocd_id(IRAN, found, level=level, code=code)
    assert found == "ocd-division/country:ir/province:07/county:0701/district:070101/city:1285"


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5])
def test_id_leads_back_to_the_code(length: int):
    found = to_country_id(IRAN)
    for level, code in CHAIN[:length]:
        found = to_ocd_id(IRAN, found, level=level, code=code)
    assert PATTERN.fullmatch(found)
    assert read_ocd_id(IRAN, found) == CHAIN[length - 1]


@pytest.mark.parametrize(
    ("country", "level", "code", "end"),
    [
        ("ir", "village", "0701010001003821", "village:003821"),
        ("ir", "dehestan", "0701010001", "rural_district:0701010001"),
        ("af", "district", "AF0309", "district:af0309"),
        ("af", "nahia", "A/1 b", "nahia:a~1~b"),
        ("dz", "commune", "4611", "commune:4611"),
    ],
)
def test_code_is_written_as_ids_allow(country: str, level: str, code: str, end: str):
    pack = load_pack(country)
    found = to_ocd_id(pack, to_country_id(pack), level=level, code=code)
    assert found == f"ocd-division/country:{country}/{end}"
    assert PATTERN.fullmatch(found)


@pytest.mark.parametrize(
    "text",
    ["ocd-division", "ocd-division/country:IR", "ocd-division/country:ir/province:", "ocd-division/country:ir//"],
)
def test_what_is_no_id_is_refused(text: str):
    with pytest.raises(InvalidCode) as raised:
        read_ocd_id(IRAN, text)
    assert raised.value.params["reason"].key == "ocd_form"
