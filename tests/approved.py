"""Rendered pages held against small approved pictures.

An approved picture is one a person has looked at. To renew some after a change that is meant, run the tests with
`QN_GEO_APPROVE=1`, look at every picture that git shows as changed in `tests/approved/`, and commit those that are
right. A picture that differs is left beside the approved one in the folder pytest keeps for the test's files, so that
both can be looked at.
"""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

FOLDER = Path(__file__).with_name("approved")
WIDEST = 640  # pixels: enough to see that something moved, and small in the repository
COLOURS = 256


def compare(picture: bytes, name: str, tolerance: float = 0.01) -> None:
    """Assert that a picture looks like the approved one of this name.

    Both are made small and slightly blurred, so that edges smoothed in another way make no difference.

    Args:
        picture: PNG of a page or a drawing, of any size.
        name: Name of the approved picture in `tests/approved/`, without ending.
        tolerance: Largest share of pixels that may differ visibly (by more than an eighth of the way black to white).
    """
    seen, path = _small(picture), FOLDER / f"{name}.png"
    if os.environ.get("QN_GEO_APPROVE"):
        FOLDER.mkdir(exist_ok=True)
        seen.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.is_file(), f"no approved picture {name}: see tests/approved.py"
    approved = Image.open(path).convert("RGB")
    assert approved.size == seen.size, f"{name}: {seen.size} pixels, approved are {approved.size}"
    away = np.abs(_soft(approved) - _soft(seen)).max(axis=2)
    share = float((away > 32).mean())
    if share > tolerance:
        left = Path(tempfile.mkdtemp(prefix="approved-")) / f"{name}.png"
        seen.save(left)
        raise AssertionError(f"{name}: {share:.1%} of the picture differ; what was drawn is {left}")


def page(pdf: bytes, number: int = 0, dpi: float = 100) -> bytes:
    """Return one page of a PDF as PNG, the first one being 0."""
    kept = io.BytesIO()
    document = pypdfium2.PdfDocument(pdf)
    try:
        document[number].render(scale=dpi / 72).to_pil().save(kept, "PNG")
    finally:
        document.close()
    return kept.getvalue()


def _small(picture: bytes) -> Image.Image:
    opened = Image.open(io.BytesIO(picture)).convert("RGB")
    scale = min(WIDEST / opened.width, 1)
    return opened.resize((round(opened.width * scale), round(opened.height * scale)), Image.Resampling.LANCZOS)


def _soft(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(1)), dtype=float)
