"""A reviewed submission as DXF for AutoCAD and MicroStation: plots by result, trouble spots by severity, labels.

Layer names are plain ASCII, so they survive every program; their descriptions say in words what they hold. One unit is
a metre of VN-2000 / TM-3 107°45' (EPSG:5899).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from ezdxf import colors
from ezdxf.enums import MTextEntityAlignment
from ezdxf.filemanagement import new

from qn_geo import i18n, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ezdxf.document import Drawing
    from ezdxf.layouts.layout import Modelspace
    from shapely.geometry.base import BaseGeometry

    from qn_geo.dossier import Dossier

# Name, AutoCAD's colour number for programs without true colours, line weight in hundredths of a millimetre.
PLOT_LAYERS: Final = {
    "fail": ("QN_LO_CO_LOI", 1, 35),
    "warn": ("QN_LO_CAN_XEM", 30, 25),
    "pass": ("QN_LO_DAT", 3, 18),
}
FINDING_LAYERS: Final = {
    "error": ("QN_LOI", 1, 70),
    "warning": ("QN_CANH_BAO", 30, 50),
    "info": ("QN_THONG_TIN", 5, 35),
}
PLOT_LABELS: Final = "QN_NHAN_LO"
DECISIONS: Final = "QN_QUYET_DINH"
NOTES: Final = "QN_GHI_CHU"

_FONT: Final = "QN"
_CENTRE: Final = MTextEntityAlignment.MIDDLE_CENTER.value
_ANCHORS: Final = {NOTES: MTextEntityAlignment.MIDDLE_LEFT.value}
_SMALLEST_M, _LARGEST_M = 0.4, 8.0  # heights of labels
_OF_PLOT: Final = 0.06  # height of a label, of the side of a square as large as the plot
_MM: Final = 3  # decimals of a coordinate
_TOLD_EVERY: Final = 2_000  # plots, a tenth of a second
_CONTROL: Final = str.maketrans("\\^{}", "/'()")


def drawing(
    dossier: Dossier, about: Sequence[tuple[str, str]], lang: str, drawn: Callable[[float], None] = lambda _share: None
) -> bytes:
    """Return plots and findings as DXF (AutoCAD 2004).

    Args:
        dossier: A submission that was checked.
        about: Names and values of the evidence: the drawing's properties, and a note at its lower edge.
        lang: "vi" or "en".
        drawn: Told the share of plots that are drawn, 1.0 before the drawing is written.
    """
    # The oldest version with true colours; later ones are UTF-8, which some readers take for Latin-1, while the
    # escapes that stand for Vietnamese letters in this one are read by all.
    document = new("R2004", units=6)  # 6: metres
    document.styles.add(_FONT, font="arial.ttf")  # AutoCAD's own fonts lack Vietnamese letters
    _layers(document, lang)
    space = document.modelspace()
    _plots(space, dossier, lang, drawn)
    _findings(space, dossier)
    _note(space, dossier, about)
    for name, value in about:
        document.header.custom_vars.append(plain(name), plain(value))
    drawn(1.0)
    out = io.StringIO()
    document.write(out)
    return out.getvalue().encode(document.output_encoding, errors="dxfreplace")


def plain(text: str) -> str:
    """Return text without what a DXF reader takes for control codes: backslashes, carets, braces, %%."""
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    return seen.translate(_CONTROL).replace("%%", "% %")


def _layers(document: Drawing, lang: str) -> None:
    _ = i18n.translator(lang)
    plots = {key: outcomes.result_name(key, lang) for key in PLOT_LAYERS}
    findings = {key: outcomes.severity_name(key, lang) for key in FINDING_LAYERS}
    for known, words, shades, what in (
        (PLOT_LAYERS, plots, outcomes.RESULT_COLOURS, _("Plots")),
        (FINDING_LAYERS, findings, outcomes.SEVERITY_COLOURS, _("Findings")),
    ):
        for key, (name, colour, weight) in known.items():
            rgb = colors.rgb2int(colors.RGB.from_hex(shades[key]))
            layer = document.layers.add(name, color=colour, true_color=rgb, lineweight=weight)
            layer.description = f"{what}: {words[key]}"
    for name, words_ in ((PLOT_LABELS, _("Plot")), (DECISIONS, _("Decision")), (NOTES, _("Evidence"))):
        document.layers.add(name, color=7).description = words_


def _plots(space: Modelspace, dossier: Dossier, lang: str, drawn: Callable[[float], None]) -> None:
    shapes, ids = dossier.plots.geometry.to_numpy(), dossier.plots["plot_id"]
    heights = np.clip(np.sqrt(np.nan_to_num(shapely.area(shapes))) * _OF_PLOT, _SMALLEST_M, _LARGEST_M)
    rows = zip(shapes, ids, dossier.summary["states"], heights.round(2).tolist(), strict=True)
    for number, (shape, plot_id, result, height) in enumerate(rows):
        if number % _TOLD_EVERY == 0:
            drawn(number / len(shapes))
        _draw(space, shape, PLOT_LAYERS[result][0])
        place = _middle(shape)
        _write(space, place, str(plot_id), PLOT_LABELS, height)
        if place and (entry := dossier.decided.get(plot_id)):
            below = place[0], place[1] - 1.6 * height
            _write(space, below, outcomes.verdict_name(entry.verdict, lang), DECISIONS, 0.7 * height)


def _findings(space: Modelspace, dossier: Dossier) -> None:
    found = dossier.findings
    for shape, severity, rule in zip(found.geometry.to_numpy(), found["severity"], found["rule"], strict=True):
        layer = FINDING_LAYERS[severity][0]
        _draw(space, shape, layer)
        _write(space, _middle(shape), rule, layer, _SMALLEST_M)


def _note(space: Modelspace, dossier: Dossier, about: Sequence[tuple[str, str]]) -> None:
    """Write what the drawing rests on below its lower left corner."""
    bounds = shapely.total_bounds(dossier.plots.geometry.to_numpy())
    if not np.isfinite(bounds).all():
        return
    west, south, east, north = bounds.tolist()
    height = min(max((east - west + north - south) / 300, _SMALLEST_M), _LARGEST_M)
    lines = ["VN-2000 / TM-3 107°45' (EPSG:5899)", *(f"{name}: {value}" for name, value in about)]
    for number, line in enumerate(lines, start=2):
        _write(space, (west, south - number * height * 1.8), line, NOTES, height)


def _draw(space: Modelspace, shape: BaseGeometry | None, layer: str) -> None:
    """Add a shape: rings as closed polylines, lines as open ones, points as points."""
    for part in shapely.get_parts(shape) if shape is not None else ():
        if part.is_empty:
            continue
        if part.geom_type == "Point":
            space.add_point(_points(part)[0], dxfattribs={"layer": layer})
        elif part.geom_type == "Polygon":
            for ring in (part.exterior, *part.interiors):
                space.add_lwpolyline(_points(ring)[:-1], close=True, dxfattribs={"layer": layer})
        else:
            space.add_lwpolyline(_points(part), dxfattribs={"layer": layer})


def _points(line: BaseGeometry) -> Any:
    return np.round(shapely.get_coordinates(line), _MM).tolist()


def _middle(shape: BaseGeometry | None) -> tuple[float, float] | None:
    """Return a place inside a shape."""
    if shape is None or shape.is_empty:
        return None
    place = shapely.point_on_surface(shape)
    return place.x, place.y


def _write(space: Modelspace, place: tuple[float, float] | None, text: str, layer: str, height: float) -> None:
    """Put a text's middle, of notes its left end, on a place."""
    if place is None:
        return
    where = {"insert": (round(place[0], _MM), round(place[1], _MM)), "attachment_point": _ANCHORS.get(layer, _CENTRE)}
    # Not a plain TEXT: in those, GIS programs do not read the escapes of Vietnamese letters.
    space.add_mtext(plain(text), {"layer": layer, "style": _FONT, "char_height": round(height, _MM), **where})
