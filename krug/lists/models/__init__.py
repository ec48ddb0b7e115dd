"""What people keep to find their way in lists."""

from krug.lists.models.pins import PinnedView
from krug.lists.models.trees import ListTree

__all__ = ["ListTree", "PinnedView"]
