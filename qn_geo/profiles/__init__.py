"""Profiles to hand over: two printed pages a zone, and all of them as a booklet with contents."""

from __future__ import annotations

from qn_geo.profiles.printing import booklet, profile

__all__ = ["booklet", "profile"]
