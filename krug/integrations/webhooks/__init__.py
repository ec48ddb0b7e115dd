"""Tells other programs of events by the rules of Standard Webhooks."""
