"""How tellings of webhooks went is forgotten after a while."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Let the application remove what is old."""
    connection = op.get_bind().connection.driver_connection
    assert connection is not None, "a migration runs on a connection"
    connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
