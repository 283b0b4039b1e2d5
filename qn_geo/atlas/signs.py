"""The legend of a map on paper: one sign for everything that can be seen in its window, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from qn_geo import figures, i18n, landuse, style
from qn_geo.atlas.looks import Pen, is_rough, pattern
from qn_geo.atlas.shown import status_in
from qn_geo.report import paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qn_geo.atlas.shown import Layer, Shown

WIDE: Final = 7.0
"""Width of a sign, millimetres, on a sheet held in the hand; it is less than half as high."""
HIGH: Final = 3.0


@dataclass(frozen=True)
class Sign:
    """One line of the legend.

    Attributes:
        label: What it stands for.
        group: Heading under which it stands.
        svg: The sign, an SVG document in millimetres.
        width_mm: Its width; it is HIGH / WIDE as high.
        inner: The same without the document round it, from (0, 0) on, and without patterns.
    """

    label: str
    group: str
    svg: str
    width_mm: float
    inner: str


_Entry = tuple[str, str]
"""What a sign stands for, and how it is drawn."""

_FEW: Final = 2  # areas that have signs of their own
_ORDER: Final = ("zones", "boundaries", "transport", "logistics", "landuse", "plots")


def signs(pen: Pen, shown: Shown, found: Sequence[Layer], lang: str) -> list[Sign]:
    """Return the signs of what is visible, group by group; last stands what dashes and hatches mean."""
    _ = i18n.translator(lang)
    drawn: list[tuple[str, _Entry]] = []
    for group in _ORDER:
        name = style.group_name(group, lang)
        if group == "zones":
            drawn += [(name, entry) for entry in _chosen(pen, shown, found, lang)]
        for layer in found:
            if layer.layer.group == group:
                drawn += [(name, entry) for entry in _of_layer(pen, layer, lang)]
    marks = _("How to read it")
    drawn += [(marks, entry) for entry in (*_statuses(pen, found, lang), *_qualities(pen, found, lang))]
    told = {(name, label): inner for name, (label, inner) in drawn}
    return [_sign(pen, name, label, inner) for (name, label), inner in told.items()]


def _sign(pen: Pen, group: str, label: str, inner: str) -> Sign:
    wide, high = WIDE * pen.size, HIGH * pen.size
    svg = paper.document(round(wide, 2), round(high, 2), (pen.patterns() if "url(#" in inner else "") + inner)
    return Sign(label, group, svg, wide, inner)


def _chosen(pen: Pen, shown: Shown, found: Sequence[Layer], lang: str) -> Iterator[_Entry]:
    _ = i18n.translator(lang)
    there = {row["zone_id"] for layer in found if layer.layer.source == "zones" for row in layer.rows}
    if there & set(shown.zones):
        yield _("Chosen zone"), _patch(pen, pen.look(style.ACCENT, 3))
    if shown.plot and any(row.get("plot_id") == shown.plot for layer in found for row in layer.rows):
        yield _("Chosen plot"), _patch(pen, pen.look(style.ACCENT, 2.5))


def _of_layer(pen: Pen, layer: Layer, lang: str) -> Iterator[_Entry]:
    source, looks = (
        layer.layer.source,
        [pen.of(layer.layer, row) for row in layer.rows] if layer.layer.shape != "point" else [],
    )
    if layer.layer.shape == "point":
        kinds = {row.get("kind") or row["mode"]: row for row in reversed(layer.rows)}
        for kind in kinds:
            yield style.mode_name(kind, lang), _mark(pen, kind)
    elif source == "areas" and len(looks) > _FEW:  # their names stand on the map
        yield style.layer_name("areas", lang), _strip(pen, looks)
    elif source == "areas":
        for row, look in zip(layer.rows, looks, strict=True):
            yield figures.zone_name(f"area-{row['area_id']}", lang), _patch(pen, look)
    elif source == "landuse":
        yield from sorted(
            {_use(row, lang): _patch(pen, look) for row, look in zip(layer.rows, looks, strict=True)}.items()
        )
    elif source == "plots":
        yield from sorted(
            {_plot(row, lang): _patch(pen, look) for row, look in zip(layer.rows, looks, strict=True)}.items()
        )
    elif source == "zones":
        yield style.layer_name(layer.layer.id, lang), _patch(pen, _typical(pen, layer))
    elif source == "communes":
        yield style.layer_name("communes", lang), _line(pen, looks[0])
    else:
        mode = layer.rows[0]["mode"]
        rail = style.LAYER_DASHES["railway"] if mode.endswith("railway") else ""
        look = pen.look(style.MODE_COLOURS[mode], style.MODE_WIDTHS[mode], dash=rail)
        yield style.layer_name(layer.layer.id, lang), _line(pen, look)


def _typical(pen: Pen, layer: Layer) -> paper.Look:
    """How the zones of a kind look that operate, if there are any."""
    row = min(layer.rows, key=lambda row: status_in(row, pen.year) != "operating")
    return pen.of(layer.layer, row)


def _use(row: Mapping[Any, Any], lang: str) -> str:
    _ = i18n.translator(lang)
    code = row["use_code"]
    return _("Land use without an official code") if i18n.is_missing(code) else f"{code} {landuse.name(code, lang)}"


def _plot(row: Mapping[Any, Any], lang: str) -> str:
    _ = i18n.translator(lang)
    if not i18n.is_missing(row["status"]):
        return _("Plot: {status} (demo)").format(status=style.plot_status_name(row["status"], lang).lower())
    code = row["use_code"]
    return _("Plot: {use} (demo)").format(use=f"{code} {landuse.name(code, lang)}")


def _statuses(pen: Pen, found: Sequence[Layer], lang: str) -> Iterator[_Entry]:
    """What dashes and dots mean, as far as there are any."""
    _ = i18n.translator(lang)
    rows = [(layer, row) for layer in found for row in layer.rows]
    ways = {status_in(row, pen.year) for layer, row in rows if layer.layer.shape == "line"}
    if "building" in ways:
        yield _("under construction"), _line(pen, pen.look(style.EDGE, 2.4, dash=style.STATUS_DASHES["building"]))
    if ways & {"planned", "proposed"}:
        dash = style.STATUS_DASHES["planned"]
        yield _("planned or not yet open"), _line(pen, pen.look(style.EDGE, 2.4, dash=dash))
    if any(layer.layer.shape == "point" and status_in(row, pen.year) != "operating" for layer, row in rows):
        yield _("point not yet operating"), _pale(pen)
    future = any(
        layer.layer.source == "zones" and row["kind"] != "KKT" and status_in(row, pen.year) != "operating"
        for layer, row in rows
    )
    if future and not pen.near:
        dash = style.QUALITY_DASHES["schematic"]
        look = pen.look(style.EDGE, 1.6, dash=dash, fill=pattern("dots", style.EDGE))
        yield _("park or cluster not yet operating"), _patch(pen, look)


def _qualities(pen: Pen, found: Sequence[Layer], lang: str) -> Iterator[_Entry]:
    """How true the outlines of zones are, told by their dashes and hatches."""
    _ = i18n.translator(lang)
    rows = [row for layer in found if layer.layer.source == "zones" for row in layer.rows]
    if any(row["quality"] == "approximate" for row in rows):
        dash = style.QUALITY_DASHES["approximate"]
        yield _("long dashes: approximate outline"), _line(pen, pen.look(style.EDGE, 1.6, dash=dash))
    if any(is_rough(row) for row in rows):
        fill = "none" if pen.near else pattern("hatch", style.EDGE)
        look = pen.look(style.EDGE, 1.6, dash=style.QUALITY_DASHES["schematic"], fill=fill)
        meaning = (
            _("short dashes: schematic, not official")
            if pen.near
            else _("dashed and hatched: schematic, the shape is not official")
        )
        yield meaning, _patch(pen, look)


def _patch(pen: Pen, look: paper.Look, width: float | None = None) -> str:
    edge = pen.size * 0.3
    wide, high = (width or WIDE * pen.size) - 2 * edge, HIGH * pen.size - 2 * edge
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    return (
        f'<rect x="{edge:.2f}" y="{edge:.2f}" width="{wide:.2f}" height="{high:.2f}" fill="{look.fill}" '
        f'fill-opacity="{look.tint}" stroke="{look.line}" stroke-width="{look.width}"{dash}/>'
    )


def _strip(pen: Pen, looks: Sequence[paper.Look]) -> str:
    """A patch of several colours side by side."""
    wide = WIDE * pen.size / len(looks)
    parts = enumerate(_patch(pen, look, wide) for look in looks)
    return "".join(f'<g transform="translate({number * wide:.2f} 0)">{part}</g>' for number, part in parts)


def _line(pen: Pen, look: paper.Look) -> str:
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    return (
        f'<path d="M0 {HIGH * pen.size / 2:.2f}h{WIDE * pen.size:.2f}" fill="none" stroke="{look.line}" '
        f'stroke-width="{look.width}"{dash}/>'
    )


def _mark(pen: Pen, kind: str, *, pale: bool = False) -> str:
    middle = WIDE * pen.size / 2, HIGH * pen.size / 2
    return f'<g transform="translate({middle[0]:.2f} {middle[1]:.2f})">{pen.icon(kind, pale=pale)}</g>'


def _pale(pen: Pen) -> str:
    return _mark(pen, "port", pale=True)
