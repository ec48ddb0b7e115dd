"""How documents present themselves."""

from krug.administration.actions.shipped_roles import ship
from krug.documents.entities.files import DOCUMENT
from krug.documents.entities.roles import DOCUMENTS
from krug.kernel.registry import register

register(DOCUMENT)
ship(DOCUMENTS)
