"""What a layer means: proposals for a person to confirm, and the frame of plots once everything is settled."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from qn_geo import crs
from qn_geo.errors import Problem, QnGeoError
from qn_geo.intake import cad, columns, corners, naming, numbers, placing, reasons, systems, whereabouts
from qn_geo.intake.kinds import CAD, TABLES, Kind
from qn_geo.intake.raw import RawLayer
from qn_geo.schema import submitted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pyarrow as pa
    from numpy.typing import NDArray

    from qn_geo.intake.encodings import Guess
    from qn_geo.intake.evidence import Evidence
    from qn_geo.intake.systems import Proposal

_SHOWN: Final = 200  # shapes to draw a proposal with
_STRAYS_NAMED: Final = 5
_RING_POINTS: Final = 4
_AREAL: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person has settled; what is left out is taken as proposed, if that is certain.

    Attributes:
        layer: Layer of the file; None: the only one, or the largest.
        encodings: Encoding by column.
        columns: Canonical column by column of the file, "" for none.
        system: Coordinate system, as `systems.chosen` takes it.
        swapped: Whether north comes first; None: as the numbers say.
        zone_id: Zone the plots lie in.
    """

    layer: str | None = None
    encodings: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    system: str | None = None
    swapped: bool | None = None
    zone_id: str | None = None


@dataclass(frozen=True, slots=True)
class LayerInspection:
    """What one layer holds and may mean.

    Attributes:
        name: Its name.
        kind: Format, a value of `kinds.Kind`.
        count: Plots found: features, faces of a drawing, groups of corners.
        stored: Reference system the file names.
        encodings: Guesses by column of texts, the best first.
        raw_samples: Up to three texts a column as read, for `encodings.decode` to show in any encoding.
        columns: Canonical column by column of the file.
        knowledge: Columns whose meaning was guessed from names not seen in any source.
        systems: Coordinate systems, the likeliest first; empty when the numbers mean nothing in the province.
        zones: Zones that hold more than half of the sample by the first proposal, with that share, the smallest first.
        sample: Up to 200 shapes from all over the layer in the file's own numbers; `systems.place(sample, proposal)`
            draws a proposal.
        problems: What is wrong with single features and cells, and whether plots are converted.
    """

    name: str
    kind: str
    count: int
    stored: str | None
    encodings: dict[str, list[Guess]]
    raw_samples: dict[str, tuple[str, ...]]
    columns: dict[str, str | None]
    knowledge: frozenset[str]
    systems: list[Proposal]
    zones: list[tuple[str, float]]
    sample: NDArray[np.object_]
    problems: list[Problem]

    @property
    def certain(self) -> bool:
        """Whether the coordinate system needs no confirmation."""
        return bool(self.systems) and self.systems[0].certain


@dataclass(frozen=True, slots=True)
class Normalised:
    """Plots as all checks read them, and how they came to be so.

    Attributes:
        frame: As `submitted.frame` makes it.
        system: The coordinate system taken, with its reason; `certain` is True for a chosen one too.
        encodings: Encoding taken, by column of texts.
        columns: Canonical column taken, by column of the file.
        problems: What is wrong with single features and cells, and whether plots are converted.
        wkb: The shapes as the file holds them, where these are the same; None where they were moved or mended.
    """

    frame: gpd.GeoDataFrame
    system: Proposal
    encodings: dict[str, str]
    columns: dict[str, str | None]
    problems: list[Problem]
    wkb: pa.ChunkedArray | None


@dataclass(slots=True)
class _Prepared:
    layer: RawLayer
    guesses: dict[str, list[Guess]]
    meant: dict[str, str | None]
    evidence: Evidence


