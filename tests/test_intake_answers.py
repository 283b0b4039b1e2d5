"""What a command says before anybody has seen the file, and which choices follow from it."""

from __future__ import annotations

import pytest

from qn_geo import crs, intake
from qn_geo.errors import QnGeoError
from qn_geo.intake import Answers, Choices
from tests import plot_files


@pytest.fixture
def nameless(tmp_path):
    """A file whose numbers could belong to two systems."""
    return plot_files.write(plot_files.plots().set_crs(None, allow_override=True), tmp_path / "lo.gpkg")


def test_what_is_certain_needs_no_answer(tmp_path):
    path = plot_files.write(plot_files.plots(), tmp_path / "lo.gpkg")
    frame, said = intake.read_file(path, Answers())
    assert (said["system"]["system"], len(frame)) == (crs.TM3, 4)
    same = intake.read_file(path, Choices())[0]
    assert frame.geometry.geom_equals(same.geometry).all()


def test_doubt_is_told_with_the_file_and_both_ways_out(nameless):
    with pytest.raises(QnGeoError) as refused:
        intake.read_file(nameless, Answers())
    assert refused.value.file == "lo.gpkg"
    assert all(word in refused.value.message("vi") for word in ("--crs", "--yes", crs.TM3))


@pytest.mark.parametrize("said", [Answers(system=crs.TM3), Answers(take_first=True)])
def test_doubt_is_settled_by_an_answer(nameless, said):
    assert intake.read_file(nameless, said)[1]["choices"]["system"] == crs.TM3


def test_one_encoding_goes_for_all_texts(tmp_path):
    plots = plot_files.plots().assign(TenChu="Đất ở", GhiChu="Lô A")
    path = plot_files.write(plots, tmp_path / "lo.gpkg")
    found = intake.read_file(path, Answers(encoding="utf-8"))[1]["encodings"]
    assert set(found.values()) == {"utf-8"}
    assert {"TenChu", "GhiChu"} <= set(found)
