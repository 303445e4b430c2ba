"""Check what a complaint's status says."""

import pytest

from geo.civic import ComplaintStatus


@pytest.mark.parametrize(
    ("status", "is_open"),
    [
        (ComplaintStatus.RECEIVED, True),
        (ComplaintStatus.REFERRED, True),
        (ComplaintStatus.ANSWERED, False),
        (ComplaintStatus.CLOSED, False),
        (ComplaintStatus.REJECTED, False),
    ],
)
def test_open_until_it_is_answered(status, is_open):
    assert status.is_open is is_open
