"""Attributes: fields that a company adds without code; served to every surface like declared ones."""
