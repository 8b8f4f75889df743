"""deploy/grafana.json asks for what /metrics has, and /metrics has nothing that it does not show."""

import json
import re

import pytest

from bench.freshness.services import ROOT
from shop.caching.management.commands.cache_stats import COLUMNS
from shop.caching.metrics import WAITS
from shop.caching.versions import clear, clearing
from tests.factories import ProductFactory

TOKEN = "for-this-test-only"
SAMPLE = re.compile(r"^(shop_\w+)(?:{(.*)})? ", re.MULTILINE)
# Of the histogram's other halves, and of what counters say about themselves.
IMPLIED = ("_created", "_sum")


@pytest.fixture
def exposed(client, db, settings):
    """{metric: names of its labels} of /metrics, after each thing that is counted has happened."""
    settings.METRICS_TOKEN = TOKEN
    ProductFactory(slug="vase")
    client.get("/products/vase/")
    with clearing():
        clear(["products"])
    WAITS.inc()
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    return {name: set(re.findall(r'(\w+)="', labels)) for name, labels in SAMPLE.findall(text)}


@pytest.fixture
def queries():
    panels = json.loads((ROOT / "deploy" / "grafana.json").read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def test_every_metric_and_label_that_is_asked_for_exists(exposed, queries):
    assert len(queries) >= 10
    for query in queries:
        names = set(re.findall(r"shop_\w+", query))
        labels = {label for group in re.findall(r"by \((.*?)\)", query) for label in group.split(", ")}
        labels |= set(re.findall(r"(\w+)=~?\"", query))
        assert names <= exposed.keys()
        assert all(labels <= exposed[name] for name in names)


def test_every_metric_is_shown(exposed, queries):
    shown = {name for query in queries for name in re.findall(r"shop_\w+", query)}
    families = {re.sub("_(bucket|count|total)$", "", name) for name in shown}
    own = {re.sub("_(bucket|count|total)$", "", name) for name in exposed if not name.endswith(IMPLIED)}
    assert families == own


def test_outcomes_that_are_asked_for_are_those_that_are_counted(queries):
    asked = {
        outcome
        for query in queries
        for found in re.findall(r'outcome=~?"(.*?)"', query)
        for outcome in found.split("|")
    }
    assert asked == {"memory", "shared", "stale"} & set(COLUMNS)
