"""The first form of a log's own books: ``v0001_log.sql``, and the talk as registries keep it."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, what keeps the line whole, and the application's role."""
    log = Path(__file__).with_suffix(".sql")
    talk = log.parents[1] / "migrations" / "v0001_talk.sql"
    connection = op.get_bind().connection.driver_connection
    assert connection is not None, "a migration runs on a connection"
    for file in (log, talk):
        connection.execute(file.read_text(encoding="utf-8"))
