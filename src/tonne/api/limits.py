"""How often somebody may ask: a bucket of tokens for each caller, which fills by itself."""

import math
from collections import OrderedDict
from dataclasses import dataclass

CALLERS_MAX = 10_000
"""So many callers are remembered; of more, those who asked longest ago are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many requests a second in the long run, and so many at once."""

    per_second: int = 100
    burst: int = 400

    def policy(self, name: str = "caller") -> str:
        """As the header RateLimit-Policy says it: so many in so many seconds."""
        return f'"{name}";q={self.burst};w={math.ceil(self.burst / self.per_second)}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Whether a request is served; how many more would be, or after how many seconds one is."""

    served: bool
    left: int
    seconds: int
    name: str = "caller"
    policy: str = ""
    """By which rule, as the header RateLimit-Policy says it."""

    @property
    def header(self) -> str:
        """As the header RateLimit says it."""
        return f'"{self.name}";r={self.left};t={self.seconds}'


class Buckets:
    """The buckets of all callers; used by one thread at a time."""

    def __init__(
        self, limit: Limit, *, callers_max: int = CALLERS_MAX, name: str = "caller"
    ) -> None:
        """Every bucket is full at first."""
        self._limit, self._most, self._name = limit, callers_max, name
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, *, at: float) -> Allowed:
        """Take a token of a caller's, at a moment in seconds."""
        burst, rate = self._limit.burst, self._limit.per_second
        tokens, since = self._buckets.pop(caller, (float(burst), at))
        tokens = min(float(burst), tokens + (at - since) * rate)
        served = tokens >= 1
        tokens -= served
        self._buckets[caller] = tokens, at
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        wait = 0 if tokens >= 1 else math.ceil((1 - tokens) / rate)
        policy = self._limit.policy(self._name)
        return Allowed(
            served=served, left=int(tokens), seconds=wait, name=self._name, policy=policy
        )
