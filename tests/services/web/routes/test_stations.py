"""Test the endpoint that brings in polling stations."""

import pytest

PATH = "/api/v1/registers/dz/stations/import"
CSV = b"code,in,x,y\na1,1601,3.06,36.77\nb1,1601,9.9,99\n"
COLUMNS = ["code=code", "division=in", "lon=x", "lat=y"]


def send(client, headers=None, **form):
    data = {"columns": COLUMNS, "level": "commune"} | form
    return client.post(PATH, files={"file": ("stations.csv", CSV)}, data=data, headers=headers or {})


def test_strangers_may_not_bring_stations(client):
    assert send(client).status_code == 401


@pytest.mark.parametrize("role", ["clerk", "province_officer"])
def test_other_roles_may_not(fresh_client, issue, role):
    assert send(fresh_client, issue(role)).status_code in (403, 404)
