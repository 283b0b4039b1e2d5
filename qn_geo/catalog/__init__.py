"""The records of the data files, and the check that every file is what its record says."""

from __future__ import annotations

from typing import Final

from qn_geo import layers, schema
from qn_geo.catalog.index import data_paths, read, record, record_of, record_paths, records
from qn_geo.catalog.inspection import inspect, missing
from qn_geo.catalog.references import check_references
from qn_geo.errors import Problem, RecordError
from qn_geo.schema import Record
from qn_geo.settings import settings

__all__ = ["Record", "check", "record", "record_of", "records"]

_PROSE: Final = ".md"  # the folder's own explanations need no record


def check() -> list[Problem]:
    """Open every record and every data file and return all that is wrong, file by file; nothing means in order.

    Checked are: each record complete and its id unique; each file there, unchanged since its record was written, with
    the rows, columns and CRS of the record, in accordance with its schema, its geometry valid and in the province's
    surroundings; no file without a record, none of the product's files absent; every id that a row names defined.
    """
    problems: list[Problem] = []
    good: list[Record] = []
    frames = {}
    for path in record_paths():
        try:
            good.append(read(path))
        except RecordError as error:
            problems.append(error.problem)
    for item in good:
        frame, found = inspect(item)
        problems += found
        if frame is not None:
            frames[item.file] = frame
    return problems + _unaccounted(good) + check_references(good, frames)


def _unaccounted(good: list[Record]) -> list[Problem]:
    """Files without a record, records that claim the same id, files of the product that are not there."""
    with_record = {path.with_name(path.name.removesuffix(schema.SUFFIX)) for path in record_paths()}
    without = [
        path
        for path in data_paths()
        if path.suffix != _PROSE and not path.name.endswith(schema.SUFFIX) and path not in with_record
    ]
    repeated = [item for number, item in enumerate(good) if item.id in {other.id for other in good[:number]}]
    wanted = [settings().data_dir / schema.path_of(name) for name in schema.SCHEMAS if name not in schema.OPTIONAL]
    show = layers.display_path
    return [
        *(Problem("tệp không có hồ sơ.", "the file has no record.", show(path)) for path in without),
        *(
            Problem(f"mã hồ sơ {item.id} bị trùng.", f"the record id {item.id} is taken twice.", show(item.path))
            for item in repeated
        ),
        *(missing(show(path)) for path in wanted if path not in with_record and not path.exists()),
    ]
