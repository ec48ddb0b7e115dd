"""A log line is one line, whatever the text inside it (LOG-05)."""

import json
import logging
from datetime import UTC, datetime


class OneLine(logging.Formatter):
    """Writes each record as one JSON object, so that no value can forge a second line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON, with the trace, if any, as a value."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
