"""A log line is one line, whatever the text inside it, and holds no secret and nobody's data (LOG-04, LOG-05)."""

import json
import logging
import re
from datetime import UTC, datetime

LINKS = re.compile(r"/(join|welcome)/[^/\s?#\"']+")
VALUES = re.compile(
    r"^(?:DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):.*?(?=^\nThe above exception|^\nDuring handling|\Z)", re.M | re.S
)
QUOTED = re.compile(r"(invalid input (?:syntax|value) for [\w ]+: ).*")
HIDDEN = "(left out)"


class OneLine(logging.Formatter):
    """Writes each record as one JSON object, so that no value can forge a second line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON, with the trace, if any, as a value; what was refused on purpose is no error of ours."""
        is_refusal = getattr(record, "status_code", 500) < 500
        level = min(record.levelno, logging.WARNING) if is_refusal else record.levelno
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": logging.getLevelName(level).lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if record.exc_info and not is_refusal:
            line["trace"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def without_secrets(text: str) -> str:
    """The text without the secret part of links and without the values that a database names in its complaints."""
    text = LINKS.sub(rf"/\1/{HIDDEN}", text)
    return QUOTED.sub(rf"\1{HIDDEN}", VALUES.sub(f"{HIDDEN}\n", text))
