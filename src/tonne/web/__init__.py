"""How do people see it? Pages that are made on the server, in four languages."""

from tonne.web.app import pages
from tonne.web.tables import Terms

__all__ = ["Terms", "pages"]
