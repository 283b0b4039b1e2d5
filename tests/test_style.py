from __future__ import annotations

import pytest

from qn_geo import i18n, layers, style


@pytest.mark.parametrize("lang", list(i18n.LANGUAGES))
def test_every_layer_group_and_word_has_a_name(lang):
    names = [style.layer_name(layer.id, lang) for layer in style.MAP_LAYERS]
    assert len(set(names)) == len(names)
    assert all(style.group_name(group, lang) for group in style.GROUPS)
    assert all(style.quality_name(quality, lang) for quality in style.QUALITY_DASHES)
    assert style.status_name(None, lang) == i18n.missing(lang)


def test_groups_cover_the_layers():
    assert {layer.group for layer in style.MAP_LAYERS} == set(style.GROUPS)


@pytest.mark.parametrize("source", ["zones", "transport", "logistics"])
def test_every_feature_can_be_switched_on(source):
    frame = layers.layer(source)
    columns = {"zones": "kind", "transport": "mode", "logistics": "kind"}
    shown = {
        value
        for layer in style.MAP_LAYERS
        if layer.source == source
        for values in layer.where.values()
        for value in values
    }
    elsewhere = (
        {"border-gate", "port"} if source == "transport" else {"airport-cargo"} if source == "logistics" else set()
    )
    assert set(frame[columns[source]]) - elsewhere <= shown


def test_points_shown_elsewhere_stand_in_the_other_layer():
    nodes = layers.layer("transport").query("mode in ['border-gate', 'port']")["link_id"]
    assert set(nodes) <= set(layers.layer("logistics")["centre_id"])
    assert set(layers.layer("logistics").query("kind == 'airport-cargo'")["centre_id"]) <= set(
        layers.layer("transport")["link_id"]
    )


def test_colours_of_neighbouring_kinds_differ():
    for palette in (style.AREA_COLOURS, style.ZONE_COLOURS, style.MODE_COLOURS, style.PLOT_COLOURS):
        assert len(set(palette.values())) == len(palette)


@pytest.mark.parametrize("shape", ["line", "point"])
def test_lines_and_points_have_no_area(shape):
    told = [style.quality_name(quality, "en", shape) for quality in ("official", "approximate", "schematic")]
    assert not [words for words in told if "area" in words or "shape" in words]
    assert style.quality_name("demo", "en", shape) == "demo: invented"
