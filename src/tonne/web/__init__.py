"""How do people see it? Pages that are made on the server, in four languages."""

from tonne.web.app import pages
from tonne.web.tables import Terms
from tonne.web.visit import Certifier

__all__ = ["Certifier", "Terms", "pages"]
