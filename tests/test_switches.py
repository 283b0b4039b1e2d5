from __future__ import annotations

import pytest

from qn_geo import style, switches


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_layer_and_status_has_its_switch(lang):
    html = switches.layer_panel(("own",), lang)
    assert all(html.count(f'data-switch="layer" value="{layer.id}"') == 1 for layer in style.MAP_LAYERS)
    assert all(f'data-switch="status" value="{status}"' in html for status in style.STATUSES)
    assert all(f'data-switch="plot" value="{status}"' in html for status in style.PLOT_STATUSES)
    assert all(f'data-switch="opacity" data-group="{group}"' in html for group in style.GROUPS)


def test_a_group_of_several_layers_has_a_switch_of_its_own():
    html = switches.layer_panel(("own",), "vi")
    for group in style.GROUPS:
        several = sum(layer.group == group for layer in style.MAP_LAYERS) > 1
        assert (f'data-switch="group" value="{group}"' in html) is several


def test_what_is_on_by_default_is_ticked():
    html = switches.layer_panel(("own",), "vi")
    assert 'value="kcn" checked' in html
    assert 'value="bridge" checked' not in html


def test_basemaps_are_offered_only_when_there_is_a_choice():
    assert "radio" not in switches.layer_panel(("own",), "vi")
    assert "OpenStreetMap" in switches.layer_panel(("own", "osm"), "vi")


def test_everything_begins_folded():
    html = switches.layer_panel(("own", "osm"), "vi")
    assert '<details class="qn-layers" data-fold="panel">' in html
    assert " open" not in html
