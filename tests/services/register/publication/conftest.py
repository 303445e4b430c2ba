"""Load the content of a small register."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from services.queries import get_register
from services.register.publication import EditionContent, load_content

ROWS = (
    "code,level,parent,name_fa,name_en,people,wkt\n"
    '01,ostan,,تهران,Tehran,,"POLYGON ((51.123456789 35, 52 35, 52 36, 51 36, 51.123456789 35))"\n'
    "02,ostan,,=1+1,,,\n"
    '0101,shahrestan,01,ری,Rey,349700,"POLYGON ((51.2 35.2, 51.4 35.2, 51.4 35.4, 51.2 35.2))"\n'
    "010101,bakhsh,0101,مرکزی,,,\n"
    "0101010001,dehestan,010101,عظیمیه,,,\n"
)

PLACES = "code,level,parent,name_fa,lon,lat\n0101010001000001,abadi,0101010001,قلعه‌نو,51.3,35.3\n"


@pytest.fixture
def content(bring, session: Session) -> EditionContent:
    """Import a province with and one without a boundary, a county and a village in it, and load them."""
    bring(ROWS)
    bring(PLACES)
    return load_content(session, get_register(session, "test"), bring.today)
