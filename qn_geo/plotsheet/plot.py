"""The sheet of one plot: what is known of it, part by part."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from qn_geo import clock, figures, i18n, landuse, outcomes, sheets, style
from qn_geo import dossier as dossiers
from qn_geo.errors import DataFileError, QnGeoError
from qn_geo.plotsheet import measuring, wording
from qn_geo.plotsheet.findings import brief
from qn_geo.rules.landuse import parts_of
from qn_geo.schema import submitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from qn_geo.decisions import Entry
    from qn_geo.dossier import Dossier

    Part = dict[str, Any]

_TOLD_ELSEWHERE: Final = {"plot_id", "sheet_no", "parcel_no", "area_m2", "area_legal_m2"}
_MOST: Final = 20  # neighbours that are listed
_CORNER_M: Final = 5 * measuring.TOUCH_M  # a common border this short is a common corner
_REST: Final = 0.005  # of a plot; so little without a plan is how the plan was drawn
_HASH: Final = 12  # of 64 digits: enough to find an entry in the audit log


def sheet(dossier: Dossier, row: int, lang: str) -> str:
    """Return the sheet of a plot: findings, areas, attributes, plan, neighbours, place, register entry, decisions.

    What cannot be measured (no shape, one that is not valid or lies far outside) or looked up (a layer is missing) is
    said; the rest stands.

    Args:
        dossier: The submission.
        row: A row of `dossier.plots`, by its `row`.
        lang: "vi" or "en".

    Raises:
        KeyError: If there is no such row.
        QnGeoError: If the rules cannot be read, or the zone is not known any more.
    """
    index = measuring.index(dossier)
    position = index.position(row)
    around = measuring.surroundings(dossier.zone_id, dossier.on or clock.today())
    plot = dossier.plots.iloc[position]
    plot_id = plot["plot_id"]
    ground = _ground(index, position, lang)
    history = [_decision(dossier, entry, lang) for entry in dossier.history if entry.plot_id == plot_id]
    numbers = index.findings.get(row, [])
    registered, troubles = _registered(ground.shape, lang)
    return sheets.template("plot", lang).render(
        plot_id=plot_id,
        numbers={name: plot[name] for name in ("sheet_no", "parcel_no") if not i18n.is_missing(plot[name])},
        result=_result(dossier, numbers, lang),
        verdict=history[-1] if history else None,
        undecided=outcomes.verdict_name(None, lang),
        notices=[*ground.notices, *troubles, *(error.message(lang) for error in around.context.unavailable)],
        checked=bool(dossier.findings_hash),
        findings=[brief(dossier, number, lang) for number in numbers],
        measurable=ground.shape is not None,
        areas=_areas(plot, ground, lang),
        attributes=_attributes(dossier, plot, lang),
        own=_own_columns(plot, lang),
        plan=_plan(around, ground.shape, lang),
        neighbours=_neighbours(dossier, index, position, lang) if ground.shape else [],
        most=_MOST,
        communes=_communes(around, ground.body, lang),
        lines=_lines(around, ground.body, lang),
        registered=registered,
        history=history[::-1],
    )


class _Ground(NamedTuple):
    """Where a plot is.

    Attributes:
        shape: Its shape, None when it cannot be measured.
        ellipsoid_m2: Area of the shape on the ellipsoid.
        body: What tells at least where it lies; None when nothing does.
        notices: Why something is None.
    """

    shape: BaseGeometry | None
    ellipsoid_m2: float | None
    body: BaseGeometry | None
    notices: list[str]


def _ground(index: measuring.Index, position: int, lang: str) -> _Ground:
    _ = i18n.translator(lang)
    given, batch = index.batch.given[position], index.batch
    if not batch.usable[position]:
        return _Ground(None, None, None, [_("The plot has no usable shape, so nothing can be measured.")])
    valid = bool(batch.valid[position])
    body = given if valid else given.convex_hull.buffer(measuring.TOUCH_M)
    try:
        ellipsoid_m2 = measuring.ellipsoid_area_m2(body)
    except QnGeoError:
        notice = _("The plot lies far outside the area of the coordinate system, so nothing is measured.")
        return _Ground(None, None, None, [notice])
    if not valid:
        notice = _(
            "The boundary is not valid, so areas, planned use and neighbours cannot be measured. "
            "Place and distances are those of the outer hull."
        )
        return _Ground(None, None, body, [notice])
    return _Ground(given, ellipsoid_m2, given, [])


def _result(dossier: Dossier, numbers: Sequence[int], lang: str) -> tuple[str, str] | None:
    """Name and colour; None before the first check."""
    if not dossier.findings_hash:
        return None
    result = outcomes.result_of([dossier.findings["severity"].iloc[number] for number in numbers])
    return outcomes.result_name(result, lang), outcomes.RESULT_COLOURS[result]


def _decision(dossier: Dossier, entry: Entry, lang: str) -> Part:
    return {
        "name": outcomes.verdict_name(entry.verdict, lang),
        "colour": outcomes.VERDICT_COLOURS[entry.verdict],
        "superseded": dossier.superseded(entry),
        "who": dossiers.signed(entry.who, lang, verified=entry.verified),
        "when": i18n.moment(datetime.fromisoformat(entry.when_local), lang),
        "reason": entry.reason,
        "note": entry.note,
        "hash": entry.hash[:_HASH],
    }


def _areas(plot: Any, ground: _Ground, lang: str) -> list[Part]:
    """The area of the plane first, then what it differs from."""
    _ = i18n.translator(lang)
    plane = ground.shape.area if ground.shape else None
    others = [
        (_("On the ellipsoid"), ground.ellipsoid_m2),
        (_("As recorded in the file"), plot["area_m2"]),
        *([] if i18n.is_missing(plot["area_legal_m2"]) else [(_("By the papers"), plot["area_legal_m2"])]),
    ]
    return [
        {"name": _("In the plane of EPSG:5899"), "area": _area(plane, lang), "off": ""},
        *({"name": name, "area": _area(value, lang), "off": wording.off(plane, value, lang)} for name, value in others),
    ]


def _area(value: float | None, lang: str) -> str:
    return "" if value is None or i18n.is_missing(value) else wording.area(value, lang)


def _attributes(dossier: Dossier, plot: Any, lang: str) -> list[Part]:
    """Columns that the file has, by their names; empty cells as empty texts."""
    plots = dossier.plots
    shown = []
    for name, column in submitted.FIELDS.items():
        if name in _TOLD_ELSEWHERE or name not in plots or not plots[name].notna().any():
            continue
        value, text, colour = plot[name], "", ""
        if not i18n.is_missing(value):
            text = str(value) if column.dtype == "str" else wording.quantity(value, column.unit, lang)
            if name == "landuse_code":
                text, colour = _use(text, lang)
        shown.append({"name": getattr(column, lang), "text": text, "colour": colour})
    return shown


def _use(text: str, lang: str) -> tuple[str, str]:
    """A cell of land-use codes with their names, and the colour of the first; the cell alone if none is known."""
    parts = parts_of(text)
    try:
        names = [name for part in parts if (name := landuse.name(part, lang)) != part]
        colour = landuse.colour(parts[0])
    except DataFileError:  # the context has said so
        return text, ""
    return f"{text} {', '.join(names)}".strip(), colour


def _zone(zone_id: str, lang: str) -> str:
    try:
        return figures.zone_name(zone_id, lang)
    except DataFileError:
        return zone_id


def _own_columns(plot: Any, lang: str) -> list[tuple[str, str]]:
    cells = [(name.removeprefix(submitted.OWN), plot[name]) for name in plot.index if name.startswith(submitted.OWN)]
    return [
        (name, "" if i18n.is_missing(value) else wording.quantity(value, "", lang) if _is_number(value) else str(value))
        for name, value in cells
    ]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plan(around: measuring.Surroundings, shape: BaseGeometry | None, lang: str) -> Part | None:
    """The planned use under the plot; None when no plan with codes is known there."""
    uses = around.uses(shape) if shape else []
    if not uses or shape is None:
        return None
    cell, rest = uses[0][0], shape.area - sum(area for _, area in uses)
    return {
        "zone": _zone(cell["zone_id"], lang),
        "horizon": cell["horizon"],
        "quality": style.quality_name(cell["quality"], lang).split(":")[0],
        "uses": [
            {"colour": landuse.colour(row["use_code"]), "text": _use(row["use_code"], lang)[0]}
            | _part(area, shape, lang)
            for row, area in uses
        ],
        "rest": _part(rest, shape, lang) if rest > _REST * shape.area else None,
    }


def _part(area: float, shape: BaseGeometry, lang: str) -> Part:
    return {"area": wording.area(area, lang), "share": i18n.percent(100 * area / shape.area, lang, 1)}


def _neighbours(dossier: Dossier, index: measuring.Index, position: int, lang: str) -> list[Part]:
    rows, ids = dossier.plots["row"], dossier.plots["plot_id"]
    return [
        {
            "row": int(rows.iloc[other]),
            "plot_id": ids.iloc[other],
            "overlap": wording.area(overlap, lang) if overlap else "",
            "border": f"{i18n.number(border, lang, 1)} m" if border >= _CORNER_M else "",
        }
        for other, overlap, border in index.neighbours(position)
    ]


def _communes(around: measuring.Surroundings, body: BaseGeometry | None, lang: str) -> list[Part] | None:
    """Communes under the plot, with shares where there are several; None when that cannot be told."""
    if body is None or around.context.communes is None:
        return None
    found = around.communes(body)
    return [
        {
            "name": i18n.name(row, lang),
            "code": row["code"],
            "share": i18n.percent(100 * area / body.area, lang, 1) if len(found) > 1 else "",
        }
        for row, area in found
    ]


def _lines(around: measuring.Surroundings, body: BaseGeometry | None, lang: str) -> list[Part]:
    _ = i18n.translator(lang)
    return [
        {
            "kind": _("Shore") if near.kind == "shore" else style.mode_name(near.kind, lang),
            "name": "" if near.kind == "shore" else i18n.name(near.row, lang),
            "status": style.status_name(near.row["status"], lang) if near.planned else "",
            "distance": i18n.length(near.metres, lang),
            "accuracy": "" if near.accuracy_m is None else i18n.length(near.accuracy_m, lang),
        }
        for near in (around.distances(body) if body else ())
    ]


def _registered(shape: BaseGeometry | None, lang: str) -> tuple[Part | None, list[str]]:
    """The register's plot under this one, if any; what stood in the way."""
    try:
        found = measuring.register().entry(shape) if shape else None
    except DataFileError as error:
        return None, [error.message(lang)]
    if found is None or shape is None:
        return None, []
    row, overlap = found
    return {
        "plot_id": row["plot_id"],
        "zone": _zone(row["zone_id"], lang),
        "sheet": row["sheet"],
        "parcel": row["parcel"],
        "area": wording.area(row["area_m2"], lang),
        "use": _use(row["use_code"] or "", lang)[0],
        "status": style.plot_status_name(row["status"], lang),
        "demo": row["quality"] == "demo",
        "share": i18n.percent(100 * overlap / shape.area, lang, 1),
    }, []
