from __future__ import annotations

import random
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qn_geo import layers
from qn_geo.errors import QnGeoError
from qn_geo.intake import encodings
from qn_geo.intake.syllables import is_syllable
from tests.old_encodings import WRITERS, tcvn3, utf_8, vni, windows_1258

SMALL = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
LETTERS = SMALL + SMALL.upper()
WORDS = st.text(LETTERS + "abcdeghiklmnopqrstuvxyABCDEGHIKLMNOPQRSTUVXY 0123456789,.-/", max_size=40)
LAND_WORDS = ["Đất ở đô thị", "Đất trồng lúa", "phường Móng Cái", "thửa đất số 12", "xã Vạn Ninh", "Diện tích (m²)"]


@pytest.fixture(scope="module")
def corpus() -> list[str]:
    """Names and terms that plot files are full of."""
    names = [
        *layers.layer("communes")["name_vi"],
        *layers.layer("zones")["name_vi"],
        *layers.table("landuse_codes")["name_vi"],
        *layers.table("former_units")["former_name"],
        *LAND_WORDS,
    ]
    return [name for name in dict.fromkeys(names) if not name.isascii()]


def test_the_tables_hold_every_vietnamese_letter():
    assert set(encodings.VNI.values()) >= set(LETTERS)
    assert set(encodings.TCVN3.values()) >= set(SMALL)
    assert set(encodings.TCVN3.values()) & set(SMALL.upper()) == set("ĂÂÊÔƠƯĐ")


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_comes_back(letter):
    assert encodings.decode(vni(letter), "vni") == letter
    assert encodings.decode(windows_1258(letter), "windows-1258") == letter
    assert encodings.decode(utf_8(letter), "utf-8") == letter
    assert encodings.decode(tcvn3(letter), "tcvn3-upper") == letter.upper()


@settings(deadline=None)
@given(WORDS)
def test_texts_come_back(text):
    assert encodings.decode(vni(text), "vni") == text
    assert encodings.decode(windows_1258(text), "windows-1258") == text
    assert encodings.decode(utf_8(text), "utf-8") == text
    assert encodings.decode(tcvn3(text), "tcvn3-upper") == text.upper()
    assert encodings.decode(unicodedata.normalize("NFD", text), "unicode") == text


@settings(deadline=None)
@given(st.text(SMALL + "abcdeghiklmnopqrstuvxy 0123456789,.-/", max_size=40))
def test_small_letters_of_tcvn3_come_back(text):
    assert encodings.decode(tcvn3(text), "tcvn3") == text


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(list(WRITERS)))
def test_no_text_breaks_anything(text, encoding):
    assert unicodedata.is_normalized("NFC", encodings.decode(text, encoding))
    assert encodings.detect([text])


@pytest.mark.parametrize(
    ("stored", "encoding", "meant"),
    [
        ("§Êt ë", "tcvn3", "Đất ở"),
        ("Ph­êng Mãng C¸i", "tcvn3", "Phường Móng Cái"),  # holds a soft hyphen, which is the ư
        ("V©n §ån", "tcvn3", "Vân Đồn"),
        ("PH­êNG MãNG C¸I", "tcvn3", "PHƯỜNG MÓNG CÁI"),  # typed in .VnTimeH
        ("Ñaát ôû", "vni", "Đất ở"),
        ("phöôøng", "vni", "phường"),
        ("Aáp", "vni", "Ấp"),
        ("Ä\x90áº¥t", "utf-8", "Đất"),
        ("Ä\x90áº¥t á»Ÿ", "utf-8", "Đất ở"),  # read as Windows-1252, where the last byte is Ÿ
        ("Đất ở", "tcvn3", "Đất ở"),  # is Unicode already, so it was not written in TCVN3
        ("Đất", "unicode", "Đất"),
        ("\x93Hà\x94", "unicode", "“Hà”"),
    ],
)
def test_decoding(stored, encoding, meant):
    assert encodings.decode(stored, encoding) == meant


def test_a_letter_cut_in_two_at_the_end_of_a_field_is_dropped():
    assert encodings.decode("Phường Móng Cái".encode()[:-1].decode("latin-1"), "utf-8") == "Phường Móng C" + "á"
    assert encodings.decode("Đất ở".encode()[:-1].decode("latin-1"), "utf-8") == "Đất "


