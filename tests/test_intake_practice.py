from __future__ import annotations

import pytest

from qn_geo import layers
from qn_geo.errors import QnGeoError
from qn_geo.intake import practice, proposals


@pytest.fixture
def made(monkeypatch):
    """What readings made while a test ran."""
    found = []
    canonical = proposals.Reading.canonical

    def told(reading):
        found.append(canonical(reading))
        return found[-1]

    monkeypatch.setattr(proposals.Reading, "canonical", told)
    return found


def test_our_own_plot_goes_the_whole_way(made):
    practice.read()
    [normalised] = made
    assert normalised.frame.geometry.area.tolist() == [1000.0]
    assert normalised.frame["plot_id"].tolist() == ["1-1"]
    assert normalised.system.certain


def test_what_is_missing_is_told_when_a_file_needs_it(made, monkeypatch):
    def missing(layer_id):
        raise QnGeoError(f"thiếu {layer_id}.", f"{layer_id} is missing.")

    monkeypatch.setattr(layers, "layer", missing)
    practice.read()
    assert not made
