"""What an installation says of itself."""

from krug.administration.models.company import Company

__all__ = ["Company"]
