from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit_folium import _get_map_string, generate_js_hash

from qn_geo import figures, layers, state, style
from qn_geo.mapview import config, frame
from qn_geo.ui import mapbox


def rendered():
    document = frame._document()
    return document.get_root().render()


def test_the_document_asks_nobody_outside():
    text = rendered()
    for word in ("cdn", "unpkg", "jsdelivr", "cloudflare", "googleapis"):
        assert word not in text.split("<body>")[0].replace("bootstrap", ""), word


def test_the_document_never_changes():
    scripts = {generate_js_hash(_get_map_string(frame._document())) for _ in range(3)}
    assert len(scripts) == 1


def test_the_document_installs_the_controller_on_its_map():
    assert "window.QN.install(map_div);" in _get_map_string(frame._document())


def test_state_carries_no_geometry_and_stays_small():
    view = state.View(area="quang-yen", zone="kcn-song-khoai", at=(106.8, 20.97))
    text = json.dumps(mapbox.map_state(view))
    assert len(text) < 1500
    assert "coordinates" not in text


def test_state_cannot_break_out_of_the_script():
    payload = frame._State({"zone": "\u2028</script><img src=x onerror=alert(1)>"}).payload
    assert "\u2028" not in payload
    assert json.loads(payload)["zone"].endswith("alert(1)>")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_configuration_speaks_both_languages(lang):
    strings = config.document()["strings"][lang]
    assert set(strings["kinds"]) == set(style.LAYER_BY_ID)
    assert all(strings.values())


def test_basemaps_from_outside_can_be_forbidden(monkeypatch):
    monkeypatch.setenv("QN_GEO_ONLINE_BASEMAPS", "false")
    config.settings.cache_clear()
    assert config.basemaps() == ("own",)
    assert config.document()["basemaps"] == {}
    monkeypatch.undo()
    config.settings.cache_clear()


def test_the_scripts_ask_only_for_what_the_configuration_holds():
    document = config.document()
    for script in (Path(config.__file__).parent / "static").glob("*.js"):
        for names in re.findall(r"(?<!/)\bconfig\.(\w+(?:\.\w+)?)", script.read_text(encoding="utf-8")):
            name, _, inner = names.partition(".")
            assert name in document, f"{script.name}: {names}"
            if name in {"colours", "layerDashes"}:
                assert inner in document[name], f"{script.name}: {names}"


def test_the_controller_has_no_colour_of_its_own():
    script = Path(config.__file__).parent / "static" / "qn-map.js"
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", script.read_text(encoding="utf-8")) == []


def test_the_map_names_zones_as_the_charts_do(data_copy):
    names = config.document()["zoneNames"]
    assert set(names) == set(layers.table("zones")["zone_id"])
    assert names["kcn-song-khoai"] == {lang: figures.short_name("kcn-song-khoai", lang) for lang in ("vi", "en")}
    (data_copy / "zones" / "figures.csv").unlink()
    config._document.cache_clear()
    assert config.document()["zoneNames"] == names, "damaged figures cost no name on the map"


def test_area_boxes_hold_their_communes():
    communes = layers.layer("communes")
    for area, (west, south, east, north) in config.AREA_BOXES.items():
        bounds = communes.loc[communes["area_id"] == area].total_bounds
        assert west - 0.01 <= bounds[0]
        assert south - 0.01 <= bounds[1]
        assert bounds[2] <= east + 0.01
        assert bounds[3] <= north + 0.01
