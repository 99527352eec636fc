"""Tonne, an emissions-trading system: the law, the books, the market and the public record."""
