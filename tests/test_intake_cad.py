from __future__ import annotations

from itertools import pairwise

import ezdxf
import numpy as np
import pytest
import shapely

from qn_geo.errors import QnGeoError
from qn_geo.intake import cad, vectors

EAST, NORTH = 403_000.0, 2_304_400.0


def square(column: int, row: int = 0, side: float = 100.0) -> list[tuple[float, float]]:
    x, y = EAST + column * side, NORTH + row * side
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]


class Drawing:
    """A DXF in the making."""

    def __init__(self) -> None:
        self.document = ezdxf.new("R2010")
        self.space = self.document.modelspace()

    def closed(self, points, layer: str) -> None:
        self.space.add_lwpolyline(points, close=True, dxfattribs={"layer": layer})

    def line(self, points, layer: str) -> None:
        self.space.add_lwpolyline(points, dxfattribs={"layer": layer})

    def hatch(self, points, layer: str) -> None:
        self.space.add_hatch(dxfattribs={"layer": layer}).paths.add_polyline_path(points, is_closed=True)

    def text(self, words: str, x: float, y: float, layer: str = "TEXT") -> None:
        self.space.add_text(words, dxfattribs={"layer": layer, "insert": (EAST + x, NORTH + y), "height": 2})

    def plots(self, tmp_path):
        self.document.saveas(tmp_path / "a.dxf")
        return cad.polygons(vectors.read(tmp_path / "a.dxf", "dxf"))


@pytest.fixture
def drawing() -> Drawing:
    return Drawing()


def test_closed_lines_and_hatches_of_a_plan(drawing, tmp_path):
    drawing.closed(square(0), "DAT_NDD_CONGNGHIEP")
    drawing.hatch(square(0), "DAT_NDD_CONGNGHIEP")  # the same cell once more
    drawing.hatch(square(1), "DAT_HTKT_DUONGGT")
    drawing.closed([(EAST - 50, NORTH - 50), (EAST + 400, NORTH - 50), (EAST + 400, NORTH + 250)], "KHUNG")
    drawing.text("CN-01", 50, 60)
    drawing.text("10.000 m2", 50, 50)
    drawing.text("SKK", 50, 40)
    drawing.text("Đường số 1", 150, 50)
    made = drawing.plots(tmp_path)
    assert made.fields == {
        "Layer": ["DAT_NDD_CONGNGHIEP", "DAT_HTKT_DUONGGT"],
        "plot_id": ["CN-01", None],
        "area_m2": [pytest.approx(10_000), None],
        "landuse_code": ["SKK", None],
        "Text": [None, "Đường số 1"],
    }
    assert shapely.area(made.geometry) == pytest.approx([10_000, 10_000])


def sheet(drawing: Drawing) -> None:
    """Two parcels side by side with one line between them, the southern limit being a road."""
    drawing.line([square(0)[0], square(0)[3], square(1)[2], square(1)[1]], "10")
    drawing.line([square(0)[1], square(0)[2]], "10")
    drawing.line([(EAST - 20, NORTH), (EAST + 220, NORTH)], "23")
    drawing.line([(EAST - 20, NORTH - 10), (EAST + 220, NORTH - 10)], "22")  # the road surface is no limit


def test_a_cadastral_sheet(drawing, tmp_path):
    sheet(drawing)
    drawing.text("125", 50, 55, "13")
    drawing.text("9998.7", 50, 50, "4")
    drawing.text("LUC", 50, 45, "2")
    drawing.text("126", 150, 55, "13")
    drawing.text("BHK+CLN", 150, 45, "2")
    drawing.text("Sông Bạch Đằng", 50, -60, "37")
    made = drawing.plots(tmp_path)
    order = np.argsort(shapely.get_x(shapely.centroid(made.geometry)))
    assert shapely.area(made.geometry) == pytest.approx([10_000, 10_000])
    read = {name: [values[place] for place in order] for name, values in made.fields.items()}
    assert read == {
        "Layer": ["10", "10"],
        "parcel_no": ["125", "126"],
        "area_m2": [pytest.approx(9998.7), None],
        "landuse_code": ["LUC", "BHK+CLN"],
    }
    told = [problem.en for problem in made.problems]
    assert any("not closed (1 such" in words for words in told)  # the road goes on beyond the parcels
    assert any("1 text(s) stand in no plot" in words for words in told)


