"""Read a story from a file that anybody may have written: everything wrong in it is told at once, nothing is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from qn_geo import figures
from qn_geo.errors import Problem, QnGeoError
from qn_geo.figures import AREAS as AREA_MEASURES
from qn_geo.schema import ZONE_GROUPS
from qn_geo.stories import complaints, reading
from qn_geo.stories.story import MOST_SCENES, Scene, Story
from qn_geo.stories.wording import told

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from qn_geo.stories.reading import Found, Path

Gone = tuple[int, complaints.Told]
_MOST_TOLD: Final = 100  # problems; nobody reads more, and a hostile file may hold any number


class StoryError(QnGeoError):
    """A story that cannot be used; every reason is kept.

    Attributes:
        problems: All that is wrong, in the order of the file.
        rest: The story without the zones and figures that are not in the data; None where anything else is wrong too.
        gone: What is wrong with these, each with the index of its scene.
    """

    def __init__(
        self, problems: Sequence[Problem], file: str, rest: Story | None = None, gone: Sequence[Gone] = ()
    ) -> None:
        """Keep the problems; those beyond what anybody reads are only counted."""
        self.rest, self.gone = rest, gone
        self.problems = list(problems[:_MOST_TOLD])
        self.count = len(problems)
        super().__init__(
            f"Bài trình chiếu này chưa dùng được, có {self.count} chỗ sai.",
            f"This story cannot be used, {self.count} thing(s) are wrong.",
            file=file,
        )

    def message(self, lang: str) -> str:
        """Return the summary and every problem, one a line."""
        lines = [f"- {problem.message(lang)}" for problem in self.problems]
        if self.count > len(self.problems):
            lines.append("- …")
        return "\n".join([super().message(lang), *lines])


def parsed(content: bytes | str, file: str) -> Story:
    """Read a story.

    Args:
        content: YAML in UTF-8.
        file: What messages name as the file.

    Raises:
        StoryError: If anything is wrong; tells all of it, each with scene, field and remedy in both languages.
        DataFileError: If the tables that zones and figures are looked up in cannot be read.
    """
    found = reading.read(content)
    wrong = list(found.wrong)
    rest, gone = None, []
    if found.value is not None:
        references = list(_of_references(found.value))
        try:
            story = Story.model_validate(found.value)
        except ValidationError as error:
            wrong += told(error)
        else:
            if not wrong and not references:
                return story
            if not wrong:
                rest, gone = _rest(story), [(int(path[1]), what) for path, what in references]
        known = {path for path, _what in wrong}
        wrong += [complaint for complaint in references if complaint[0] not in known]
    placed = sorted(((_line(found, path), path, what) for path, what in wrong), key=lambda item: item[0])
    raise StoryError([_problem(line, path, what, found.value, file) for line, path, what in placed], file, rest, gone)


def _rest(story: Story) -> Story:
    """The story without the ids that lead nowhere."""

    def kept(scene: Scene) -> Scene:
        zones = tuple(zone for zone in scene.zones if not _zone(zone))
        figures = tuple(figure for figure in scene.figures if not _figure(figure))
        return scene.model_copy(update={"zones": zones, "figures": figures})

    return story.model_copy(update={"scenes": tuple(map(kept, story.scenes))})


def _of_references(value: Any) -> Iterator[reading.Complaint]:
    """Ids that lead nowhere; looked up whatever else is wrong, so that nobody has to come back for them."""
    scenes = value.get("scenes") if isinstance(value, dict) else None
    for number, scene in enumerate(scenes[:MOST_SCENES] if isinstance(scenes, list) else ()):
        for field, check in (("zones", _zone), ("figures", _figure)):
            items = scene.get(field) if isinstance(scene, dict) else None
            for place, item in enumerate(items if isinstance(items, list) else ()):
                wrong = check(item) if isinstance(item, str) else None
                if wrong:
                    yield ("scenes", number, field, place), wrong


def _zone(zone_id: str) -> complaints.Told | None:
    return _unknown(zone_id, figures.book().zones, "khu", "zone")


def _figure(reference: str) -> complaints.Told | None:
    place, slash, measure = reference.partition("/")
    if not slash:
        return None if reference in figures.book().figures else _no_figure(reference)
    return _unknown(place, _places(), "nơi", "place") or _unknown(measure, _measures(), "chỉ tiêu", "measure")


def _no_figure(figure_id: str) -> complaints.Told:
    return complaints.Told(
        f"không có số liệu “{complaints.shown(figure_id)}”.",
        f"there is no figure “{complaints.shown(figure_id)}”.",
        "chép mã ở trang Nguồn số liệu, hoặc viết nơi/chỉ tiêu như province/kcn_count.",
        "copy the id from the page Sources, or write place/measure such as province/kcn_count.",
    )


def _unknown(word: str, known: Collection[str], vi: str, en: str) -> complaints.Told | None:
    return None if word in known else complaints.unknown(word, known, vi, en)


def _places() -> Collection[str]:
    book = figures.book()
    return {*book.zones, *ZONE_GROUPS, *(figure.zone_id for figure in book.figures.values())}


def _measures() -> Collection[str]:
    return {*figures.book().measures, *AREA_MEASURES}


def _line(found: Found, path: Path) -> int:
    """Line of a value, of what holds it where it has none of its own."""
    while path and path not in found.lines:
        path = path[:-1]
    return found.lines.get(path, 1)


def _problem(line: int, path: Path, what: complaints.Told, value: Any, file: str) -> Problem:
    vi, en = _place(path, value)
    return Problem(f"{vi}{what.vi}", f"{en}{what.en}", file, line, remedy_vi=what.remedy_vi, remedy_en=what.remedy_en)


def _place(path: Path, value: Any) -> tuple[str, str]:
    """Scene and field, as a person finds them: by number and headline."""
    vi, en = "", ""
    if len(path) > 1 and path[0] == "scenes" and isinstance(path[1], int):
        number, headline, path = path[1] + 1, _headline(value, path[1]), path[2:]
        vi, en = f"cảnh {number}{headline}", f"scene {number}{headline}"
        if path:
            vi, en = f"{vi}, ", f"{en}, "
    if path:
        field = complaints.shown(".".join(str(part + 1) if isinstance(part, int) else part for part in path))
        vi, en = f"{vi}mục {field}", f"{en}field {field}"
    return (f"{vi}: ", f"{en}: ") if vi else ("", "")


def _headline(value: Any, index: int) -> str:
    try:
        headline = value["scenes"][index]["headline"]
    except (LookupError, TypeError):
        return ""
    return f" “{complaints.shown(headline)}”" if isinstance(headline, str) and headline.strip() else ""
