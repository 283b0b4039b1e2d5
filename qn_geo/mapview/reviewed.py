"""What the map's frame fetches of a submission under review: plots, trouble spots, decisions, proposals, as GeoJSON.

Shapes are told apart by `row` and `number`, never by texts of the file. Everything is addressed with a version, so a
decision sends some bytes and no geometry.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from qn_geo import dossier as dossiers
from qn_geo.crs import unproject
from qn_geo.intake import systems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from qn_geo.dossier import Dossier
    from qn_geo.intake import LayerInspection

Box = tuple[float, float, float, float]

_DRAWN: Final = (50_000.0, 2_050_000.0, 950_000.0, 2_620_000.0)  # EPSG:5899; the map shows no more
_DIGITS: Final = 7  # of a degree: a centimetre
_LEAST_M: Final = 25.0  # round a plot that is gone to, so that its surroundings are seen
_PREVIEWS: Final[OrderedDict[str, bytes]] = OrderedDict()
_MOST_PREVIEWS: Final = 32


def version(dossier: Dossier) -> str:
    """Return what the addresses of plots and findings carry; it changes with either."""
    return f"{dossier.reading['plots_sha256'][:12]}{dossier.findings_hash[:12]}"


def part(dossier: Dossier, name: str) -> bytes:
    """Return "plots", "findings", "earlier" or "decisions" of a submission as JSON.

    Raises:
        KeyError: If there is no such part.
        QnGeoError: If the plots compared with cannot be read.
    """
    if name == "decisions":
        return _decisions(dossier)
    return _shapes(dossier, name)


@lru_cache(maxsize=12)
def _shapes(dossier: Dossier, name: str) -> bytes:
    return {"plots": _plots, "findings": _findings, "earlier": _earlier}[name](dossier)


def _plots(dossier: Dossier) -> bytes:
    frame = dossier.plots
    told = zip(frame["row"].tolist(), frame["plot_id"], dossier.summary["states"], strict=True)
    return _collection(frame.geometry.to_numpy(), ({"row": r, "plot_id": i, "result": s} for r, i, s in told))


def _findings(dossier: Dossier) -> bytes:
    severities = dossier.findings["severity"]
    return _collection(
        dossier.findings.geometry.to_numpy(), ({"number": n, "severity": s} for n, s in enumerate(severities))
    )


def _earlier(dossier: Dossier) -> bytes:
    frame = dossiers.earlier_plots(dossier.earlier, dossier.zone_id)
    if frame is None:
        return _collection(np.array([], dtype=object), [])
    return _collection(frame.geometry.to_numpy(), ({"plot_id": name} for name in frame["plot_id"]))


def _decisions(dossier: Dossier) -> bytes:
    rows = dict(zip(dossier.plots["plot_id"], dossier.plots["row"].tolist(), strict=True))
    return json.dumps({rows[name]: entry.verdict for name, entry in dossier.decided.items()}).encode()


def keep_preview(key: str, layer: LayerInspection) -> None:
    """Keep where each proposal places a layer's sample, for `preview`.

    Args:
        key: What the frame will ask for.
        layer: The layer; the number of a proposal is its place in `systems`.
    """
    if key in _PREVIEWS:
        return
    parts, numbers = [], []
    for number, proposal in enumerate(layer.systems):
        placed = systems.place(layer.sample, proposal)
        parts.append(placed)
        numbers += [number] * len(placed)
    shapes = np.concatenate(parts) if parts else np.array([], dtype=object)
    _PREVIEWS[key] = _collection(shapes, ({"number": number} for number in numbers))
    while len(_PREVIEWS) > _MOST_PREVIEWS:
        _PREVIEWS.popitem(last=False)


def preview(key: str) -> bytes | None:
    """Return what `keep_preview` kept, None when it is gone."""
    return _PREVIEWS.get(key)


def box(shapes: Iterable[Any]) -> Box | None:
    """Return the bounds in WGS 84 (west, south, east, north) of shapes in EPSG:5899, with room round small ones.

    What lies far outside the map is left out; None when nothing is left.
    """
    array = np.fromiter(shapes, dtype=object)
    shown = array[_drawable(array)]
    if not len(shown):
        return None
    bounds = shapely.total_bounds(shown)
    room = _LEAST_M + 0.3 * max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    corners = unproject(shapely.box(bounds[0] - room, bounds[1] - room, bounds[2] + room, bounds[3] + room))
    west, south, east, north = corners.bounds
    return west, south, east, north


def _drawable(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    west, south, east, north = _DRAWN
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    with np.errstate(invalid="ignore"):  # a missing shape has NaN for bounds, which is inside of nothing
        inside: NDArray[np.bool_] = (
            (bounds[:, 0] >= west) & (bounds[:, 1] >= south) & (bounds[:, 2] <= east) & (bounds[:, 3] <= north)
        )
    return inside


def _collection(shapes: NDArray[np.object_], properties: Iterable[dict[str, Any]]) -> bytes:
    """Return shapes in EPSG:5899 with their properties as GeoJSON in WGS 84; what the map cannot show is left out."""
    shown = _drawable(shapes)
    degrees = unproject(shapes[shown])
    rounded = shapely.transform(degrees, lambda points: points.round(_DIGITS))
    texts: Sequence[str] = shapely.to_geojson(rounded).tolist()
    write: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":")).encode
    told = [write(item) for item, kept in zip(properties, shown.tolist(), strict=True) if kept]
    features = ",".join(
        f'{{"type":"Feature","properties":{item},"geometry":{text}}}' for item, text in zip(told, texts, strict=True)
    )
    return f'{{"type":"FeatureCollection","features":[{features}]}}'.encode()
