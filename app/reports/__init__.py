"""One report a file: plain data in, one PDF out."""

from app.reports import approval, checklist

REPORTS = (checklist.REPORT, approval.REPORT)
