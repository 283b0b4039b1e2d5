"""Where plots lie: QN-CRS (the city, the zone) and the commune of QN-ATT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from qn_geo.rules.batch import mean_width
from qn_geo.rules.coverage import tolerance
from qn_geo.rules.finding import Finding
from qn_geo.rules.wording import listed, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from qn_geo.rules.batch import Batch
    from qn_geo.rules.reference import Context, Places, Row
    from qn_geo.rules.registry import Rule, Severity

# How far a shape of ours may be trusted decides how loudly a plot may be blamed.
SEVERITY_OF_QUALITY: Final[dict[str, Severity]] = {
    "official": "error",
    "digitised": "warning",
    "approximate": "warning",
    "schematic": "info",
    "demo": "info",
}
QUALITY: Final = {
    "official": ("chính thức", "official"),
    "digitised": ("số hóa", "digitised"),
    "approximate": ("gần đúng", "approximate"),
    "schematic": ("phác họa", "only a sketch"),
    "demo": ("minh họa", "only a demonstration"),
}
_MOST_SPOTS: Final = 1_000


def outside_city(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots far from every commune of Quảng Ninh."""
    communes = _need(context.communes)
    margin = rule.number("margin_m")
    bounds = shapely.total_bounds(communes.shapes) + np.array([-margin, -margin, margin, margin])
    own = shapely.bounds(batch.shapes)
    inside = (own[:, :2] >= bounds[:2]).all(axis=1) & (own[:, 2:] <= bounds[2:]).all(axis=1)
    city = shapely.box(*shapely.total_bounds(communes.shapes))
    for place in np.flatnonzero(~inside).tolist():
        away = float(shapely.distance(city, batch.shapes[place]))
        shown = number(away / 1000, 1)
        yield Finding(
            (int(batch.sound[place]),),
            f"Lô nằm cách địa bàn Quảng Ninh khoảng {shown.vi} km; có thể sai hệ tọa độ.",
            f"The plot lies about {shown.en} km from Quảng Ninh; the coordinate system may be wrong.",
            measure=away,
            unit="m",
            limit=margin,
            shape=batch.shapes[place],
        )


