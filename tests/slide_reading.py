"""Reading slides back in tests, and decks of the shipped stories, each made once."""

from __future__ import annotations

import io
from functools import lru_cache

from openpyxl import load_workbook
from pptx import Presentation

from qn_geo import slides, stories

SHIPPED = [entry.id for entry in stories.listed() if entry.origin == "shipped"]


@lru_cache(maxsize=len(SHIPPED))
def shipped(story_id):
    """Return a shipped story and its deck."""
    story = stories.load(story_id)
    return story, slides.deck(story)


def opened(deck):
    """Return a deck as python-pptx reads it."""
    return Presentation(io.BytesIO(deck))


def by_index(slide):
    """Return the placeholders of a slide by number."""
    return {shape.placeholder_format.idx: shape for shape in slide.placeholders}


def chart_frames(slide):
    """Return the charts of a slide, from the top down."""
    return sorted((shape for shape in slide.shapes if shape.has_chart), key=lambda shape: shape.top)


def cells(frame):
    """Return the rows of the workbook behind a chart."""
    blob = frame.chart.part.chart_workbook.xlsx_part.blob
    return [list(row) for row in load_workbook(io.BytesIO(blob)).active.iter_rows(values_only=True)]


def table_texts(slide):
    """Return the texts of the cells of a slide's table."""
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    return [cell.text_frame.text for table in tables for cell in table.iter_cells()]


def notes(slide):
    """Return what the presenter reads."""
    return slide.notes_slide.notes_text_frame.text
