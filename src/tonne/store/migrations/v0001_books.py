"""The first form of the books: ``v0001_books.sql``."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, the triggers that keep what is derived, and the application's role."""
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    connection = op.get_bind().connection.driver_connection
    assert connection is not None, "a migration runs on a connection"
    # The driver's own call: SQLAlchemy's would read the per cent signs of the text.
    connection.execute(text)
