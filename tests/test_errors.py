from __future__ import annotations

import pytest

from qn_geo.errors import DataFileError, ImportRejectedError, Problem, QnGeoError, RecordError


def test_message_names_place_problem_and_remedy_in_both_languages():
    error = DataFileError(
        "Thiếu cột.", "A column is missing.", file="zones.csv", row=3, remedy_vi="thêm cột.", remedy_en="add it."
    )
    assert error.message("vi") == "zones.csv, dòng 3: Thiếu cột. Cách xử lý: thêm cột."
    assert error.message("en") == "zones.csv, line 3: A column is missing. Remedy: add it."
    assert str(error) == error.message("en")
    assert (error.file, error.row) == ("zones.csv", 3)


def test_message_without_place_or_remedy_is_the_bare_text():
    assert QnGeoError("Sai.", "Wrong.").message("vi") == "Sai."


def test_problem_names_the_column():
    assert Problem("sai", "wrong", file="a.csv", row=2, column="area_ha").message("en") == (
        "a.csv, line 2, column area_ha: wrong"
    )


@pytest.mark.parametrize("kind", [DataFileError, RecordError])
def test_every_error_can_be_caught_as_one_kind(kind):
    with pytest.raises(QnGeoError):
        raise kind("vi", "en")


def test_rejected_import_lists_every_problem():
    error = ImportRejectedError([Problem("một", "one", row=2), Problem("hai", "two", row=5)], file="new.xlsx")
    assert error.message("vi").splitlines() == [
        "new.xlsx: Không nhập được tệp, có 2 lỗi; chưa có gì bị thay đổi.",
        "- dòng 2: một",
        "- dòng 5: hai",
    ]
    assert len(error.problems) == 2
