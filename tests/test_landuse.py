from __future__ import annotations

import re

import pytest

from qn_geo import landuse
from qn_geo.errors import DataFileError


def test_codes_have_names_in_both_languages():
    assert landuse.name("SKK", "vi") == "Đất khu công nghiệp"
    assert landuse.name("SKK", "en") != landuse.name("SKK", "vi")
    assert landuse.name("no-such-code", "vi") == "no-such-code"


def test_confirmed_colours_are_the_official_ones():
    codes = landuse.codes().set_index("code")
    assert (codes["colour_confidence"] == "confirmed").sum() == 64
    assert landuse.colour("NNP") == "#FFFF64"
    for code, row in codes.dropna(subset="hex").iterrows():
        assert landuse.colour(code) == f"#{row['r']:02X}{row['g']:02X}{row['b']:02X}"


def test_a_code_without_published_colour_is_neutral_and_never_invented():
    codes = landuse.codes()
    unpublished = codes[codes["hex"].isna()]["code"]
    assert len(unpublished) > 0
    assert {landuse.colour(code) for code in unpublished} == {landuse.NEUTRAL}
    assert landuse.colour("") == landuse.NEUTRAL
    assert re.fullmatch("#[0-9A-F]{6}", landuse.NEUTRAL)
    assert landuse.NEUTRAL not in set(codes["hex"])


def test_a_missing_table_is_told(data_copy):
    (data_copy / "zones" / "landuse_codes.csv").unlink()
    with pytest.raises(DataFileError, match=r"landuse_codes\.csv"):
        landuse.colour("SKK")
