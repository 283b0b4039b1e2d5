"""The time that counts by law: that of Việt Nam, wherever the server's clock stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

LEGAL_TIME: Final = timezone(timedelta(hours=7))


def now() -> datetime:
    """Return the moment, in Việt Nam's time."""
    return datetime.now(LEGAL_TIME)


def today() -> date:
    """Return the day whose law counts: a server that keeps UTC is a day behind until seven in the morning."""
    return now().date()
