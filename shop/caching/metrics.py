"""Prometheus counters of the cache; with METRICS_DIR, summed over all processes."""

from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

PAGES = Counter("shop_pages", "Cached pages answered, by view and outcome", ["view", "outcome"])
CLEARED = Counter("shop_tags_cleared", "Tags given a new version, by kind", ["kind"])
WAITS = Counter("shop_single_flight_waits", "Requests that waited for another's rendering")
RENDERING = Histogram("shop_render_seconds", "Seconds to render a cached page", ["view"])


def registry():
    """Return the registry of all processes, if they share METRICS_DIR, or of this one."""
    if not settings.METRICS_DIR:
        return REGISTRY
    everyone = CollectorRegistry()
    MultiProcessCollector(everyone, settings.METRICS_DIR)
    return everyone


def outcomes():
    """Return {view: {outcome: number of pages}}."""
    views: dict[str, dict[str, int]] = {}
    for metric in registry().collect():
        for sample in metric.samples:
            if sample.name == "shop_pages_total":
                outcome = views.setdefault(sample.labels["view"], {})
                outcome[sample.labels["outcome"]] = int(sample.value)
    return views