class Reading:
    """A layer under the choices made so far; what it may mean is found once, for inspection and plots alike."""

    def __init__(self, raw: RawLayer | Sequence[RawLayer], known: Evidence, choices: Choices | None = None) -> None:
        """Take a layer.

        Args:
            raw: The layer as read; of a drawing, all its layers.
            known: What is known of the place, as `evidence.known` gives it.
            choices: What has been settled; encodings and columns bear on the rest.
        """
        self._raw: Final = [raw] if isinstance(raw, RawLayer) else raw
        self._known: Final = known
        self._choices: Final = choices or Choices()

    @cached_property
    def _prepared(self) -> _Prepared:
        return _prepare(self._raw, self._choices, self._known)

    @cached_property
    def proposed(self) -> list[Proposal]:
        """Coordinate systems, the likeliest first."""
        return systems.propose(self.plots.geometry, self._prepared.evidence)

    @property
    def plots(self) -> RawLayer:
        """The layer decoded, with the shapes of its plots."""
        return self._prepared.layer

    @property
    def encodings(self) -> dict[str, list[Guess]]:
        """Guesses by column of texts, the best first."""
        return self._prepared.guesses

    def under(self, choices: Choices) -> Reading:
        """Return the layer under choices made since; what they leave as it was is not found again."""
        settled = Reading(self._raw, self._known, choices)
        if (choices.encodings, choices.columns) == (self._choices.encodings, self._choices.columns):
            settled._prepared, settled.proposed = self._prepared, self.proposed
        return settled

    def inspection(self) -> LayerInspection:
        """Return what the layer holds and may mean.

        Raises:
            QnGeoError: If nothing in it can be a plot, or a choice cannot be followed.
        """
        prepared, proposed, settled = self._prepared, self.proposed, self._choices.system
        layer = prepared.layer
        if not proposed:
            problems = [*layer.problems, _nowhere(layer)]
        else:
            problems = [*layer.problems, *_strays(layer, proposed[0], prepared.evidence)]
            taken = next((one for one in proposed if settled == one.system), proposed[0])
            if taken.certain or settled == taken.system:
                problems += reasons.converted(placing.plane_of(taken))
        sample = placing.spread(layer.geometry, _SHOWN)
        return LayerInspection(
            layer.name,
            layer.kind,
            len(layer.rows),
            layer.system,
            prepared.guesses,
            {name: texts for one in self._raw for name, texts in columns.raw_samples(one).items()},
            prepared.meant,
            frozenset(name for name, meant in prepared.meant.items() if meant and naming.is_knowledge(name)),
            proposed,
            whereabouts.zones(systems.place(sample, proposed[0])) if proposed else [],
            sample,
            problems,
        )

    def canonical(self) -> Normalised:
        """Return the plots of the layer as all checks read them.

        Raises:
            QnGeoError: If nothing in it can be a plot, a choice cannot be followed, or the coordinate system is
                neither certain nor chosen.
        """
        prepared, choices = self._prepared, self._choices
        layer = prepared.layer
        if choices.system is None:
            proposal = _certain(layer, self.proposed, choices)
        else:
            proposal = systems.chosen(layer.geometry, choices.system, choices.swapped, self.proposed)
        placed = systems.place(layer.geometry, proposal)
        shapes = _areas(placed)
        values, problems = columns.canonical(layer, prepared.meant, shapely.area(shapes))
        used = {name: choices.encodings.get(name, found[0].encoding) for name, found in prepared.guesses.items()}
        told = [*layer.problems, *reasons.converted(placing.plane_of(proposal)), *_lost(layer, placed), *problems]
        return Normalised(
            submitted.frame(values, shapes),
            proposal,
            used,
            prepared.meant,
            [*told, *_strays(layer, proposal, prepared.evidence)],
            layer.wkb if shapes is layer.geometry else None,
        )


def _prepare(raw: Sequence[RawLayer], choices: Choices, known: Evidence) -> _Prepared:
    """Decode, make shapes of corners and drawings, find the columns, and gather what the file itself tells."""
    decoded = [columns.decode(layer, choices.encodings) for layer in raw]
    guesses = {name: found for _, one in decoded for name, found in one.items()}
    layer = decoded[0][0]
    x_column = corners.x_column(layer) if layer.kind in TABLES else None
    if layer.kind in CAD:
        layer = cad.polygons([one for one, _ in decoded])
    elif layer.kind in TABLES:
        layer = corners.polygons(layer)
    meant = columns.mapping(layer.fields, choices.columns)
    by_canonical = {canonical_: name for name, canonical_ in meant.items() if canonical_}
    # GeoJSON without a system is WGS 84 by its own rules; numbers that speak against it are seen all the same.
    stored = layer.system or (crs.WGS84 if layer.kind == Kind.GEOJSON else None)
    area = next((by_canonical[name] for name in reversed(columns.AREAS) if name in by_canonical), None)
    codes = by_canonical.get("commune_code")
    told = replace(
        known,
        stored=stored,
        codes=columns.commune_codes(layer.fields[codes]) if codes else (),
        areas=numbers.parse(layer.fields[area]) if area else None,
        x_column=x_column,
    )
    return _Prepared(layer, guesses, meant, told)


