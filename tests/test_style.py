from __future__ import annotations

import math
from itertools import combinations

import numpy as np
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


# What the eye makes of linear RGB when it lacks one kind of cone (Machado, Oliveira and Fernandes 2009).
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "deuteranopia": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "tritanopia": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}
LIGHT = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def linear(colour):
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def seen(colour, sight):
    """CIE Lab of a colour for an eye: of two that lie 10 apart, anyone sees at once that they differ."""
    x, y, z = np.cbrt(LIGHT @ np.clip(SIGHT[sight] @ linear(colour), 0.002, 1) / WHITE)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def contrast(one, other):
    dark, light = sorted(float(LIGHT[1] @ linear(each)) for each in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(
    "colours",
    [style.COMPARED_COLOURS, [style.NIGHT[colour] for colour in style.COMPARED_COLOURS]],
    ids=["day", "night"],
)
def test_six_things_side_by_side_are_told_apart_by_any_eye(colours, sight):
    assert len(colours) == 6
    assert min(math.dist(seen(one, sight), seen(other, sight)) for one, other in combinations(colours, 2)) > 16


def test_things_side_by_side_stand_out_from_the_paper():
    assert min(contrast(colour, "#ffffff") for colour in style.COMPARED_COLOURS) >= 3
    assert min(contrast(style.NIGHT[colour], style.NIGHT_PAPER) for colour in style.COMPARED_COLOURS) >= 4.5


@pytest.mark.parametrize("shape", ["line", "point"])
def test_lines_and_points_have_no_area(shape):
    told = [style.quality_name(quality, "en", shape) for quality in ("official", "approximate", "schematic")]
    assert not [words for words in told if "area" in words or "shape" in words]
    assert style.quality_name("demo", "en", shape) == "demo: invented"
