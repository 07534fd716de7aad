"""One report a file: plain data in, one PDF out."""

from app.reports import approval, checklist, protocol, situation

REPORTS = (checklist.REPORT, approval.REPORT, situation.REPORT, protocol.REPORT)
