"""Papers that prove what was agreed and done, and the files that people upload."""

from krug.documents.models.files import Document
from krug.documents.models.stored import StoredFile

__all__ = ["Document", "StoredFile"]
