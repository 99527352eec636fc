"""What is sealed in the database is sealed anew, all of it or nothing, by the database's owner.

What nobody uses any more, a removed factor or webhook, stays as it was sealed: it is over.
"""

from collections.abc import Callable
from typing import LiteralString

import psycopg

_SEALED: tuple[tuple[LiteralString, LiteralString], ...] = (
    (
        """select id, kind || ' ' || person, secret from signin_factor
            where kind in ('password', 'totp') and removed_at is null order by number for update""",
        "update signin_factor set secret = %s where id = %s",
    ),
    (
        """select id, 'provider ' || id, secret from signin_provider
            where removed_at is null order by number for update""",
        "update signin_provider set secret = %s where id = %s",
    ),
    (
        """select id, id, secret from signin_hook
            where removed_at is null order by number for update""",
        "update signin_hook set secret = %s, version = version + 1 where id = %s",
    ),
    (
        """select id, id, old_secret from signin_hook
            where removed_at is null and old_secret is not null order by number for update""",
        "update signin_hook set old_secret = %s, version = version + 1 where id = %s",
    ),
)
"""Where secrets lie, and whose each is: what stands with the seal."""


def reseal(url: str, anew: Callable[[bytes, str], bytes]) -> int:
    """Seal all secrets anew, as the owner of the database; how many were sealed otherwise.

    ``anew`` is given what is sealed and whose it is. What it refuses undoes everything.
    """
    count = 0
    with psycopg.connect(url) as connection:
        for find, write in _SEALED:
            for code, of, sealed in connection.execute(find).fetchall():
                made = anew(bytes(sealed), of)
                if made != sealed:
                    connection.execute(write, (made, code))
                    count += 1
    return count
