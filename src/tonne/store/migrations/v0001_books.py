"""The first form of the books, the talk with a log, sign-in, trail and outbox: ``v0001_*.sql``."""

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
    for name in (
        "v0001_books.sql",
        "v0001_talk.sql",
        "v0001_signin.sql",
        "v0001_trail.sql",
        "v0001_outbox.sql",
    ):
        connection.execute(books.with_name(name).read_text(encoding="utf-8"))
