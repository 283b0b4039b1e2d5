from __future__ import annotations

import numpy as np
import shapely

from qn_geo.crs import TM3
from qn_geo.schema import submitted

SQUARE = shapely.box(500_000, 2_300_000, 500_010, 2_300_010)


def test_all_columns_are_there_and_unknown_ones_kept():
    plots = submitted.frame({"sheet_no": ["12"], "area_m2": [100], "x_MauSo": ["a"]}, [SQUARE])
    assert list(plots.columns) == [*submitted.FIELDS, "x_MauSo", "geometry"]
    assert plots.crs == TM3
    for name, field in submitted.FIELDS.items():
        assert str(plots[name].dtype) == field.dtype, name
    assert plots["holder"].isna().all()
    assert np.isnan(plots["floors"]).all()


def test_plot_ids_are_made_of_sheet_and_parcel_or_the_row():
    columns = {
        "plot_id": ["a", None, None, None],
        "sheet_no": ["1", "12", None, "9"],
        "parcel_no": ["2", "345", "7", None],
    }
    plots = submitted.frame(columns, [SQUARE, SQUARE, None, None])
    assert list(plots["plot_id"]) == ["a", "12-345", "7", "#4"]
    assert list(plots["row"]) == [1, 2, 3, 4]


def test_no_plots_is_a_frame_too():
    assert len(submitted.frame({}, [])) == 0


def test_every_field_says_its_meaning_in_both_languages():
    assert all(field.vi and field.en for field in submitted.FIELDS.values())
    assert set(submitted.PERSONAL) <= set(submitted.FIELDS)
