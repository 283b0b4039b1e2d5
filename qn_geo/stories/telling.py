"""What a scene shows besides its map: highlighted figures, its chart, and the documents behind everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qn_geo import catalog, charts, figures, i18n, style
from qn_geo.errors import RecordError
from qn_geo.horizons import THIS_YEAR, ahead
from qn_geo.schema import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qn_geo.charts import Chart
    from qn_geo.figures import Figure
    from qn_geo.stories.story import Scene


@dataclass(frozen=True, slots=True)
class Highlight:
    """A figure that a scene puts in front, or the gap where nobody has published one.

    Attributes:
        label: Name of the measure.
        place_name: Short name of the place it is about.
        figure: The figure; None where nothing is published.
        measure: Id of the measure.
        value: Value with its unit, or that there is no data.
        detail: When, over which land, whether planned, and how sure; empty where nothing is published.
    """

    label: str
    place_name: str
    figure: Figure | None
    measure: str
    value: str
    detail: str


def highlighted(scene: Scene, lang: str) -> list[Highlight]:
    """Return the highlighted figures of a scene, in its order."""
    return [_highlight(reference, scene.year, lang) for reference in scene.figures]


def chart(scene: Scene, lang: str) -> Chart | None:
    """Return the chart of a scene; None where it has none."""
    return charts.named(scene.chart, scene.subject, lang) if scene.chart else None


def sources(scene: Scene, lang: str, *, layers: bool = True) -> list[str]:
    """Return the documents behind a scene, each once: of its figures, its chart, and the layers it shows.

    Args:
        scene: The scene.
        lang: "vi" or "en".
        layers: Name the documents of the layers too; a layer such as the zones rests on a hundred.

    Returns:
        Ids in `sources.csv`.
    """
    drawn = chart(scene, lang)
    return listed(
        *(figure.source_id for highlight in highlighted(scene, lang) if (figure := highlight.figure)),
        *(drawn.sources if drawn else ()),
        *(source for record_id in _records(scene) if layers for source in _record_sources(record_id)),
    )


def resolved(reference: str, year: int) -> Figure | None:
    """Return the figure that a scene of this year means by a reference; None where nothing is published.

    A plan horizon looks ahead: a target or plan of `place/measure` that is not past comes before what has happened.
    """
    place, slash, measure = reference.partition("/")
    if not slash:
        return figures.book().figures.get(reference)
    goals = figures.goals(place, measure, year) if ahead(year) else []
    coming = [goal for goal in goals if goal.year is None or goal.year > THIS_YEAR]
    return coming[0] if coming else figures.known(place, measure, year)


def _highlight(reference: str, year: int, lang: str) -> Highlight:
    figure = resolved(reference, year)
    place, _slash, measure = reference.partition("/")
    if figure is None:
        name = figures.short_name(place, lang) if measure else ""
        label = figures.measure_name(measure, lang) if measure else reference
        return Highlight(label, name, None, measure, i18n.missing(lang), "")
    return Highlight(
        label=figures.bare_name(figure.measure, lang),
        place_name=figures.short_name(figure.zone_id, lang),
        figure=figure,
        measure=figure.measure,
        value=figures.value_text(figure, lang),
        detail=" · ".join(filter(None, _details(figure, lang))),
    )


def _details(figure: Figure, lang: str) -> Iterator[str]:
    yield figures.period_text(figure, lang)
    yield figures.basis_name(figure.basis, lang)
    if figure.kind != "actual":
        yield figures.kind_name(figure.kind, lang)
    if figure.klass != "official":
        yield figures.class_name(figure.klass, lang)


def _records(scene: Scene) -> list[str]:
    """Records of the visible layers, from the bottom of the map to its top."""
    return list(dict.fromkeys(layer.source for layer in style.MAP_LAYERS if layer.id in scene.visible))


def _record_sources(record_id: str) -> tuple[str, ...]:
    try:
        return catalog.record(record_id).sources
    except RecordError:
        return ()  # the map itself says that the layer cannot be drawn
