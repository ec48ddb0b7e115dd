"""How documents present themselves."""

from krug.documents.entities.files import DOCUMENT
from krug.kernel.registry import register

register(DOCUMENT)
