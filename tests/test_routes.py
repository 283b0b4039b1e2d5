from __future__ import annotations

import gzip
import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from qn_geo import dossier, layers, routes
from qn_geo.mapview import config
from qn_geo.settings import settings

pytest_plugins = "tests.review_fixtures"


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


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("GZIP;q=0.5, br", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
        ("br, gzip2", False),
        ("", False),
    ],
)
def test_only_browsers_that_take_gzip_get_it(client, accepted, packed):
    answer = client.get(config.source_url("areas"), headers={"accept-encoding": accepted})
    assert (answer.headers.get("content-encoding") == "gzip") is packed
    assert answer.content == layers.geojson("areas")


def test_what_a_browser_holds_is_not_sent_again(client):
    url = config.source_url("areas")
    etag = client.get(url).headers["etag"]
    for held in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        answer = client.get(url, headers={"if-none-match": held})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
        assert "immutable" in answer.headers["cache-control"]
    assert client.get(url, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_file_replaced_between_two_looks_is_not_kept_under_the_old_hash(client, data_copy, monkeypatch):
    path = data_copy / "boundaries" / "areas.geojson"
    path.write_bytes(path.read_bytes().replace("Móng".encode(), b"Before"))  # nobody has asked for this version yet
    old, asked = layers.version("areas"), layers.version
    new = path.read_bytes().replace(b"Before", b"After")

    def replaced_right_after(record_id):
        answer = asked(record_id)
        path.write_bytes(new)
        return answer

    monkeypatch.setattr(layers, "version", replaced_right_after)
    answer = client.get(f"/qn/layers/areas.json?v={old}")
    assert ("immutable" in answer.headers["cache-control"]) is (answer.content != new)
    monkeypatch.setattr(layers, "version", asked)
    path.write_bytes(new)
    after = client.get(f"/qn/layers/areas.json?v={old}")
    assert (after.content, after.headers["cache-control"]) == (new, "no-cache")


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


@pytest.mark.parametrize("name", ["landuse_codes.csv", "zones.csv"])
def test_the_map_goes_on_without_a_table_behind_it(client, data_copy, name):
    (data_copy / "zones" / name).write_text("code\n", encoding="utf-8")
    document = client.get("/qn/map/config.json").json()
    assert document["layers"]
    assert document["landuse"][""] == "#C9C9C9"


def test_missing_packages_are_told_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setenv("QN_GEO_PACKAGE_DIR", str(tmp_path))
    settings.cache_clear()
    with pytest.raises(RuntimeError, match="make setup"):
        routes.routes()
    settings.cache_clear()


def test_a_submission_is_served_in_parts(client, placed):
    dossier.check(placed)
    for name in ("plots", "findings", "earlier"):
        answer = client.get(f"/qn/review/{placed}/{name}.json")
        assert answer.json()["type"] == "FeatureCollection"
        assert answer.headers["cache-control"] == "no-store"
    assert client.get(f"/qn/review/{placed}/decisions.json").json() == {}
    with client.stream("GET", f"/qn/review/{placed}/plots.json", headers={"accept-encoding": "gzip"}) as packed:
        assert packed.headers["content-encoding"] == "gzip"


@pytest.mark.usefixtures("reviews")
@pytest.mark.parametrize("name", ["plots", "submission", "..%2fplots", "preview", "%00"])
def test_no_submission_has_no_parts(client, name):
    answer = client.get(f"/qn/review/20261123-000000-abcdef/{name}.json")
    assert answer.status_code in {404, 503}
    assert "features" not in answer.text
