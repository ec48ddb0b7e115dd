"""How documents present themselves."""

from krug.administration.actions.shipped_roles import ship
from krug.documents.entities.files import DOCUMENT
from krug.documents.entities.roles import DOCUMENTS, FILES
from krug.documents.entities.stored import FILE
from krug.kernel.registry import register

register(DOCUMENT, FILE)
ship(DOCUMENTS, FILES)
