"""The legend: one swatch and one name for whatever the visible layers may show.

The map's frame hides the entries of which nothing is in view; here stand all that could be.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from qn_geo import figures, i18n, landuse, layers, outcomes, sheets, style
from qn_geo.style import EDGE, LAYER_DASHES, QUALITY_DASHES, STATUS_DASHES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qn_geo.style import MapLayer


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend.

    Attributes:
        key: What the map's frame knows it by, such as `layer:kcn`, `use:SKK` or `status:planned`.
        label: Its name in the reader's language.
        shape: `patch`, `line` or `point`.
        colour: Colour of edge, line or mark.
        fill: Colour inside a patch.
        opacity: Opacity of that fill.
        pattern: `hatch`, `cross` or nothing.
        dash: Dash pattern of edge or line.
        width: Width of a line in pixels.
        path: SVG path of a point's mark in a 16 x 16 box.
    """

    key: str
    label: str
    shape: Literal["patch", "line", "point"]
    colour: str
    fill: str = ""
    opacity: float = 1
    pattern: str = ""
    dash: str = ""
    width: float = 2.4
    path: str = ""

    @property
    def picture(self) -> str:
        """The swatch as an inline picture: Streamlit strips SVG elements from HTML, but not pictures."""
        drawing = sheets.template("swatch", "en").render(item=asdict(self))
        return "data:image/svg+xml," + quote(drawing.replace("\n", ""))


def legend(visible: Iterable[str], lang: str, *, reviewing: bool = False) -> str:
    """Return the legend of these map layers as HTML, in `lang`, and how many zones cannot be drawn.

    Args:
        visible: Ids of the layers.
        lang: "vi" or "en".
        reviewing: Whether plots of a submission lie over them.
    """
    codes = _codes("landuse", layers.version("landuse")) if layers.available("landuse") else ()
    plots = _codes("plots", layers.version("plots")) if "plots" in visible and layers.available("plots") else ()
    absent = 0
    if layers.available("zones") and layers.available("zones-table"):
        absent = len(layers.table("zones")) - len(layers.layer("zones"))
    table = layers.version("landuse-codes") if layers.available("landuse-codes") else ""
    uses = (codes, plots) if table else ((), ())
    return _legend(tuple(visible), uses, absent, table, lang, reviewing)


@lru_cache(maxsize=4)
def _codes(layer_id: str, _version: str) -> tuple[str, ...]:
    """Land-use codes that give a layer its colours: of plots only those without a status."""
    frame = layers.layer(layer_id)
    rows = frame[frame["status"].isna()] if layer_id == "plots" else frame
    return tuple(sorted(rows["use_code"].dropna().unique()))


@lru_cache(maxsize=256)
def _legend(
    visible: tuple[str, ...],
    uses: tuple[tuple[str, ...], tuple[str, ...]],
    absent: int,
    _table: str,
    lang: str,
    reviewing: bool,  # noqa: FBT001 - as above
) -> str:
    _ = i18n.translator(lang)
    note = _("Zones without a published location, listed but not drawn: {count}.").format(count=absent)
    shown = [layer for layer in style.MAP_LAYERS if layer.id in visible]
    items = [entry for layer in shown for entry in _of_layer(layer, uses[layer.id == "plots"], lang)]
    if reviewing:
        items = [*_of_review(lang), *items]
    return sheets.template("legend", lang).render(
        items=[*items, *_marks(lang)], truth=_truth(lang), note=note if absent else ""
    )


