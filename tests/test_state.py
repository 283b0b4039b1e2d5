from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from qn_geo import horizons, layers, state, style
from qn_geo.state import View, from_query, to_query

ZONES = sorted(layers.table("zones")["zone_id"])

views = st.builds(
    View,
    area=st.just("quang-yen"),
    zone=st.none() | st.sampled_from(ZONES),
    plot=st.none() | st.just("kcn-song-khoai-3-12"),
    pick=st.none() | st.sampled_from(["link:exp-ha-long-van-don", "commune:07132", "row:12", "finding:3"]),
    at=st.none()
    | st.tuples(st.integers(1_064_000, 1_081_000), st.integers(206_000, 216_900)).map(
        lambda p: (p[0] / 1e4, p[1] / 1e4)
    ),
    year=st.sampled_from(horizons.YEARS),
    layers=st.sets(st.sampled_from(list(style.LAYER_BY_ID))).map(
        lambda s: tuple(i for i in style.LAYER_BY_ID if i in s)
    ),
    plots=st.sets(st.sampled_from(style.PLOT_STATUSES)).map(lambda s: tuple(i for i in style.PLOT_STATUSES if i in s)),
    statuses=st.sets(st.sampled_from(style.STATUSES)).map(lambda s: tuple(i for i in style.STATUSES if i in s)),
    opacity=st.sampled_from([(), (("zones", 0.5),), (("landuse", 0.1), ("zones", 0.9))]),
    order=st.permutations(style.GROUPS).map(tuple),
    lang=st.sampled_from(["vi", "en"]),
    compared=st.lists(st.sampled_from(ZONES), unique=True, max_size=4).map(tuple),
    case=st.none() | st.just("20261123-124851-26d553"),
)


@given(views)
def test_an_address_restores_the_view(view):
    assert from_query(to_query(view), "quang-yen") == view


def test_the_default_view_has_an_empty_address():
    assert to_query(View()) == {}
    assert from_query({}, None) == View()


@pytest.mark.parametrize(
    "params",
    [
        {"zone": "<img src=x onerror=alert(1)>"},
        {"zone": "kcn-khong-co"},
        {"case": "../../etc"},
        {"pick": "row:-1"},
        {"pick": "finding:99999999"},
        {"year": "1999"},
        {"year": "²"},
        {"year": "9" * 4400},
        {"at": "nan,nan"},
        {"at": "0,0"},
        {"pick": "zone:x"},
        {"layers": "'; drop table"},
        {"opacity": "zones:99999,nothing:10"},
        {"order": "zones"},
        {"base": "https://evil.example"},
        {"lang": "fr"},
        {"zones": "a,b,c,d,e"},
    ],
)
@pytest.mark.parametrize("area", [None, "hai-ha"])
def test_unusable_parameters_take_their_defaults(params, area):
    view = from_query(params, area)
    expected = View(area=area, layers=() if "layers" in params else style.DEFAULT_LAYERS)
    assert view == expected


@given(
    st.dictionaries(
        st.sampled_from(["zone", "plot", "pick", "at", "year", "layers", "opacity", "order", "zones"]), st.text()
    )
)
def test_no_address_breaks_the_page(params):
    from_query(params, None)


LOOKING = """
import streamlit as st
from qn_geo import state
view = state.sync("toan-canh", None)
st.json([state.movement(), bool(view.zone), state.to_query(view)])
"""


def moved(**query):
    test = AppTest.from_string(LOOKING)
    for key, value in query.items():
        test.query_params[key] = value
    return test, json.loads(test.run().json[0].value)


def test_an_address_says_where_the_map_looks():
    test, (movement, _, query) = moved(view="107.12345,20.98,11.5", zone=ZONES[0])
    assert movement["view"] == [107.12345, 20.98, 11.5]
    assert query == {"zone": ZONES[0]}, "a look is nothing chosen and no preference"
    test.query_params["view"] = "107.2,21,12"  # the map was moved by hand: no new address
    assert json.loads(test.run().json[0].value)[0] == movement
    del test.query_params["zone"]  # Back: another address, with the look it had
    assert json.loads(test.run().json[0].value)[0]["view"] == [107.2, 21, 12]


@pytest.mark.parametrize("view", ["", "107,21", "0,0,9", "107,21,x", "107,21,999", "nan,nan,nan", "107,21,9,9"])
def test_an_unusable_look_shows_what_is_chosen(view):
    assert "bbox" in moved(view=view)[1][0]


def test_preferences_leave_the_choice_behind():
    view = View(zone=ZONES[0], at=(107.0, 21.0), year=2030, lang="en")
    assert state.preferences(view) == {"year": "2030", "lang": "en"}