def outside_zone(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots that reach beyond their zone by more than the position tolerance and rounding."""
    zone = _need(context.zone)
    row, outline = zone.rows[0], zone.shapes[0]
    severity = SEVERITY_OF_QUALITY[row["quality"]]
    places, parts, areas = _beyond(batch, outline, tolerance(context), rule.value("rounding", context.on, 0) / 2)
    if severity == "info":
        yield from _beyond_a_sketch(batch, row, places, areas)
        return
    quality = QUALITY[row["quality"]]
    for place, part, area in zip(places.tolist(), parts, areas.tolist(), strict=True):
        share, shown = number(100 * area / batch.areas[batch.sound[place]], 1), number(area)
        yield Finding(
            (int(batch.sound[place]),),
            f"{shown.vi} m² ({share.vi}%) của lô nằm ngoài {row['name_vi']} (ranh giới khu: {quality[0]}).",
            f"{shown.en} m² ({share.en}%) of the plot lie outside {row['name_en']} (the outline is {quality[1]}).",
            measure=area,
            unit="m2",
            limit=0,
            shape=part,
            severity=severity,
        )


def wrong_commune(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots that lie clearly outside the unit whose code they carry; one finding for each code and real unit."""
    communes, former = _need(context.communes), context.former or ()
    known = {row["code"]: index for index, row in enumerate(communes.rows)}
    numbered, texts = batch.codes("commune_code")
    slack = rule.number("boundary_m")
    for number_, code in enumerate(texts.tolist()):
        index = known.get(commune_code(code))
        chosen = np.flatnonzero(numbered[batch.sound] == number_)
        if index is None or not len(chosen):
            continue
        here = _own(communes.shapes[index])
        away = chosen[~shapely.intersects(here, batch.shapes[chosen])]  # much faster, and settles most of them
        away = away[~shapely.dwithin(here, batch.shapes[away], slack)]
        for real, places in _by_commune(batch, communes, away):
            yield _misplaced(batch, communes.rows[index], real, former, places)


def unknown_commune(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Codes that no unit has today; one finding a code."""
    del rule
    today = {row["code"] for row in _need(context.communes).rows}
    numbered, texts = batch.codes("commune_code")
    for number_, text in enumerate(texts.tolist()):
        code = commune_code(text)
        if code in today:
            continue
        where = tuple(np.flatnonzero(numbered == number_).tolist())
        vi, en = _as_former(code, context)
        count = number(len(where))
        yield Finding(
            where,
            f"{count.vi} lô ghi mã xã {code}: {vi}.",
            f"{count.en} plot(s) carry the commune code {code}: {en}.",
            measure=len(where),
            unit="plots",
            limit=0,
            shape=spots(batch, np.array(where)),
        )


def commune_code(text: str) -> str:
    """Return a commune code with the zeros a spreadsheet took from its front."""
    text = text.strip().removesuffix(".0")
    return text.zfill(5) if text.isdigit() else text


def spots(batch: Batch, where: NDArray[np.intp]) -> Any:
    """Return the middle of each of the plots at these positions of the frame; None if none has a valid shape.

    Of very many plots some, evenly taken: nobody walks to a hundred thousand dots.
    """
    sound = where[batch.valid[where]]
    sound = sound[:: -(-len(sound) // _MOST_SPOTS) or 1]
    return shapely.multipoints(shapely.get_coordinates(shapely.centroid(batch.given[sound]))) if len(sound) else None


def _need(places: Places | None) -> Places:
    if places is None:  # the engine asks before it calls
        raise ValueError("a reference is missing")
    return places


def _own(shape: Any) -> Any:
    """Return a prepared copy: of a shape that others ask at the same time, preparing would end the whole process."""
    copy = shapely.force_2d(shape)
    shapely.prepare(copy)
    return copy


def _beyond(
    batch: Batch, outline: Any, width: float, least: float
) -> tuple[NDArray[np.intp], NDArray[np.object_], NDArray[np.float64]]:
    """Positions among the valid plots of those that reach out, what lies outside, and its area in m²."""
    outline = _own(outline)
    places = np.flatnonzero(~shapely.covers(outline, batch.shapes))
    parts = batch.shapes[places].copy()
    crossing = shapely.intersects(outline, parts)
    parts[crossing] = shapely.difference(parts[crossing], outline)
    areas = shapely.area(parts)
    # A strip along the outline no wider than the tolerance is measuring, not trespass.
    wide = (areas >= least) & (areas > 0) & (mean_width(areas, shapely.length(parts)) > width)
    return places[wide], parts[wide], areas[wide]


def _beyond_a_sketch(batch: Batch, row: Row, places: NDArray[np.intp], areas: NDArray[np.float64]) -> Iterator[Finding]:
    """One information for all plots: nothing about a single plot can be concluded from an invented outline."""
    if not len(places):
        return
    quality, count, shown = QUALITY[row["quality"]], number(len(places)), number(areas.sum())
    where = batch.sound[places]
    yield Finding(
        tuple(where.tolist()),
        f"{count.vi} lô có {shown.vi} m² nằm ngoài {row['name_vi']} theo ranh giới {quality[0]}, chưa đủ để kết luận.",
        f"{count.en} plot(s) have {shown.en} m² outside {row['name_en']}, whose outline is {quality[1]}: "
        "nothing can be concluded.",
        measure=float(areas.sum()),
        unit="m2",
        limit=0,
        shape=spots(batch, where),
        severity="info",
    )


def _by_commune(
    batch: Batch, communes: Places, places: NDArray[np.intp]
) -> Iterator[tuple[Row | None, NDArray[np.intp]]]:
    """Group plots (positions among the valid ones) by the unit they lie in; None at sea or abroad."""
    points = shapely.point_on_surface(batch.shapes[places])
    found = np.full(len(places), -1)
    for index in np.unique(shapely.STRtree(communes.shapes).query(points)[1]).tolist():
        found[shapely.contains(_own(communes.shapes[index]), points)] = index
    for index in np.unique(found).tolist():
        yield None if index < 0 else communes.rows[index], places[found == index]


def _misplaced(batch: Batch, told: Row, real: Row | None, former: tuple[Row, ...], places: NDArray[np.intp]) -> Finding:
    where = batch.sound[places]
    count = number(len(where))
    there = ("ngoài các xã, phường của Quảng Ninh", "outside all communes and wards of Quảng Ninh")
    if real is not None:
        there = (f"ở {real['name_vi']} (mã {real['code']})", f"in {real['name_en']} (code {real['code']})")
    old = next((row for row in former if row["former_code"] == told["code"]), None)
    vi = en = ""
    if old is not None:
        name = f"{old['former_kind']} {old['former_name']}, {old['former_district']}"
        vi = f" Trước ngày 01/07/2025 mã này là của {name}."
        en = f" Before 1 July 2025 the code was that of {name}."
    return Finding(
        tuple(where.tolist()),
        f"{count.vi} lô ghi mã xã {told['code']} ({told['name_vi']}) nhưng nằm {there[0]}.{vi}",
        f"{count.en} plot(s) carry the commune code {told['code']} ({told['name_en']}) but lie {there[1]}.{en}",
        measure=len(where),
        unit="plots",
        limit=0,
        shape=spots(batch, where),
    )


def _as_former(code: str, context: Context) -> tuple[str, str]:
    """What a code was before the communes were rearranged, and where its land belongs now."""
    rows = [row for row in context.former or () if row["former_code"] == code]
    if not rows:
        return "không có đơn vị nào mang mã này", "no unit has this code"
    names = {row["code"]: row for row in _need(context.communes).rows}
    name = f"{rows[0]['former_kind']} {rows[0]['former_name']}, {rows[0]['former_district']}"
    now = [names[row["code"]] for row in rows if row["code"] in names]
    vi, en = (listed(f"{row[f'name_{lang}']} ({row['code']})" for row in now) for lang in ("vi", "en"))
    return (
        f"mã cũ của {name}, từ ngày 01/07/2025 thuộc {vi.vi}",
        f"the former code of {name}, since 1 July 2025 part of {en.en}",
    )
