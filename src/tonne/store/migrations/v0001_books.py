"""The first form of the books: ``v0001_books.sql``, and the talk with a log: ``v0001_talk.sql``."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, the triggers that keep what is derived, and the application's role."""
    books = Path(__file__).with_suffix(".sql")
    connection = op.get_bind().connection.driver_connection
    assert connection is not None, "a migration runs on a connection"
    # The driver's own call: SQLAlchemy's would read the per cent signs of the text.
    for file in (books, books.with_name("v0001_talk.sql")):
        connection.execute(file.read_text(encoding="utf-8"))
