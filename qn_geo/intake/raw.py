"""What a file says, before anybody has judged what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from qn_geo.errors import Problem


@dataclass(slots=True)
class RawLayer:
    """One layer or sheet as it stands in the file.

    All columns, `geometry` and `rows` are equally long, one entry a feature.

    Attributes:
        name: Layer or sheet name; empty when the format has none.
        kind: Format, a value of `qn_geo.intake.kinds.Kind`.
        fields: Values by column name as in the file, in its order. Texts are not yet decoded when `encoding` is None.
        geometry: Shapely geometries in the file's own numbers, 2D, x then y as stored; None where one is missing.
        rows: Number of the feature in the file, or its line in a table; both count from 1. For messages.
        system: Reference system stored in the file, as authority code ("EPSG:5899") or WKT; None when it names none.
        encoding: Encoding of the texts when the reader is sure of it; None: bytes read as Latin-1, to be detected.
        fonts: CAD: font of each feature's text style, None where there is none. Empty for other formats.
        problems: What is wrong with single features.
        wkb: The same geometries as WKB, where they are exactly what the file holds; None where they are not.
    """

    name: str
    kind: str
    fields: dict[str, list[object]]
    geometry: NDArray[np.object_]
    rows: list[int]
    system: str | None
    encoding: str | None
    fonts: list[str | None]
    problems: list[Problem]
    wkb: pa.ChunkedArray | None = None
