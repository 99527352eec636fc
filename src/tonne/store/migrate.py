"""Migrations: hand-written SQL, forward only, never waiting long for a lock."""

from pathlib import Path

LOCK_TIMEOUT = "4s"
STATEMENT_TIMEOUT = "10min"


BOOKS, LOG = "migrations", "log_migrations"
"""The folders of the migrations: of the books, and of a log between registries."""


def migrate(url: str, folder_name: str = BOOKS) -> None:
    """Bring the database up to this version of the books, or of a log."""
    import psycopg  # noqa: PLC0415
    from alembic import command  # noqa: PLC0415  heavy
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy import create_engine  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    folder = Path(__file__).parent / folder_name
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    config.set_main_option("version_locations", str(folder))
    config.set_main_option("path_separator", "newline")

    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"set lock_timeout = '{LOCK_TIMEOUT}'")
        connection.exec_driver_sql(f"set statement_timeout = '{STATEMENT_TIMEOUT}'")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
