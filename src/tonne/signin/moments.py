"""Moments as whole numbers: what is counted from the beginning of 1970 in UTC."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def seconds(at: datetime) -> int:
    """Whole seconds since the beginning of 1970."""
    return (at - EPOCH) // _SECOND


def seconds_until(moment: datetime, at: datetime) -> int:
    """Whole seconds from now to a moment, rounded up; none if it has passed."""
    return max(0, -((at - moment) // _SECOND))
