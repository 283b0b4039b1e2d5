from __future__ import annotations

from urllib.parse import unquote

import pytest

from qn_geo import legend, style

LANGS = ["vi", "en"]


@pytest.mark.parametrize("lang", LANGS)
def test_legend_names_only_what_is_on(lang):
    html = legend.legend(("kcn", "expressway"), lang)
    assert style.layer_name("kcn", lang) in html
    assert style.layer_name("ccn", lang) not in html
    assert 'data-key="layer:expressway"' in html


@pytest.mark.parametrize("layer", style.MAP_LAYERS, ids=lambda layer: layer.id)
def test_every_layer_has_an_entry(layer):
    entries = list(legend._of_layer(layer, ("SKK",), "vi"))
    assert entries
    assert all(entry.label for entry in entries)


def test_swatches_are_pictures_of_their_colour():
    entry = next(iter(legend._of_layer(style.LAYER_BY_ID["expressway"], (), "en")))
    assert style.MODE_COLOURS["expressway"] in unquote(entry.picture)


def test_official_colours_are_used():
    entries = {entry.key: entry for entry in legend._of_landuse(("SKK",), "vi")}
    assert entries["use:SKK"].fill == "#FAAAA0"


def test_building_and_reserved_plots_differ_by_pattern_too():
    patterns = {entry.key: entry.pattern for entry in legend._of_plots((), "vi")}
    assert patterns["plot:building"] != patterns["plot:reserved"] != patterns["plot:leased"]


def test_plots_without_a_status_are_named_by_their_use():
    html = legend.legend(("plots",), "vi")
    assert 'data-key="plotuse:DGT"' in html
    assert 'data-key="use:DGT"' not in html  # land use is off


@pytest.mark.parametrize("lang", LANGS)
def test_how_true_the_map_is_stands_first(lang):
    html = legend.legend(("kcn",), lang)
    assert html.index("quality:schematic") < html.index("<ul")
    assert html.count("quality:schematic") == 1


@pytest.mark.parametrize("lang", LANGS)
def test_a_review_names_results_decisions_and_trouble_spots(lang):
    plain, reviewing = legend.legend(("kcn",), lang), legend.legend(("kcn",), lang, reviewing=True)
    for key in ("result:fail", "verdict:return", "severity:error", "earlier:"):
        assert f'data-key="{key}"' in reviewing
        assert f'data-key="{key}"' not in plain
