from __future__ import annotations

import re

import pytest

from qn_geo import figures, layers


def test_sources_in_notes_become_publishers_without_brackets_of_their_own():
    told = figures.readable("Neo vào trạm thu phí (pv-geo5), xem vq68 và g08.")
    assert told == "Neo vào trạm thu phí (GitHub), xem Ashu Business và Vietnam.vn."


@pytest.mark.parametrize("name", ["figures", "zones", "projects", "logistics", "transport", "landuse", "sources"])
def test_vietnamese_notes_are_vietnamese_with_their_sources_named(name):
    english = re.compile(r"\b(?:general|knowledge|repository|copy|via|from|page|Authority)\b")
    notes = [figures.readable(note) for note in layers.table(name)["note_vi"].dropna()]
    assert [note for note in notes if english.search(note)] == []
