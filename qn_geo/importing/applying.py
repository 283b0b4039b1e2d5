"""Carry out a plan: build the new state aside, put it in place as one and check it; list and undo what was done."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from qn_geo import build, catalog
from qn_geo.errors import ImportRejectedError, QnGeoError
from qn_geo.importing import entries, journal, store
from qn_geo.importing.entries import digest
from qn_geo.importing.planning import user_name
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from qn_geo.errors import Problem
    from qn_geo.importing.entries import Entry
    from qn_geo.importing.planning import Plan


def apply(plan: Plan) -> Entry:
    """Write what a plan would change, together with the generated files that follow from it.

    The new state is built in a folder of its own, then put in place as one, and taken back unless all records agree.

    Raises:
        QnGeoError: If the data or the offered file changed since the plan was made, or another import is running.
        ImportRejectedError: If the data would not pass the check afterwards.
    """
    with journal.locked() as folder:
        _refuse_stale(plan)
        staged = journal.staging(folder)
        try:
            contents = _new_state(plan, staged)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        known = set(catalog.check())
        deed = journal.Deed("import", plan.file.name, plan.who, plan.file)
        return journal.record(folder, deed, contents, lambda: _refuse_damage(plan, known))


def rebuild(only: Iterable[str] | None = None) -> list[str]:
    """Make the generated files anew in a folder of its own and put them in place as one, when all are made.

    Args:
        only: Names of the build steps to run, all by default.

    Returns:
        Paths of the files made, relative to the data directory.

    Raises:
        QnGeoError: If a source is missing or damaged, or an import is running; nothing is written then.
    """
    with journal.locked() as folder:
        staged = journal.staging(folder)
        try:
            _copy_data(staged)
            written = build.build_all(staged, only=only)
            contents = _changed(staged, written)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        journal.install(folder, contents)
    return written


def history() -> list[Entry]:
    """Return all imports and restorations that can be read, newest first."""
    return entries.finished(settings().store_dir)[::-1]


def damaged_history() -> list[Problem]:
    """Return a complaint for each entry of the history that cannot be read."""
    return entries.damaged(settings().store_dir)


def restore(entry_id: str, who: str | None = None) -> Entry:
    """Put back every file as it was before an entry, undoing also what came after it; this can be undone as well.

    Raises:
        QnGeoError: If there is no such entry, files were changed by hand since, or a later entry or a former
            file is damaged.
    """
    with journal.locked() as folder:
        known = entries.finished(folder)
        if entry_id not in {entry.id for entry in known}:
            raise QnGeoError(
                f"Không có mục “{entry_id}” trong lịch sử.",
                f"There is no “{entry_id}” in the history.",
                remedy_vi="chạy: python -m qn_geo data history.",
                remedy_en="run: python -m qn_geo data history.",
            )
        for lost in entries.damaged(folder, since=entry_id):  # what they changed would stay changed
            raise QnGeoError(lost.vi, lost.en, lost.file, remedy_vi=lost.remedy_vi, remedy_en=lost.remedy_en)
        contents: dict[str, bytes | None] = {}
        expected: dict[str, str | None] = {}
        for entry in reversed([entry for entry in known if entry.id >= entry_id]):
            for path, (_before, after) in entry.files.items():
                expected.setdefault(path, after)
                contents[path] = entries.former(folder, entry, path)
        _refuse_edited(expected, entry_id, folder)
        return journal.record(folder, journal.Deed("restore", entry_id, who or user_name()), contents)


def _copy_data(staged: Path) -> None:
    """Copy the data directory, where there is room for it, without what is hidden, such as the history."""
    data_dir = settings().data_dir
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    seen = [path for path in files if not any(part.startswith(".") for part in path.relative_to(data_dir).parts)]
    store.need_room(staged, sum(path.stat().st_size for path in seen))
    shutil.copytree(data_dir, staged, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))


def _new_state(plan: Plan, staged: Path) -> dict[str, bytes | None]:
    """Return every file that would differ, after making the new state in `staged`."""
    _copy_data(staged)
    for path, content in plan.contents.items():
        (staged / path).write_bytes(content)
    if plan.builds:
        build.build_all(staged)
    made = (path.relative_to(staged).as_posix() for path in staged.rglob("*") if path.is_file())
    return _changed(staged, sorted(made))


def _changed(staged: Path, paths: Iterable[str]) -> dict[str, bytes | None]:
    """Return those of the staged files that differ from the data, with their contents."""
    data_dir = settings().data_dir
    return {path: (staged / path).read_bytes() for path in paths if digest(staged / path) != digest(data_dir / path)}


def _refuse_damage(plan: Plan, known: set[Problem]) -> None:
    """Refuse a new state in which the data check finds what it did not find before."""
    if problems := [problem for problem in catalog.check() if problem not in known]:
        raise ImportRejectedError(problems, file=plan.file.name)


def _refuse_stale(plan: Plan) -> None:
    data_dir = settings().data_dir
    if digest(plan.file) != plan.digest or any(digest(data_dir / path) != known for path, known in plan.basis.items()):
        raise QnGeoError(
            "Dữ liệu hoặc tệp nhập đã thay đổi từ lúc kiểm tra.",
            "The data or the offered file changed since they were checked.",
            file=plan.file.name,
            remedy_vi="chạy lại lệnh nhập.",
            remedy_en="run the import again.",
        )


def _refuse_edited(expected: Mapping[str, str | None], entry_id: str, folder: Path) -> None:
    data_dir = settings().data_dir
    edited = [path for path, known in expected.items() if digest(data_dir / path) != known]
    if edited:
        raise QnGeoError(
            f"Các tệp sau đã bị sửa ngoài lệnh nhập nên không tự khôi phục: {', '.join(edited)}.",
            f"These files were changed by other means, so they are not restored: {', '.join(edited)}.",
            remedy_vi=f"bản cũ nằm ở {folder / entry_id / 'old'}; so sánh rồi chép tay.",
            remedy_en=f"the former files are in {folder / entry_id / 'old'}; compare and copy by hand.",
        )
