"""A file of plots in: what it holds, what it means, and the frame all checks read.

Everything that opens a file happens in another process (`worker`); nothing a file contains can harm this one.
"""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass, field, replace
from math import isnan
from typing import TYPE_CHECKING, Any, TypeVar

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import shapely

from qn_geo.crs import TM3
from qn_geo.errors import Problem, QnGeoError
from qn_geo.garbage import collected_later
from qn_geo.intake import evidence, reading, unpack, worker
from qn_geo.intake import submission as submissions
from qn_geo.intake.answers import Answers
from qn_geo.intake.proposals import Choices, LayerInspection, Normalised, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from qn_geo.intake.raw import RawLayer
    from qn_geo.intake.submission import Submission

T = TypeVar("T")

__all__ = ["Answers", "Choices", "Inspection", "LayerInspection", "inspect", "normalise", "read_file"]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in what was sent.

    Attributes:
        layers: Layers that can hold plots, in the order of the files.
        skipped: Why other files and layers are not read.
    """

    layers: list[LayerInspection]
    skipped: list[Problem] = field(default_factory=list)

    @property
    def main(self) -> LayerInspection:
        """The layer taken when none is chosen: the largest."""
        return max(self.layers, key=lambda layer: layer.count)

    @property
    def problems(self) -> list[Problem]:
        """Everything to complain about, files that were not read first."""
        return [*self.skipped, *(problem for layer in self.layers for problem in layer.problems)]


def inspect(
    submission: Submission,
    choices: Choices | None = None,
    *,
    progress: Callable[[str, int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Inspection:
    """Return what a submission holds and may mean, for a person to confirm.

    Args:
        submission: What was received.
        choices: What has been settled already; encodings, columns and zone bear on the proposals.
        progress: Told of stage, done and total.
        cancelled: Asked whether to stop.

    Raises:
        QnGeoError: If nothing in it can be read as plots; with file, reason and remedy.
    """
    wanted = _for_zone(choices, submission.zone_id)
    return worker.run(
        _inspect, submission.paths(), wanted, file=submission.name, progress=progress, cancelled=cancelled
    )


def normalise(
    submission: Submission,
    choices: Choices | None = None,
    *,
    progress: Callable[[str, int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> gpd.GeoDataFrame:
    """Return the plots of a submission as all checks read them, and store them with choices and reasons.

    Args:
        submission: What was received.
        choices: What has been settled; what is left out is taken as proposed.
        progress: Told of stage, done and total.
        cancelled: Asked whether to stop.

    Raises:
        QnGeoError: If nothing in it can be read as plots, a choice cannot be followed, or the coordinate system is
            neither certain nor chosen.
    """
    wanted = _for_zone(choices, submission.zone_id)
    parquet, said = worker.run(
        _normalise, submission.paths(), wanted, file=submission.name, progress=progress, cancelled=cancelled
    )
    submissions.keep_plots(submission, parquet, said)
    return submissions.plots(submission)[0]


def read_file(path: Path, choices: Choices | Answers | None = None) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    """Return the plots of a file on disk and how it was read, as `normalise` would store both. Nothing is stored.

    Args:
        path: A file, whose parts beside it are read too, or the folder of a file geodatabase.
        choices: What has been settled of a layer, or answered before anybody has seen the file.

    Raises:
        QnGeoError: As `normalise`.
    """
    table, wkb, said = worker.run(_packed, _on_disk(path), choices or Choices(), file=path.name)
    with collected_later():
        return gpd.GeoDataFrame(table, geometry=shapely.from_wkb(wkb.to_numpy()), crs=TM3), said


def _on_disk(path: Path) -> list[tuple[str, Path]]:
    """Return a file with its parts, or the files of a folder, by name."""
    return [(f"{path.name}/{one.name}" if path.is_dir() else one.name, one.resolve()) for one in unpack.gather(path)]


def _for_zone(choices: Choices | None, zone_id: str | None) -> Choices:
    """Return the choices with the zone said elsewhere, unless they name one."""
    made = choices or Choices()
    return made if made.zone_id is not None else replace(made, zone_id=zone_id)


# --- in the process that reads


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def _inspect(
    files: Sequence[tuple[str, Path]], choices: Choices, progress: Callable[[str, int, int], None] = _silent
) -> Inspection:
    progress("reading", 0, 0)
    found, name = reading.read(files), files[0][0]
    layers, skipped = _asked(found, _judged(found, choices), name, Reading.inspection, progress)
    return Inspection([replace(layer, problems=_placed(layer.problems, name)) for layer in layers], skipped)


def _judged(found: reading.Found, choices: Choices) -> list[Reading]:
    """Return every layer under the choices, in the order of the file."""
    known = evidence.known(choices.zone_id)
    return [Reading(layer, known, choices) for layer in found.layers]


def _asked(
    found: reading.Found,
    judged: Sequence[Reading],
    name: str,
    ask: Callable[[Reading], T],
    progress: Callable[[str, int, int], None] = _silent,
) -> tuple[list[T], list[Problem]]:
    """Ask every layer what it means; those that cannot hold plots are told among what was skipped."""
    answers, skipped = [], list(found.skipped)
    first: QnGeoError | None = None
    for number, (layer, one) in enumerate(zip(found.layers, judged, strict=True)):
        progress("placing", number, len(judged))
        try:
            answers.append(ask(one))
        except QnGeoError as error:
            told = _about(error, f"{name} [{layer.name}]" if len(judged) > 1 else name)
            first = first or told
            skipped.extend([*layer.problems, told.problem])
    if first is not None and not answers:
        raise first
    return answers, skipped


def _normalised(
    found: reading.Found, judged: Sequence[Reading], name: str, choices: Choices
) -> tuple[RawLayer, Normalised]:
    """Return the chosen layer, or the largest, and its plots."""
    pairs = [pair for pair in zip(found.layers, judged, strict=True) if choices.layer in {None, pair[0].name}]
    if not pairs:
        names = ", ".join(layer.name for layer in found.layers)
        raise QnGeoError(
            f"không có lớp “{choices.layer}” trong tệp.",
            f"there is no layer “{choices.layer}” in the file.",
            file=name,
            remedy_vi=f"chọn một trong các lớp: {names}.",
            remedy_en=f"choose one of the layers: {names}.",
        )
    layer, chosen = max(pairs, key=lambda pair: len(pair[0].rows))
    try:
        return layer, chosen.under(choices).canonical()
    except QnGeoError as error:
        raise _about(error, name) from error


def _settled(
    files: Sequence[tuple[str, Path]],
    said: Choices | Answers,
    progress: Callable[[str, int, int], None] = _silent,
) -> tuple[Normalised, dict[str, Any]]:
    """Return the plots, and what was chosen and why."""
    name = files[0][0]
    progress("reading", 0, 0)
    found = reading.read(files)
    progress("placing", 0, 1)
    choices = Choices(zone_id=said.zone_id) if isinstance(said, Answers) else said
    judged = _judged(found, choices)
    if isinstance(said, Answers):
        counted = _asked(found, judged, name, lambda one: (len(one.plots.rows), one))[0]
        choices = _answered(said, max(counted, key=lambda pair: pair[0])[1], name)
    layer, made = _normalised(found, judged, name, choices)
    return made, {
        "choices": asdict(choices),
        "layer": layer.name,
        "kind": layer.kind,
        "plots": len(made.frame),
        "system": asdict(made.system) | {"distance_km": None if isnan(away := made.system.distance_km) else away},
        "encodings": made.encodings,
        "columns": made.columns,
        "problems": [asdict(problem) for problem in [*found.skipped, *_placed(made.problems, name)]],
    }


def _packed(
    files: Sequence[tuple[str, Path]], said: Choices | Answers
) -> tuple[pd.DataFrame, pa.ChunkedArray, dict[str, Any]]:
    """Return the plots without their shapes, the shapes as WKB, and what was chosen and why.

    Most files hold the shapes just as they are read: writing them again would take as long as all else there is to do.
    """
    made, told = _settled(files, said)
    wkb = made.wkb
    if wkb is None:
        wkb = pa.chunked_array([pa.array(shapely.to_wkb(made.frame.geometry.to_numpy()), pa.binary())])
    return pd.DataFrame(made.frame.drop(columns="geometry")), wkb, told


def _answered(said: Answers, layer: Reading, name: str) -> Choices:
    try:
        return said.choices(layer)
    except QnGeoError as error:
        raise _about(error, name) from error


def _normalise(
    files: Sequence[tuple[str, Path]], choices: Choices, progress: Callable[[str, int, int], None] = _silent
) -> tuple[bytes, dict[str, Any]]:
    """Return the plots as GeoParquet, and what was chosen and why."""
    made, said = _settled(files, choices, progress)
    content = io.BytesIO()
    made.frame.to_parquet(content)
    return content.getvalue(), said


def _about(error: QnGeoError, name: str) -> QnGeoError:
    """Return an error with the name of the file it is about, where it has none."""
    told = error.problem
    if told.file:
        return error
    return QnGeoError(told.vi, told.en, name, told.row, remedy_vi=told.remedy_vi, remedy_en=told.remedy_en)


def _placed(problems: Sequence[Problem], name: str) -> list[Problem]:
    return [problem if problem.file else replace(problem, file=name) for problem in problems]
