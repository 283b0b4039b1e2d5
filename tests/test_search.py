"""Searching: what people type finds what they mean, in both languages, with and without diacritics and typos."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qn_geo import layers
from qn_geo.search import fold, search

VIETNAMESE = st.text(
    alphabet="aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ ĐÂƠƯ,.-0123"
)


@settings(deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(VIETNAMESE)
def test_folding_leaves_plain_ascii_words_whatever_the_form(text):
    folded = fold(text)
    assert folded.isascii()
    assert folded == folded.lower().strip()
    assert "  " not in folded
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == folded
    assert fold(text.upper()) == folded


@settings(deadline=None)
@given(VIETNAMESE)
def test_folding_never_changes_the_number_of_letters(text):
    assert len(fold(text).replace(" ", "")) == sum(character.isalnum() for character in text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Khu công nghiệp Sông Khoai", "khu cong nghiep song khoai"),
        ("hòa", "hoa"),
        ("hoà", "hoa"),
        ("Đầm Nhà Mạc", "dam nha mac"),
        ("KCN  Cái-Lân (Hạ Long)", "kcn cai lan ha long"),
        ("106,8", "106 8"),
        ("", ""),
        ("...", ""),
    ],
)
def test_folding_examples(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("query", "kind", "found"),
    [
        ("song khoai", "zone", "kcn-song-khoai"),
        ("sông khoai", "zone", "kcn-song-khoai"),
        ("SÔNG KHOAI", "zone", "kcn-song-khoai"),
        ("kcn song khoai", "zone", "kcn-song-khoai"),
        ("Khu công nghiệp Sông Khoai", "zone", "kcn-song-khoai"),
        ("song khoai industrial park", "zone", "kcn-song-khoai"),
        ("sog khoay", "zone", "kcn-song-khoai"),
        ("quang yen", "area", "quang-yen"),
        ("hai ha", "area", "hai-ha"),
        ("Hải Hà", "area", "hai-ha"),
        ("mong cay", "area", "mong-cai"),
        ("mongcai", "area", "mong-cai"),
        ("Móng Cái", "area", "mong-cai"),
        ("kkt van don", "zone", "kkt-van-don"),
        ("khu kinh te cua khau mong cai", "zone", "kkt-mong-cai"),
        ("Phường Đông Mai", "commune", "07135"),
        ("Móng Cái 2", "commune", "06709"),
        ("Tiền Phong", "former", "07180"),
        ("ka long", "former", "06709"),
        ("huyện Hải Hà", "area", "hai-ha"),
        ("thi xa quang yen", "area", "quang-yen"),
        ("Trà Cổ", "former", "06712"),
        ("van don airport", "centre", "airport-van-don"),
        ("sân bay Vân Đồn", "centre", "airport-van-don"),
        ("cao toc van don mong cai", "link", "exp-van-don-mong-cai"),
        ("Van Don - Mong Cai expressway", "link", "exp-van-don-mong-cai"),
        ("cau bach dang", "link", "bridge-bach-dang"),
        ("cai lan port", "centre", "port-cai-lan"),
        ("autoliv", "project", "prj-autoliv"),
        ("nha may autoliv", "project", "prj-autoliv"),
    ],
)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_first_hit(query, kind, found, lang):
    first = search(query, lang)[0]
    assert (first.kind, first.id) == (kind, found)


def test_a_short_word_does_not_match_inside_another():
    assert not search("plot", "en")  # nor "pilot"
    assert not [hit for hit in search("amata", "vi") if "amata" not in fold(f"{hit.title} {hit.subtitle}")]


def test_a_road_number_is_understood_however_it_is_written():
    roads = {hit.id for hit in search("ql18", "vi")}
    assert {"ql18-hai-ha-mong-cai", "ql18-tien-yen-hai-ha"} <= roads
    assert roads == {hit.id for hit in search("Quốc lộ 18", "vi")}


def test_a_former_unit_tells_its_present_name_and_lies_there():
    hit = search("Tiền Phong", "en")[0]
    assert "now Liên Hòa ward" in hit.subtitle
    row = layers.layer("communes").set_index("code").loc["07180"]
    assert hit.bbox == row.geometry.bounds
    assert (hit.lon, hit.lat) == row.geometry.representative_point().coords[0]


def test_a_project_lies_in_its_zone():
    project, zone = search("autoliv", "vi")[0], search("kcn song khoai", "vi")[0]
    assert (project.lon, project.lat, project.bbox) == (zone.lon, zone.lat, zone.bbox)


def test_a_zone_without_a_location_is_found_all_the_same():
    hit = next(hit for hit in search("kcn hoành bồ", "vi") if hit.id == "kcn-hoanh-bo")
    assert hit.lon is None
    assert hit.bbox is None


@pytest.mark.parametrize(
    ("query", "kind", "zone_id"),
    [
        ("kcn song khoai", "zone", "kcn-song-khoai"),
        ("autoliv", "project", "kcn-song-khoai"),
        ("kcn-song-khoai-1-1", "plot", "kcn-song-khoai"),
        ("quang yen", "area", None),
        ("Phường Đông Mai", "commune", None),
        ("20.95, 106.85", "coordinate", None),
    ],
)
def test_a_hit_knows_its_zone(query, kind, zone_id):
    first = search(query, "vi")[0]
    assert (first.kind, first.zone_id) == (kind, zone_id)


def test_a_project_outside_the_listed_zones_has_none():
    projects = layers.table("projects")
    outside = projects[~projects["zone_id"].isin(set(layers.table("zones")["zone_id"]))].iloc[0]
    hit = next(hit for hit in search(outside["name_vi"], "vi") if hit.id == outside["project_id"])
    assert hit.zone_id is None


def test_what_nobody_types_is_cut():
    assert search("kcn song khoai".ljust(200) + "x" * 100_000, "vi") == search("kcn song khoai", "vi")


def test_gates_in_two_tables_are_one_hit():
    ids = [hit.id for hit in search("cửa khẩu", "vi", limit=50)]
    assert "gate-hoanh-mo" in ids
    assert len(ids) == len(set(ids))


def test_hits_are_ranked_and_limited():
    hits = search("quang", "vi", limit=5)
    assert len(hits) == 5
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 100 for score in scores)


@pytest.mark.parametrize("query", ["", "   ", "-,.", "zzzzqq", "48.85, 2.35"])
def test_nothing_is_found_where_nothing_is_meant(query):
    assert search(query, "vi") == []


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="language"):
        search("quang yen", "fr")


@pytest.fixture
def plot():
    """A plot of Sông Khoai whose sheet and parcel exist in other parks too."""
    frame = layers.layer("plots")
    return frame[(frame.zone_id == "kcn-song-khoai") & (frame.sheet == "3")].iloc[0]


@pytest.mark.parametrize(
    "pattern",
    [
        "tờ {sheet} thửa {parcel} sông khoai",
        "to {sheet} thua {parcel} song khoai",
        "tờ bản đồ số {sheet}, thửa đất số {parcel}, KCN Sông Khoai",
        "Song Khoai sheet {sheet} parcel {parcel}",
        "thửa {parcel} tờ {sheet} ở khu công nghiệp Sông Khoai",
        "parcel {parcel}, sheet {sheet} in Song Khoai industrial park",
        "song khoai {sheet} {parcel}",
        "kcn-song-khoai-{sheet}-{parcel}",
        "kcn song khoai 0{sheet} 00{parcel}",
    ],
)
def test_plot_of_a_named_park(plot, pattern):
    hits = [hit for hit in search(pattern.format(sheet=plot.sheet, parcel=plot.parcel), "vi") if hit.kind == "plot"]
    assert [hit.id for hit in hits] == [plot.plot_id]
    assert "demo" in hits[0].subtitle
    west, south, east, north = hits[0].bbox
    assert west <= hits[0].lon <= east
    assert south <= hits[0].lat <= north


@pytest.mark.parametrize("query", ["tờ 1 thửa 1", "to 1 thua 1", "sheet 1 parcel 1", "tờ bản đồ số 1, thửa đất số 1"])
def test_plots_without_a_park_come_from_every_park(query):
    plots = layers.layer("plots")
    hits = [hit for hit in search(query, "en", limit=50) if hit.kind == "plot"]
    assert {hit.id for hit in hits} == {f"{zone}-1-1" for zone in plots.zone_id.unique()}
    assert hits[0].title == "Sheet 1, parcel 1"


def test_a_plot_that_does_not_exist_in_the_named_park_is_not_taken_from_another():
    assert not [hit for hit in search("tờ 1 thửa 9999 song khoai", "vi") if hit.kind == "plot"]
    other = layers.layer("plots").query("zone_id == 'kcn-bac-tien-phong'").sheet.astype(int).max()
    assert not [hit for hit in search(f"tờ {other} thửa 1 ccn đông mai", "vi") if hit.kind == "plot"]


@pytest.mark.parametrize(
    "query",
    [
        "21.0, 106.8",
        "106.8 21.0",
        "21,0 106,8",
        "21,0; 106,8",
        "106,8,21,0",
        "lat 21.0 lon 106.8",
        "vĩ độ 21,0 kinh độ 106,8",
        "21°00'00\"N 106°48'00\"E",
        "106°48'E, 21°N",
        "21°0′0″B 106°48′Đ",
        "2323249,52 401039,83",
        "401039.83 2323249.52",
        "X=2323249,52 Y=401039,83",
        "X: 2.323.249,52; Y: 401.039,83",
        "2,323,249.52 401,039.83",
        "VN-2000 2323249.52, 401039.83 m",
    ],
)
def test_a_position_is_read_in_any_notation(query):
    (hit,) = search(query, "vi")
    assert hit.kind == "coordinate"
    assert hit.lon == pytest.approx(106.8, abs=2e-7)
    assert hit.lat == pytest.approx(21.0, abs=2e-7)
    west, south, east, north = hit.bbox
    assert west < hit.lon < east
    assert south < hit.lat < north


def test_a_position_shows_both_systems():
    (hit,) = search("2304415,666 403010,161", "vi")
    assert hit.title == "WGS 84: 20,830000; 106,820000"
    assert hit.subtitle == "VN-2000: X 2.304.415,67; Y 403.010,16"
    assert search("21°00'30\"N 106°48'E", "en")[0].title == "WGS 84: 21.008333; 106.800000"


@pytest.mark.parametrize(("file", "gone"), [("boundaries/areas.geojson", "area"), ("zones/projects.csv", "project")])
def test_a_missing_file_takes_only_its_own_hits_away(data_copy, file, gone):
    (data_copy / file).unlink()
    hits = search("quang yen", "vi", limit=50)
    assert {"zone", "commune"} <= {hit.kind for hit in hits}
    assert gone not in {hit.kind for hit in hits}


def test_a_damaged_register_leaves_the_rest_findable(data_copy):
    (data_copy / "zones/plots.geojson").write_text("{", encoding="utf-8")
    assert search("tờ 1 thửa 1 song khoai", "vi")[0].id == "kcn-song-khoai"


def test_a_changed_name_is_found_at_once(data_copy):
    assert not [hit for hit in search("khu thử nghiệm mới", "vi") if hit.score > 90]
    path = data_copy / "zones/zones.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Khu công nghiệp Hải Yên", "Khu thử nghiệm mới"), encoding="utf-8")
    assert search("khu thu nghiem moi", "vi")[0].id == "kcn-hai-yen"


def test_a_project_without_a_place_leads_to_the_zone_or_area_round_it():
    west, south, east, north = search("ha long xanh", "vi", limit=1)[0].bbox
    assert (west, south) < (106.85, 20.92) < (east, north)  # Quảng Yên
    unplaced = layers.table("projects").query("zone_id == 'kcn-hai-ha-giai-doan-2'").iloc[0]
    assert search(unplaced["name_vi"], "vi", limit=1)[0].bbox  # of the park round it
