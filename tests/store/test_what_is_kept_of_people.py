"""What is kept of people is what the page says; a new kind of it is looked at there."""

import psycopg

TOLD = {
    "mail": "letters that were sent",
    "trace": "what was asked, when, from where",
    "signin_person": "the name",
    "signin_factor": "what one signs in by",
    "signin_session": "when, from where, with which browser",
    "signin_event": "who tried under the name",
    "signin_ticket": "a sign-in that is under way",
    "signin_key": "keys of their programs",
    "signin_hook": "where their programs are told",
    "signin_recovery": "that somebody asked to be let in again",
}
"""The tables that name people, and what the page (kept.html) says of each. What is in the books
is there for ever, as it says too."""

OF_NOBODY = {"link"}
"""Another registry's."""


def test_every_table_that_names_people_is_told_on_the_page(database: str) -> None:
    with psycopg.connect(database) as connection:
        found = connection.execute(
            """select distinct table_name from information_schema.columns
                where table_schema = 'public'
                  and column_name in ('person', 'login', 'address', 'email', 'place', 'agent')"""
        ).fetchall()
    assert {name for (name,) in found} - OF_NOBODY == set(TOLD)
