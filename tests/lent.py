"""Databases that tests use one after the other: to empty one takes a tenth of making one."""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Self

import psycopg

from world import a_copy

_NUMBERS = itertools.count(1)
_SHAPE = """
    select (select count(*) from pg_attribute), (select count(*) from pg_proc),
           (select count(*) from pg_constraint), (select count(*) from pg_trigger),
           (select count(*) from pg_trigger where tgenabled <> 'O')
"""
_EMPTY = """
    do $$
    declare
        each regclass;
    begin
        for each in
            select oid
              from pg_class
             where relkind = 'r'
               and relnamespace = 'public'::regnamespace
               and relname <> 'alembic_version'
               and pg_relation_size(oid) > 0
        loop
            execute format('delete from %s', each);
        end loop;
        perform setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
           from pg_sequences
          where last_value is not null;
    end $$
"""


class Lender:
    """Lends databases that are migrated and empty, and makes one only when none is free."""

    def __init__(self, server: str, template: str) -> None:
        """Make copies of that template, which has the tables and no rows."""
        self._server, self._template = server, template
        self._made = ExitStack()
        self._free: list[tuple[str, psycopg.Connection]] = []

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The address of a database, as its owner."""
        address, owner = self._free.pop() if self._free else self._make()
        yield address
        with suppress(psycopg.OperationalError):  # Some tests cut everybody off.
            if owner.execute(_SHAPE).fetchone() == self._shape:
                owner.execute(_EMPTY)
                self._free.append((address, owner))

    def _make(self) -> tuple[str, psycopg.Connection]:
        name = f"{self._template}_{next(_NUMBERS)}"
        address = self._made.enter_context(a_copy(self._server, self._template, name))
        owner = self._made.enter_context(psycopg.connect(address, autocommit=True))
        # As on a replica, no trigger of ours keeps rows from being removed.
        owner.execute("set session_replication_role = replica")
        self._shape = owner.execute(_SHAPE).fetchone()
        return address, owner

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._made.close()
