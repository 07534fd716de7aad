"""A line of the log as JSON: time, level, what happened; never a secret, because none is ever given to it."""

import json
import logging

from app.clock import to_iso


class Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"time": to_iso(int(record.created * 1000)), "level": record.levelname.lower()}
        line |= {"from": record.name, "message": record.getMessage()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
