from __future__ import annotations

import gzip
import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from qn_geo import layers, routes
from qn_geo.mapview import config
from qn_geo.settings import settings


@pytest.fixture
def client():
    return TestClient(Starlette(routes=routes.routes()))


@pytest.mark.parametrize("name", [*config.SCRIPTS, *config.STYLES])
def test_scripts_and_styles_are_served_from_here(client, name):
    assert client.get(f"/qn/assets/{name}").status_code == 200


def test_the_maps_scripts_come_in_one_file_in_their_order(client):
    text = client.get("/qn/map/scripts.js").text
    places = [text.index(mark) for mark in ("Leaflet 1.9.4", "window.QNGeometry", "window.QNLink =", "window.QN =")]
    assert places == sorted(places)


def test_the_font_with_vietnamese_is_served(client):
    answer = client.get("/qn/assets/inter/inter-vietnamese-wght-normal.woff2")
    assert answer.content[:4] == b"wOF2"


@pytest.mark.parametrize("source", config.SOURCES)
def test_layers_come_whole_and_may_be_kept(client, source):
    url = config.source_url(source)
    answer = client.get(url)
    assert json.loads(answer.content)["features"]
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content == layers.geojson(source)


def test_layers_are_packed_for_browsers_that_can(client):
    with client.stream("GET", config.source_url("communes"), headers={"accept-encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(answer.iter_raw())) == layers.geojson("communes")


def test_an_old_address_is_not_kept(client):
    assert client.get("/qn/layers/zones.json?v=old").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("source", ["nothing", "..%2f..%2fzones", "figures", "%00"])
def test_unknown_layers_are_refused(client, source):
    assert client.get(f"/qn/layers/{source}.json").status_code == 404


def test_a_damaged_layer_names_itself_and_the_rest_works(client, data_copy):
    (data_copy / "zones" / "zones.geojson").write_text("{", encoding="utf-8")
    answer = client.get("/qn/layers/zones.json")
    assert answer.status_code == 503
    assert "zones.geojson" in answer.json()["error"]
    assert "zones.geojson" in answer.json()["loi"]
    assert client.get("/qn/layers/communes.json").status_code == 200
    assert client.get("/qn/health").json() == {"status": "degraded", "missing": ["zones"]}


def test_missing_packages_are_told_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setenv("QN_GEO_PACKAGE_DIR", str(tmp_path))
    settings.cache_clear()
    with pytest.raises(RuntimeError, match="make setup"):
        routes.routes()
    settings.cache_clear()
