"""Programs that sign for themselves: public keys, tokens and used assertions."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the column and the tables, and what keeps tokens within their keys."""
    connection = op.get_bind().connection.driver_connection
    assert connection is not None, "a migration runs on a connection"
    connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
