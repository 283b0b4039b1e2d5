"""The review page: queue, intake, findings, decisions."""
