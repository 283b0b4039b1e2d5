from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qn_geo import clock


class Stopped(datetime):
    """A clock that stands."""

    moment = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)

    @classmethod
    def now(cls, tz=None):
        return cls.moment.astimezone(tz)


@pytest.mark.parametrize(("hour", "day"), [(16, "2026-12-31"), (17, "2027-01-01"), (23, "2027-01-01")])
def test_a_new_law_counts_from_midnight_in_vietnam_also_where_the_server_keeps_utc(hour, day, monkeypatch):
    monkeypatch.setattr(Stopped, "moment", datetime(2026, 12, 31, hour, 0, tzinfo=UTC))
    monkeypatch.setattr(clock, "datetime", Stopped)
    assert clock.today().isoformat() == day
    assert clock.now() == Stopped.moment
