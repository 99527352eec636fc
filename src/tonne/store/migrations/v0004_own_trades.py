"""The trades of an account are found by their number."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the indexes."""
    connection = op.get_bind().connection.driver_connection
    assert connection is not None, "a migration runs on a connection"
    connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
