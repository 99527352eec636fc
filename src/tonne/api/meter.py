"""What is counted of the requests, in the text form that Prometheus reads."""

import threading
from collections import Counter
from collections.abc import Iterator

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Meter:
    """Counts requests by operation, method and status, and how long they took."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: dict[tuple[str, str], tuple[list[int], float]] = {}

    def count(self, *, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        with self._lock:
            self._requests[route, method, status] += 1
            counts, total = self._seconds.get((route, method), ([0] * (len(BOUNDS) + 1), 0.0))
            counts[sum(seconds > bound for bound in BOUNDS)] += 1
            self._seconds[route, method] = counts, total + seconds

    def text(self, *, books: bool) -> str:
        """Everything that was counted, and whether the books can be reached."""
        with self._lock:
            return "".join(f"{line}\n" for line in self._lines(books=books))

    def _lines(self, *, books: bool) -> Iterator[str]:
        yield "# HELP tonne_requests_total Requests that were answered."
        yield "# TYPE tonne_requests_total counter"
        for (route, method, status), times in sorted(self._requests.items()):
            labels = f'route="{route}",method="{method}",status="{status}"'
            yield f"tonne_requests_total{{{labels}}} {times}"
        yield "# HELP tonne_request_seconds How long the answers took."
        yield "# TYPE tonne_request_seconds histogram"
        for (route, method), (counts, total) in sorted(self._seconds.items()):
            labels, so_far = f'route="{route}",method="{method}"', 0
            for bound, times in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
                so_far += times
                yield f'tonne_request_seconds_bucket{{{labels},le="{bound}"}} {so_far}'
            yield f"tonne_request_seconds_sum{{{labels}}} {total:.6f}"
            yield f"tonne_request_seconds_count{{{labels}}} {so_far}"
        yield "# HELP tonne_books_up Whether the books can be reached."
        yield "# TYPE tonne_books_up gauge"
        yield f"tonne_books_up {books:d}"