def _of_layer(layer: MapLayer, codes: tuple[str, ...], lang: str) -> Iterator[Entry]:
    if layer.id == "communes":
        yield Entry("layer:communes", style.layer_name(layer.id, lang), "line", style.BORDER, width=1)
    elif layer.id == "areas":
        for area, colour in style.AREA_COLOURS.items():
            yield Entry(f"area:{area}", figures.zone_name(f"area-{area}", lang), "patch", colour, colour, 0.25)
    elif layer.source == "landuse":
        yield from _of_landuse(codes, lang)
    elif layer.source == "plots":
        yield from _of_plots(codes, lang)
    elif layer.source == "zones":
        colour = style.ZONE_COLOURS[layer.where["kind"][0]]
        pattern = "" if layer.id == "kkt" else "hatch"
        dash = QUALITY_DASHES["schematic"]
        yield Entry(f"layer:{layer.id}", style.layer_name(layer.id, lang), "patch", colour, colour, 0.08, pattern, dash)
    elif layer.shape == "line":
        mode = layer.where["mode"][0]
        dash = LAYER_DASHES["railway"] if mode.endswith("railway") else ""
        name, colour, width = style.layer_name(layer.id, lang), style.MODE_COLOURS[mode], style.MODE_WIDTHS[mode]
        yield Entry(f"layer:{layer.id}", name, "line", colour, dash=dash, width=width)
    elif layer.shape == "point":
        for kind in next(iter(layer.where.values())):
            colour, path = style.MARKERS[kind]
            yield Entry(f"kind:{kind}", style.mode_name(kind, lang), "point", colour, path=path)


def _of_landuse(codes: tuple[str, ...], lang: str) -> Iterator[Entry]:
    _ = i18n.translator(lang)
    for code in codes:
        yield Entry(f"use:{code}", f"{code} {landuse.name(code, lang)}", "patch", EDGE, landuse.colour(code))
    name, dash = _("Land use without an official code"), LAYER_DASHES["landuse"]
    yield Entry("use:", name, "patch", EDGE, landuse.NEUTRAL, style.UNCODED_OPACITY, dash=dash)


def _of_plots(codes: tuple[str, ...], lang: str) -> Iterator[Entry]:
    """Plots by status; those without one by land use, as pale as they are drawn."""
    _ = i18n.translator(lang)
    for status, colour in style.PLOT_COLOURS.items():
        name = _("Plot: {status} (demo)").format(status=style.plot_status_name(status, lang).lower())
        pattern = style.PLOT_PATTERNS.get(status, "")
        yield Entry(f"plot:{status}", name, "patch", EDGE, colour, 1, pattern, LAYER_DASHES["plots"])
    for code in codes:
        name = _("Plot: {use} (demo)").format(use=f"{code} {landuse.name(code, lang)}")
        yield Entry(f"plotuse:{code}", name, "patch", EDGE, landuse.colour(code), 0.45, dash=LAYER_DASHES["plots"])


def _of_review(lang: str) -> Iterator[Entry]:
    """Plots of a submission by result and decision, and trouble spots."""
    _ = i18n.translator(lang)
    for result, colour in outcomes.RESULT_COLOURS.items():
        name = outcomes.result_name(result, lang)
        if result == "fail":
            yield Entry(f"result:{result}", name, "patch", colour, colour, 0.35, "hatch")
        else:
            yield Entry(f"result:{result}", name, "patch", EDGE, colour, 0.65)
    for verdict, colour in outcomes.VERDICT_COLOURS.items():
        yield Entry(f"verdict:{verdict}", outcomes.verdict_name(verdict, lang), "patch", colour, "none")
    for severity, colour in outcomes.SEVERITY_COLOURS.items():
        name = _("Trouble spot: {severity}").format(severity=outcomes.severity_name(severity, lang).lower())
        yield Entry(f"severity:{severity}", name, "patch", colour, colour, 0.06 if severity == "info" else 0.45)
    dash = LAYER_DASHES["plots"]
    yield Entry("earlier:", _("Plot compared with"), "patch", EDGE, EDGE, 0.35, dash=dash)


def _marks(lang: str) -> Iterator[Entry]:
    """What dashes and dots mean, whichever layer has them."""
    _ = i18n.translator(lang)
    name = _("park or cluster not yet operating")
    yield Entry("zone:future", name, "patch", EDGE, EDGE, 0.08, "dots", QUALITY_DASHES["schematic"])
    yield Entry("status:building", _("under construction"), "line", EDGE, dash=STATUS_DASHES["building"])
    yield Entry("status:planned", _("planned or not yet open"), "line", EDGE, dash=STATUS_DASHES["planned"])


def _truth(lang: str) -> Entry:
    """How true the shapes are: the one line that is always in sight."""
    _ = i18n.translator(lang)
    meaning = _("dashed and hatched: schematic, the shape is not official")
    return Entry("quality:schematic", meaning, "patch", EDGE, EDGE, 0, "hatch", QUALITY_DASHES["schematic"])
