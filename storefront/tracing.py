"""Trace requests and their queries with OpenTelemetry. Imported with OTEL_EXPORTER_OTLP_ENDPOINT only.

A span says which view answered, how and from which cache: no address, query string, header or parameter.
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
    """Send spans from now on to where OpenTelemetry's own variables in the environment say."""
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def trace_requests(get_response):
    """Make a span of each request, named after the pattern of its address."""
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
    """Return the pattern of a request's address, or None. A hit never got as far as to have one."""
    try:
        return (request.resolver_match or resolve(request.path_info)).route
    except Resolver404:
        return None


@receiver(connection_created)
def watch(connection, **kwargs):
    if traced not in connection.execute_wrappers:
        connection.execute_wrappers.append(traced)


def traced(execute, sql, params, many, context):
    """Make a span of a query, with its parameters left out."""
    system = context["connection"].vendor
    with tracer.start_as_current_span("query", kind=trace.SpanKind.CLIENT) as span:
        span.set_attributes({"db.system.name": system, "db.query.text": sql})
        return execute(sql, params, many, context)
