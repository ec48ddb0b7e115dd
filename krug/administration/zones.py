"""The clocks that people and companies choose from."""

from __future__ import annotations

from krug.kernel.fields.codes import ZONES as CODES
from krug.kernel.fields.codes import named_choices, zone_name

ZONES = named_choices(CODES, zone_name)
NAMES = frozenset(CODES)
