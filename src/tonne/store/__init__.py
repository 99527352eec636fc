"""Where are the books kept? All SQL, the migrations, the server, and the in-memory twin."""

from tonne.store.edge import PostgresStore
from tonne.store.gather import Gather
from tonne.store.log import LogStore
from tonne.store.memory import MemoryStore
from tonne.store.memory_log import MemoryLogStore
from tonne.store.memory_signin import MemorySigninStore
from tonne.store.migrate import BOOKS, LOG, migrate
from tonne.store.outbox import Mail, OutboxStore
from tonne.store.pool import Pool
from tonne.store.resealing import reseal
from tonne.store.signin import SigninStore
from tonne.store.talk import Bell
from tonne.store.trail import TrailStore
from tonne.store.undo import NotWhole

__all__ = [
    "BOOKS",
    "LOG",
    "Bell",
    "Gather",
    "LogStore",
    "Mail",
    "MemoryLogStore",
    "MemorySigninStore",
    "MemoryStore",
    "NotWhole",
    "OutboxStore",
    "Pool",
    "PostgresStore",
    "SigninStore",
    "TrailStore",
    "migrate",
    "reseal",
]
