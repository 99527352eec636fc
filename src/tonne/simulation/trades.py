"""Who could have sold to whom: the public record does not say, so surplus meets need."""

from collections.abc import Iterator, Mapping

from tonne.operations import Transfer


def trades(
    holdings: Mapping[str, int], needs: Mapping[str, int], *, key: str, unit: str
) -> Iterator[Transfer]:
    """Transfers that bring every account up to its need, from the largest surplus down."""
    rest = {number: held - needs.get(number, 0) for number, held in holdings.items()}
    sellers = sorted(((more, number) for number, more in rest.items() if more > 0), reverse=True)
    queue = iter(sellers)
    more, seller = next(queue, (0, ""))
    for buyer, lack in sorted((number, -less) for number, less in rest.items() if less < 0):
        wanted = lack
        while wanted and seller:
            count = min(wanted, more)
            yield Transfer(
                key=f"{key}/{seller}/{buyer}", source=seller, target=buyer, unit=unit, count=count
            )
            wanted -= count
            more -= count
            if not more:
                more, seller = next(queue, (0, ""))
