from __future__ import annotations

import pytest

from qn_geo import style, switches


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_layer_and_status_has_its_switch(lang):
    html = switches.layer_panel(("own",), lang, unfolded=True)
    assert all(f'data-switch="layer" value="{layer.id}"' in html for layer in style.MAP_LAYERS)
    assert all(f'data-switch="status" value="{status}"' in html for status in style.STATUSES)
    assert all(f'data-group="{group}"' in html for group in style.GROUPS)


def test_what_is_on_by_default_is_ticked():
    html = switches.layer_panel(("own",), "vi", unfolded=False)
    assert 'value="kcn" checked' in html
    assert 'value="bridge" checked' not in html


def test_basemaps_are_offered_only_when_there_is_a_choice():
    assert "radio" not in switches.layer_panel(("own",), "vi", unfolded=True)
    assert "OpenStreetMap" in switches.layer_panel(("own", "osm"), "vi", unfolded=True)


def test_a_phone_gets_it_folded():
    assert '<details class="qn-layers">' in switches.layer_panel(("own",), "vi", unfolded=False)
