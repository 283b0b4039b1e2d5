"""Pictures of maps: what is in them, where, and how it is told."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from qn_geo import atlas, figures, i18n, layers, style
from qn_geo.atlas import shown as shown_module
from qn_geo.atlas.placing import Letters, Name, Room, broken, meets
from qn_geo.crs import project
from qn_geo.report.paper import Frame
from tests import approved

SVG = "{http://www.w3.org/2000/svg}"
PARK = atlas.Shown(zones=("kcn-song-khoai",))
CITY = atlas.Shown()
AREA = atlas.Shown(area="quang-yen")


def words(svg):
    """All texts of an SVG document."""
    return ["".join(text.itertext()) for text in etree.fromstring(svg.encode()).iter(f"{SVG}text")]


def zone(zone_id):
    frame = layers.layer("zones")
    return project(frame.geometry[frame["zone_id"] == zone_id].to_numpy())[0]


@pytest.mark.parametrize("shown", [PARK, AREA, CITY], ids=["park", "area", "city"])
@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_picture_has_its_size_and_holds_what_it_is_about(shown, lang):
    made = atlas.picture(shown, lang, 200, 130, size=1.6)
    root = etree.fromstring(made.svg.encode())
    assert (root.get("width"), root.get("height")) == ("200mm", "130mm")
    seen = shapely.box(*made.frame.bounds)
    assert seen.covers(shapely.box(*atlas.bounds(shown)))
    assert {sign.label for sign in made.signs} <= set(" ".join(words(made.svg)).split("  ")) | set(labels(made.svg))
    assert made.quality
    assert made.alt
    assert made.sources


def labels(svg):
    """The entries of a legend, with the lines of each joined."""
    lines, joined = words(svg), set()
    for start in range(len(lines)):
        joined |= {" ".join(lines[start:end]) for end in range(start + 1, min(start + 6, len(lines) + 1))}
    return joined


def test_the_same_map_is_drawn_the_same_way():
    assert atlas.picture(CITY, "vi", 180, 120).svg == atlas.picture(CITY, "vi", 180, 120).svg


def test_a_given_scale_is_exact_and_centred():
    made = atlas.picture(PARK, "en", 160, 100, scale=10_000, legend=False)
    assert made.frame.scale == 10_000
    west, south, east, north = made.frame.bounds
    assert (east - west, north - south) == pytest.approx((1600, 1000))
    middle = shapely.box(*atlas.bounds(PARK)).centroid
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((middle.x, middle.y))
    corners = np.array([[west, north], [west + 500, north - 250]])
    assert made.frame.paper(corners).tolist() == [[0, 0], pytest.approx([50, 25])]


@pytest.mark.parametrize("area", [None, "mong-cai", "van-don", "quang-yen", "hai-ha"])
def test_legend_tells_all_that_is_seen_and_nothing_else(area):
    made = atlas.picture(atlas.Shown(area=area), "en", 240, 160)
    told = {sign.label for sign in made.signs}
    west, south, east, north = made.frame.bounds
    edge = made.frame.scale / 1000  # one millimetre
    seen = shapely.box(west + edge, south + edge, east - edge, north - edge)
    logistics = layers.layer("logistics")
    inside = shapely.intersects(project(logistics.geometry.to_numpy()), seen)
    kinds = {style.mode_name(kind, "en") for kind in logistics["kind"][inside]}
    kinds -= {style.mode_name("airport-cargo", "en")}  # the airport itself is a layer of transport
    every = {style.mode_name(kind, "en") for kind in logistics["kind"]} - {style.mode_name("airport-cargo", "en")}
    assert told & every == kinds
    areas = layers.layer("areas")
    names = areas["name_en"].to_numpy()
    inside = set(names[shapely.intersects(project(areas.geometry.to_numpy()), seen)])
    assert told & {*names, "Four growth areas"} == ({"Four growth areas"} if len(inside) > 2 else inside)
    assert not any(label.startswith("Plot:") for label in told)


def test_legend_follows_layers_and_statuses():
    def told(**choices):
        return {sign.label for sign in atlas.picture(atlas.Shown(**choices), "en", 240, 160).signs}

    assert told(layers=()) == set()
    assert {"Economic zones (KKT)", "long dashes: approximate outline"} <= told(layers=("kkt",))
    assert "planned or not yet open" in told(layers=("railway",))
    assert "planned or not yet open" not in told(layers=("railway",), statuses=("operating", "building"))
    park = {"zones": ("kcn-song-khoai",), "layers": ("plots", "kcn")}
    assert "Plot: leased (demo)" in told(**park)
    assert "Plot: leased (demo)" not in told(**park, plots=("vacant",))
    assert "Chosen zone" in told(**park)


def test_plots_hide_the_land_use_below_them():
    with_plots = atlas.picture(PARK, "en", 200, 200, scale=20_000)
    without = atlas.picture(atlas.Shown(layers=("landuse",), zones=PARK.zones), "en", 200, 200, scale=20_000)
    assert any(sign.label.startswith("SKK") for sign in without.signs)
    assert not any(sign.label.startswith("SKK") for sign in with_plots.signs)


def test_layers_are_drawn_only_where_they_make_sense():
    near, far = (
        {sign.group for sign in atlas.picture(PARK, "en", 200, 130, scale=scale).signs} for scale in (20_000, 500_000)
    )
    assert {"Plots"} <= near
    assert not {"Plots", "Land use"} & far


def test_year_and_plan_in_force():
    rows = [{"zone_id": "a", "horizon": year} for year in (2020, 2030, 2040)] + [{"zone_id": "b", "horizon": 2015}]
    assert shown_module.in_force(rows, 2026) == {"a": 2030, "b": 2015}
    assert shown_module.in_force(rows, 2040)["a"] == 2040
    assert shown_module.status_in({"opened": "2022-09-01", "status": "operating"}, 2021) == "planned"
    assert shown_module.status_in({"opened": "2022-09-01", "status": "operating"}, 2022) == "operating"
    before = atlas.picture(atlas.Shown(year=2010), "vi", 240, 160)
    assert "KCN Sông Khoai" not in words(before.svg)
    assert "KCN Sông Khoai" in words(atlas.picture(CITY, "vi", 400, 260).svg)


def test_bounds_are_of_zones_then_plot_then_area_then_city():
    assert shapely.box(*atlas.bounds(PARK)).covers(zone("kcn-song-khoai"))
    plot = layers.layer("plots")["plot_id"].iloc[0]
    west, _south, east, _north = atlas.bounds(atlas.Shown(plot=plot))
    assert 400 <= east - west < 1_000
    undrawn = atlas.Shown(zones=("ccn-dong-dam-ha-b",), area="hai-ha")
    assert atlas.bounds(undrawn) == atlas.bounds(atlas.Shown(area="hai-ha"))
    assert shapely.box(*atlas.bounds(CITY)).covers(shapely.box(*atlas.bounds(AREA)))


def test_names_are_short_and_in_the_language():
    vi, en = (words(atlas.picture(AREA, lang, 300, 200).svg) for lang in ("vi", "en"))
    assert "KCN Sông Khoai" in vi
    assert "Sông Khoai IP" in en
    assert {"QL.18", "QL.10"} <= set(vi) & set(en)
    assert figures.zone_name("area-quang-yen", "vi") in vi


@given(
    st.lists(
        st.tuples(
            st.text("AÁĐbc ", min_size=1, max_size=20),
            st.floats(0, 100),
            st.floats(0, 60),
            st.sampled_from([0, 30, -70]),
        ),
        max_size=25,
    )
)
def test_names_never_overlap_and_stay_on_the_map(wanted):
    frame = Frame(0, 0, 100, 60, 1000)
    room = Room(frame)
    for line, x, y, turn in wanted:
        before = list(room.taken)
        spots = [(x, y + step, float(turn)) for step in (0, 3, -3)]
        drawn = room.place(Name((line,), Letters(10, "#000"), 2.0, spots, 1))
        new = room.taken[len(before) :]
        assert bool(drawn) == bool(new)
        assert not any(meets(box, other) for box in new for other in before)
        assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= 100 and box[3] <= 60 for box in new)


def test_long_names_stand_on_two_lines():
    assert broken("KCN Sông Khoai", 17) == ("KCN Sông Khoai",)
    assert broken("Cảng tàu khách quốc tế Hạ Long", 17) == ("Cảng tàu khách", "quốc tế Hạ Long")
    assert broken("Mmmmmmmmmmmmmmmmmmmmmmmmm", 17) == ("Mmmmmmmmmmmmmmmmmmmmmmmmm",)


def test_what_data_say_is_never_markup(data_copy):
    path = data_copy / "zones" / "zones.geojson"
    content = json.loads(path.read_text("utf-8"))
    for feature in content["features"]:
        if feature["properties"]["zone_id"] == "kcn-song-khoai":
            feature["properties"]["name_vi"] = '</text><script>x</script> & "漢"'
    head, *features = '{"type":"FeatureCollection","name":"zones","features":[', *map(json.dumps, content["features"])
    path.write_text(f"{head}\n" + ",\n".join(features) + "\n]}\n", "utf-8")
    made = atlas.picture(PARK, "vi", 200, 130)
    assert "<script" not in made.svg
    assert any("</text><script>" in word or "<script>x</script>" in word for word in labels(made.svg))
    assert "漢" not in made.svg
    assert atlas.png(made, 50).startswith(b"\x89PNG")


def test_a_file_for_other_programs_has_rims_below_its_words():
    made = atlas.picture(PARK, "vi", 200, 130)
    assert "paint-order" in made.svg
    assert "paint-order" not in made.portable
    root = etree.fromstring(made.portable.encode())
    told = [text for text in root.iter(f"{SVG}text") if text.get("aria-hidden") is None]
    assert ["".join(text.itertext()) for text in told] == words(made.svg)
    assert all("Arial" in text.get("font-family") for text in told)


@pytest.mark.parametrize(("name", "shown"), [("picture-area", AREA), ("picture-park", PARK)])
def test_pictures_look_as_approved(name, shown):
    approved.compare(atlas.png(atlas.picture(shown, "vi", 200, 130, size=1.6), 110), f"atlas-{name}", 0.02)


def test_changed_outlines_make_another_version(data_copy):
    before = atlas.version()
    path = data_copy / "zones" / "zones.geojson"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert atlas.version() != before


def test_several_zones_keep_off_the_corners():
    pair = ("kcn-song-khoai", "kcn-texhong-hai-ha")
    west, south, east, north = atlas.bounds(atlas.Shown(zones=pair))
    inner = shapely.total_bounds(shown_module.chosen("zones", "zone_id", pair))
    room = 0.1 * max(inner[2] - inner[0], inner[3] - inner[1])
    assert min(inner[0] - west, inner[1] - south, east - inner[2], north - inner[3]) > room


@pytest.mark.parametrize("shown", [PARK, AREA, CITY], ids=["park", "area", "city"])
@pytest.mark.parametrize("extent", [(150, 88), (150, 120)])
def test_no_legend_is_too_small_to_be_read(shown, extent):
    made = atlas.picture(shown, "vi", *extent)
    told = {label for sign in made.signs for label in (sign.label, sign.group)}
    root = etree.fromstring(made.svg.encode())
    sizes = [float(text.get("font-size")) for text in root.iter(f"{SVG}text") if "".join(text.itertext()) in told]
    assert sizes
    assert min(sizes) >= 2.15  # 6.5 points; once a line too long, 5 % less


def test_communes_are_named_though_their_lines_are_hidden():
    said = words(atlas.picture(atlas.Shown(layers=("areas", "kcn"), area="quang-yen"), "vi", 300, 200).svg)
    assert {"Phường Quảng Yên", "KCN Sông Khoai"} <= set(said)
    assert "Phường Quảng Yên" not in words(atlas.picture(CITY, "vi", 100, 70).svg)
