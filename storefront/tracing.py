"""OpenTelemetry traces of requests and queries. Imported only with OTEL_EXPORTER_OTLP_ENDPOINT.

A span names the view, its status and cache outcome, but no URL, query string, header or parameter.
"""

from functools import cache

from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.urls import Resolver404, resolve
from django_guid import get_guid
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

tracer = trace.get_tracer("storefront")


@cache
def start():
    """Export spans as OpenTelemetry's environment variables say."""
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def trace_requests(get_response):
    """Trace each request in a span named after its route."""
    start()

    def middleware(request):
        with tracer.start_as_current_span(request.method, kind=trace.SpanKind.SERVER) as span:
            response = get_response(request)
            span.set_attributes(facts_of(request, response))
            if route := route_of(request):
                span.update_name(f"{request.method} {route}")
                span.set_attribute("http.route", route)
            if response.status_code >= 500:
                span.set_status(trace.StatusCode.ERROR)
            return response

    return middleware


def facts_of(request, response):
    return {
        "http.request.method": request.method,
        "http.response.status_code": response.status_code,
        "shop.cache": response.headers.get("X-Cache", "none"),
        "shop.request_id": get_guid() or "",
    }


def route_of(request):
    """Return the route of a request, or None; hits of the page cache have not been resolved yet."""
    try:
        return (request.resolver_match or resolve(request.path_info)).route
    except Resolver404:
        return None


@receiver(connection_created)
def watch(connection, **kwargs):
    if traced not in connection.execute_wrappers:
        connection.execute_wrappers.append(traced)


def traced(execute, sql, params, many, context):
    """Trace a query in a span, without its parameters."""
    system = context["connection"].vendor
    with tracer.start_as_current_span("query", kind=trace.SpanKind.CLIENT) as span:
        span.set_attributes({"db.system.name": system, "db.query.text": sql})
        return execute(sql, params, many, context)
