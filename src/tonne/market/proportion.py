"""A whole shared out in proportion: to the last one, and nobody more than one from its part."""

from collections.abc import Mapping


def in_proportion(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Everybody has the whole part of the share; what is left goes to the largest remainders.

    Of equal remainders the name that comes first has one more. Nothing is shared by no weight.

    >>> in_proportion(100, {"C": 1, "B": 1, "A": 1})
    {'C': 33, 'B': 33, 'A': 34}
    """
    assert total >= 0, "a total is not less than nothing"
    assert all(weight >= 0 for weight in weights.values()), "a weight is not less than nothing"
    weight = sum(weights.values())
    assert weight, "a total is shared by something"
    parts = {name: total * each // weight for name, each in weights.items()}
    left = total - sum(parts.values())
    by_remainder = sorted(weights, key=lambda name: (-(total * weights[name] % weight), name))
    for name in by_remainder[:left]:
        parts[name] += 1
    return parts
