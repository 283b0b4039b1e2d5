from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from qn_geo import decisions, dossier, intake
from qn_geo.crs import project
from qn_geo.intake import submission as submissions
from qn_geo.mapview import reviewed
from tests.small_reviews import LAN, package, submitted

pytest_plugins = "tests.review_fixtures"
pytestmark = pytest.mark.usefixtures("reviews")


def features(content):
    return json.loads(content)["features"]


def test_plots_and_findings_lie_where_they_are_and_say_how_they_came_out(placed):
    held = dossier.check(placed)
    plots = features(reviewed.part(held, "plots"))
    assert [one["properties"]["row"] for one in plots] == held.plots["row"].tolist()
    assert [one["properties"]["result"] for one in plots] == held.summary["states"]
    there = project(shapely.from_geojson(json.dumps(plots[0]["geometry"])))
    assert there.hausdorff_distance(held.plots.geometry.iloc[0]) < 0.02
    spots = features(reviewed.part(held, "findings"))
    numbers = [one["properties"]["number"] for one in spots]
    assert [held.findings["severity"].iloc[number] for number in numbers] == [
        one["properties"]["severity"] for one in spots
    ]


def test_a_decision_changes_no_shapes(placed):
    held = dossier.check(placed)
    before, shapes = reviewed.version(held), reviewed.part(held, "plots")
    assert json.loads(reviewed.part(held, "decisions")) == {}
    decisions.store().decide(placed, ["7-4"], "reject", reason="sai", who=LAN, seen=held.version)
    held = dossier.open_dossier(placed)
    assert reviewed.version(held) == before
    assert reviewed.part(held, "plots") == shapes
    assert json.loads(reviewed.part(held, "decisions")) == {"4": "reject"}


def test_what_is_compared_with_is_drawn_too(placed, tmp_path):
    dossier.check(placed)
    later = submitted(package(tmp_path / "lần hai.gpkg", count=(3, 3)))
    assert features(reviewed.part(dossier.check(later), "earlier")) == []
    assert len(features(reviewed.part(dossier.check(later, earlier_id=placed), "earlier"))) == 12


def test_what_the_map_cannot_show_is_left_out():
    far = shapely.box(9e9, 9e9, 9.1e9, 9.1e9)
    near = shapely.box(404_000, 2_310_000, 404_020, 2_310_020)
    shapes = np.array([far, None, shapely.Polygon(), near], dtype=object)
    kept = features(reviewed._collection(shapes, ({"row": row} for row in range(4))))
    assert [one["properties"]["row"] for one in kept] == [3]
    west, south, east, north = reviewed.box(shapes)
    assert west < east < west + 0.01
    assert south < north < south + 0.01
    assert reviewed.box([far, None]) is None


def test_each_proposal_is_placed(tmp_path):
    case = dossier.receive(package(tmp_path / "lô.gpkg"), LAN)
    layer = intake.inspect(submissions.find(case.id)).main
    reviewed.keep_preview("a", layer)
    assert {one["properties"]["number"] for one in features(reviewed.preview("a"))} == set(range(len(layer.systems)))
    assert reviewed.preview("gone") is None
    for number in range(reviewed._MOST_PREVIEWS):
        reviewed.keep_preview(f"more-{number}", layer)
    assert reviewed.preview("a") is None, "old ones make room"
