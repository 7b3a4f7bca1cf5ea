"""Figures for operators, in the format of Prometheus. No names, answers or ids are in them."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_WAITS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

WAITED = Histogram(
    "drillmate_request_wait_seconds",
    "How long requests to a platform waited for their turn",
    ("platform", "lane"),
    buckets=_WAITS,
)
ALLOWED = Gauge(
    "drillmate_requests_allowed_per_second",
    "Requests a second that are let through now; lowered after refusals",
    ("platform",),
)
REFUSED = Counter(
    "drillmate_requests_refused_total",
    "Requests that a platform refused for coming too soon (429)",
    ("platform",),
)
DELIVERIES = Counter(
    "drillmate_deliveries_total",
    "Scheduled questions by what became of them",
    ("platform", "outcome"),
)
LATENESS = Histogram(
    "drillmate_delivery_lateness_seconds",
    "How long after its due time a scheduled question was sent",
    ("platform",),
    buckets=(1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600),
)
BACKLOG = Gauge(
    "drillmate_deliveries_waiting", "Scheduled questions that are due and not sent", ("platform",)
)
COMMITS = Histogram(
    "drillmate_delivery_commit_size",
    "How many deliveries were noted in one transaction",
    buckets=(1, 2, 5, 10, 20, 50, 100),
)