def test_labels_without_levels_are_told_by_size_and_place(drawing, tmp_path):
    for layer in ("RANH",):
        drawing.closed(square(0), layer)
        drawing.closed(square(1), layer)
    drawing.text("12", 50, 55)
    drawing.text("10000", 50, 50)
    drawing.space.add_mtext("7\\P10 000,5\\PSKN", dxfattribs={"insert": (EAST + 150, NORTH + 50), "char_height": 2})
    made = drawing.plots(tmp_path)
    assert made.fields["parcel_no"] == ["12", "7"]
    assert made.fields["area_m2"] == pytest.approx([10_000, 10_000.5])
    assert made.fields["landuse_code"] == [None, "SKN"]


def test_a_text_belongs_to_the_smallest_shape_around_it(drawing, tmp_path):
    drawing.closed(square(0), "A")
    drawing.closed([(x / 1 + 0, y) for x, y in square(0, side=20)], "A")
    drawing.text("CN-02", 10, 10)
    made = drawing.plots(tmp_path)
    assert [
        value for value, shape in zip(made.fields["plot_id"], made.geometry, strict=True) if shape.area < 1_000
    ] == ["CN-02"]


def test_the_outline_of_the_whole_is_no_plot(drawing, tmp_path):
    for column in range(4):
        drawing.closed(square(column), "LO_DAT")
    drawing.closed(
        [(EAST - 5, NORTH - 5), (EAST + 405, NORTH - 5), (EAST + 405, NORTH + 105), (EAST - 5, NORTH + 105)], "RANH_QH"
    )
    made = drawing.plots(tmp_path)
    assert set(made.fields["Layer"]) == {"LO_DAT"}
    assert len(made.geometry) == 4
    assert "RANH_QH" in made.problems[0].en


def test_an_open_line_on_the_plots_layer_is_told(drawing, tmp_path):
    drawing.closed(square(0), "LO_DAT")
    drawing.line(square(1), "LO_DAT")
    made = drawing.plots(tmp_path)
    assert len(made.geometry) == 1
    assert "not closed" in made.problems[0].en
    assert made.problems[0].row == 2


def test_lines_that_close_only_together(drawing, tmp_path):
    corners = square(0)
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        drawing.space.add_line(start, end, dxfattribs={"layer": "RANH THUA"})
    made = drawing.plots(tmp_path)
    assert shapely.area(made.geometry) == pytest.approx([10_000])


def test_a_self_crossing_line_is_kept_for_the_checks(drawing, tmp_path):
    a, b, c, d = square(0)
    drawing.closed([a, c, b, d], "LO")
    made = drawing.plots(tmp_path)
    assert len(made.geometry) == 1
    assert not made.geometry[0].is_valid


def test_a_drawing_without_anything_closed_is_refused(drawing, tmp_path):
    drawing.line(square(0)[:3], "LO")
    drawing.text("1", 0, 0)
    with pytest.raises(QnGeoError, match="nothing in the drawing is closed"):
        drawing.plots(tmp_path)


def test_ten_thousand_parcels_in_seconds(drawing, tmp_path):
    """Line work of a hundred by a hundred parcels, each numbered."""
    for place in range(101):
        drawing.line([(EAST + place * 20, NORTH), (EAST + place * 20, NORTH + 2000)], "10")
        drawing.line([(EAST, NORTH + place * 20), (EAST + 2000, NORTH + place * 20)], "10")
    for place in range(10_000):
        drawing.text(str(place + 1), place % 100 * 20 + 10, place // 100 * 20 + 10, "13")
    made = drawing.plots(tmp_path)
    assert len(made.geometry) == 10_000
    assert len(set(made.fields["parcel_no"])) == 10_000


@pytest.mark.parametrize(("over", "told"), [(4.0, True), (0.02, False), (0.0, False)])
def test_lines_that_cross_without_a_corner_are_told_because_they_cut_plots(drawing, tmp_path, over, told):
    for corner, wide, high in ((0, 20 + over, 15), (20, 20, 20)):
        ring = shapely.box(EAST + corner, NORTH, EAST + corner + wide, NORTH + high).exterior.coords
        for start, end in pairwise(ring):
            drawing.space.add_line(start, end, dxfattribs={"layer": "RANH THUA"})
    told_of = [problem for problem in drawing.plots(tmp_path).problems if "cross at" in problem.en]
    assert ["1 place(s)" in problem.en and bool(problem.row) for problem in told_of] == [True] * told


def test_between_the_parts_of_a_line_nothing_is_crossed():
    apart = shapely.MultiLineString([[(0, 0), (0, 9)], [(9, 0), (9, 9)]])
    between = shapely.LineString([(4, 4), (5, 5)])
    assert not len(cad._crossed(np.array([apart, between])))
    through = shapely.LineString([(4, 4), (12, 5)])
    assert cad._crossed(np.array([apart, through])).tolist() == [[0, 1]]
