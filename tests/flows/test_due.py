"""For which day a follower is due, by the hour and day that he chose."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flows.following import slot
from kb.archive.following import Follow

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TUESDAY = datetime(2026, 5, 12, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("how", "hour", "morning", "day"),
    [
        ({}, 7, True, "2026-05-12"),
        ({}, 7, False, None),
        ({"hour": 17}, 16, True, None),
        ({"hour": 17}, 17, False, "2026-05-12"),
        ({"hour": 17}, 23, False, "2026-05-12"),
        ({"hour": 0}, 0, False, "2026-05-12"),
        ({"rhythm": "weekly", "weekday": 1}, 7, True, "2026-05-12"),
        ({"rhythm": "weekly", "weekday": 1, "hour": 9}, 8, False, "2026-05-05"),
        ({"rhythm": "weekly", "weekday": 1, "hour": 9}, 9, False, "2026-05-12"),
        # The machine was off on Monday.
        ({"rhythm": "weekly", "weekday": 0, "hour": 9}, 3, False, "2026-05-11"),
        ({"rhythm": "weekly", "weekday": 0}, 7, True, "2026-05-11"),
        ({"rhythm": "weekly", "weekday": 2}, 7, True, "2026-05-06"),
        ({"rhythm": "immediate", "per_hour": 1}, 7, True, None),
        ({"rhythm": "never", "channel": ""}, 7, True, None),
    ],
)
def test_for_which_day_somebody_is_due(
    how: dict[str, Any], hour: int, morning: bool, day: str | None
) -> None:
    values = {"channel": "chi@example.org", **how}
    one = Follow("x", created_at=TUESDAY - 30 * DAY, **values)
    assert slot(one, TUESDAY.replace(hour=hour), morning=morning) == day


def test_nobody_is_told_of_a_time_before_they_followed() -> None:
    for more in ({"hour": 7}, {"rhythm": "weekly", "weekday": 0}):
        one = Follow("x", "chi@example.org", created_at=TUESDAY + 15 * HOUR, **more)  # type: ignore[arg-type]
        assert slot(one, TUESDAY + 16 * HOUR, morning=True) is None
        assert slot(one, TUESDAY + 8 * DAY + 16 * HOUR, morning=True) is not None
    # A clock that ran ahead when it was written down keeps nobody waiting for years.
    ahead = replace(one, created_at=TUESDAY + 900 * DAY)
    assert slot(ahead, TUESDAY + 16 * HOUR, morning=True) == "2026-05-11"