def _certain(layer: RawLayer, proposed: Sequence[Proposal], choices: Choices) -> Proposal:
    """Return the coordinate system that needs no choice.

    Raises:
        QnGeoError: If there is none.
    """
    fitting = [one for one in proposed if choices.swapped in {None, one.swapped}]
    if fitting and fitting[0].certain:
        return fitting[0]
    if not fitting:
        found = _nowhere(layer)
        raise QnGeoError(found.vi, found.en, remedy_vi=found.remedy_vi, remedy_en=found.remedy_en)
    likely_vi, likely_en = (", ".join(getattr(one, lang) for one in fitting[:3]) for lang in ("vi", "en"))
    raise QnGeoError(
        f"chưa rõ hệ tọa độ; có thể là: {likely_vi}. {fitting[0].reason_vi}",
        f"the coordinate system is not certain; it may be: {likely_en}. {fitting[0].reason_en}",
        remedy_vi="xem các phương án trên bản đồ rồi xác nhận một hệ.",
        remedy_en="look at the proposals on the map and confirm one.",
    )


def _areas(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Make areas of closed lines and of collections that hold some; all else stays, for the checks to tell."""
    types = shapely.get_type_id(shapes)
    lines = np.flatnonzero(types == shapely.GeometryType.LINESTRING)
    closed = shapely.is_closed(shapes[lines]) & (shapely.get_num_points(shapes[lines]) >= _RING_POINTS)
    mixed = np.flatnonzero(types == shapely.GeometryType.GEOMETRYCOLLECTION)
    if not (closed.any() or len(mixed)):
        return shapes
    made = shapes.copy()
    for place in lines[closed].tolist():
        made[place] = shapely.Polygon(shapes[place])
    for place in mixed.tolist():
        parts = shapely.get_parts(shapes[place])
        parts = shapely.get_parts(parts[np.isin(shapely.get_type_id(parts), _AREAL)])
        if len(parts):
            made[place] = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    return made


def _lost(layer: RawLayer, placed: NDArray[np.object_]) -> list[Problem]:
    lost = np.flatnonzero(shapely.is_missing(placed) & ~shapely.is_missing(layer.geometry))
    return [
        Problem(
            f"tọa độ không phải là số hoặc quá lớn nên lô không có hình ({len(lost)} lô như vậy).",
            f"a coordinate is no number or far too large, so the plot has no shape ({len(lost)} such plots).",
            row=layer.rows[place],
            remedy_vi="sửa các đỉnh của lô này.",
            remedy_en="mend the vertices of this plot.",
        )
        for place in lost[:_STRAYS_NAMED].tolist()
    ]


def _strays(layer: RawLayer, proposal: Proposal, told: Evidence) -> list[Problem]:
    found = systems.strays(layer.geometry, proposal, told)
    return [
        Problem(
            f"đối tượng nằm cách xa các đối tượng khác hoặc ngoài tỉnh ({len(found)} đối tượng như vậy).",
            f"the feature lies far from the others or outside the province ({len(found)} such features).",
            row=layer.rows[place],
            remedy_vi="kiểm tra thứ tự X, Y và hệ tọa độ của đối tượng này; một tệp chỉ dùng một hệ.",
            remedy_en="check the order of X and Y and the system of this feature; a file must use one system.",
        )
        for place in found[:_STRAYS_NAMED].tolist()
    ]


def _nowhere(layer: RawLayer) -> Problem:
    """Return the complaint about coordinates that mean nothing, or that are not there."""
    if not shapely.get_coordinates(layer.geometry).any():
        return Problem(
            "không có hình nào có tọa độ.",
            "no shape has coordinates.",
            remedy_vi="xuất lại lớp có ranh giới lô đất.",
            remedy_en="export the layer with the boundaries of the plots.",
        )
    return Problem(
        "tọa độ không thuộc Quảng Ninh trong bất kỳ hệ tọa độ nào đã biết.",
        "in no known coordinate system do the coordinates lie in Quảng Ninh.",
        remedy_vi="kiểm tra các số tọa độ; nếu biết hệ tọa độ thì chọn hệ đó.",
        remedy_en="check the coordinates; if you know the system, choose it.",
    )
