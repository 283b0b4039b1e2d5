from __future__ import annotations

import pytest

from qn_geo.intake import headings


@pytest.mark.parametrize("text", ["Lô A1", "lo 12", "Thửa đất số 12", "Ô đất CN-03:", "Plot B", "Ranh giới khu 3"])
def test_a_line_with_a_plots_name(text):
    assert headings.names_plot(text)


@pytest.mark.parametrize(
    "text",
    [
        "Lô X Y",
        "Lô đất",
        "STT X1 Y1",
        "Lô X1 Y1",
        "Lô A1 2304415.666 403010.161",
        "1 2 304 415,6 403 010,1",
        "Tổng",
        "",
    ],
)
def test_a_line_without(text):
    assert not headings.names_plot(text)


def test_a_row_with_nothing_but_a_text():
    assert headings.lone([None, "Lô A1", None]) == "Lô A1"
    assert headings.lone(["Lô", "A1"]) is None
    assert headings.lone([12]) is None
    assert headings.lone(["12"]) is None


def test_lines_of_one_kind():
    assert headings.alike("A1", "B12")
    assert headings.alike("Lô đầu tiên", "LÔ thứ hai")
    assert not headings.alike("BẢNG KÊ", "A1")
