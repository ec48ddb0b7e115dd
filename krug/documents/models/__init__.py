"""Papers that prove what was agreed and done."""

from krug.documents.models.files import Document

__all__ = ["Document"]