def test_an_unknown_encoding_is_refused():
    with pytest.raises(QnGeoError, match="no encoding “koi8”"):
        encodings.decode("x", "koi8")


@pytest.mark.parametrize("encoding", WRITERS)
def test_detection_on_real_names(corpus, encoding):
    """Of columns with three names every one is read right; of single names nearly every one, else it is asked."""
    draw = random.Random(7)  # noqa: S311 - the same names in every run
    for size, least in ((1, 0.99), (3, 1.0), (20, 1.0)):
        right = 0
        for _ in range(150):
            names = draw.sample(corpus, size)
            stored = [WRITERS[encoding](name) for name in names]
            best = encodings.detect(stored)[0]
            read = [encodings.decode(text, best.encoding) for text in stored]
            same = [text.casefold() for text in read] == [
                unicodedata.normalize("NFC", name).casefold() for name in names
            ]
            right += same
            assert same or not best.certain, (names, read)
        assert right >= least * 150


def test_detection_says_what_else_it_could_be():
    best, *rest = encodings.detect(["Hèm La"])
    assert not best.certain
    assert {best.encoding, *(guess.encoding for guess in rest)} == {"unicode", "tcvn3"}


def test_samples_are_decoded():
    guess = encodings.detect([tcvn3(name) for name in ("Đất ở", "Phường Móng Cái", "Vân Đồn", "Hải Hà")])[0]
    assert guess.samples == ("Đất ở", "Phường Móng Cái", "Vân Đồn")
    assert guess.certain


def test_ascii_numbers_and_empty_columns_need_no_encoding():
    for values in ([], [None, 1, 2.5], ["LUC", "ONT+CLN", None], ["100 m²", "20°"]):
        assert encodings.detect(values)[0].encoding == "unicode"
        assert encodings.detect(values)[0].certain
        assert encodings.decode_all(values, "tcvn3")[:1] == values[:1]


def test_a_column_of_unicode_and_tcvn3_is_made_one():
    mixed = ["Đất ở đô thị", tcvn3("Đất trồng lúa"), tcvn3("Phường Hải Yên"), None, 5]
    best = encodings.detect(mixed)[0]
    assert best.encoding == "tcvn3"
    assert encodings.decode_all(mixed, "tcvn3") == ["Đất ở đô thị", "Đất trồng lúa", "Phường Hải Yên", None, 5]


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", "tcvn3"),
        (".VnTimeH", "tcvn3-upper"),
        ("vntimeh.ttf", "tcvn3-upper"),
        ("VnArialH", "tcvn3-upper"),
        ("VNI-Times", "vni"),
        ("VNI-Helve", "vni"),
        ("Arial", None),
        ("", None),
        (None, None),
    ],
)
def test_fonts(font, encoding):
    assert encodings.of_font(font) == encoding


def test_the_font_decides():
    assert encodings.detect(["Cèm La"], font=".VnTime")[0].samples == ("Cốm La",)
    assert encodings.detect(["Cèm La"], font=".VnTimeH")[0].samples == ("CỐM LA",)


def test_syllables(corpus):
    words = {word for name in corpus for word in re.findall(r"[^\W\d_]+", name) if not word.isascii()} - {"m²"}
    assert [word for word in words if not is_syllable(word)] == []
    good = (
        "quốc quý gì giếng giặc ghế nghĩa khoẻ khỏe khuỷu Đất hoà hòa huệ Ủy yêu quyết cuốc cúa khuya ngoèo TĐC PHƯỜNG"
    )
    assert [word for word in good.split() if not is_syllable(word)] == []
    bad = "Haò Coác cèo ghà nghá đấT hóan Phường§ tệc quuý ĐấT xyž"
    assert [word for word in bad.split() if is_syllable(word)] == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("unicode", "Unicode"),
        ("tcvn3", "TCVN3 (ABC)"),
        ("vni", "VNI-Windows"),
        ("utf-8+tcvn3", "UTF-8 → TCVN3 (ABC)"),
        ("cp1250", "cp1250"),
    ],
)
def test_encodings_have_the_names_people_use(code, name):
    assert encodings.label(code) == name


def test_every_encoding_that_can_be_chosen_has_a_name():
    assert not [code for code in encodings.STEPS if encodings.label(code) == code]
