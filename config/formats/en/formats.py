"""Moments as operators compare them with logs: ISO order, 24 hours, seconds."""

DATETIME_FORMAT = "Y-m-d H:i:s"
DATE_FORMAT = "Y-m-d"
TIME_FORMAT = "H:i:s"
