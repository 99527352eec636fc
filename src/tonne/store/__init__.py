"""Where are the books kept? All SQL, the migrations, the server, and the in-memory twin."""

from tonne.store.edge import PostgresStore
from tonne.store.gather import Gather
from tonne.store.memory import MemoryStore
from tonne.store.migrate import migrate
from tonne.store.undo import NotWhole

__all__ = ["Gather", "MemoryStore", "NotWhole", "PostgresStore", "migrate"]
