"""Traces sent to an OpenTelemetry collector by OTLP over HTTP; loaded only where one is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service.observing import context
from service.observing.context import ids, traced
from service.observing.watch import NO_HEADERS

PATH = "/v1/traces"
PARENT = "traceparent"


class OtelSpan:
    """A span of the SDK; see `service.observing.watch.Span`."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def note(self, **attributes: str | int) -> None:
        """See Span."""
        self._span.set_attributes(_named(attributes))


class OtelTracer:
    """Sends spans in batches from a thread of its own; a collector that is gone costs nothing.

    A provider of our own, not the process's global one: what other libraries would trace could
    quote a journal.
    """

    def __init__(self, endpoint: str, share: float, version: str, process: str) -> None:
        resource = Resource.create(
            {"service.name": "vedomost", "service.version": version, "vedomost.process": process}
        )
        self._provider = TracerProvider(
            resource=resource, sampler=ParentBased(TraceIdRatioBased(share))
        )
        exporter = OTLPSpanExporter(endpoint=endpoint.rstrip("/") + PATH, timeout=10)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("vedomost", version)
        self._context = TraceContextTextMapPropagator()

    @contextmanager
    def span(
        self, name: str, headers: Mapping[str, str] = NO_HEADERS, **attributes: str | int
    ) -> Iterator[OtelSpan]:
        """See Tracer; an error leaves its type alone, for its text may quote a journal."""
        parent = self._context.extract(headers) if headers else self._carried()
        with self._tracer.start_as_current_span(
            name,
            context=parent,
            kind=SpanKind.SERVER if headers else SpanKind.INTERNAL,
            attributes=_named({**ids(), **attributes}),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            carrier: dict[str, str] = {}
            self._context.inject(carrier)
            try:
                with traced(carrier.get(PARENT)):
                    yield OtelSpan(span)
            except BaseException as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def _carried(self) -> Context | None:
        """Return the trace that what is done here was called for in, unless it is known here."""
        carried = context.trace()
        if carried is None or trace.get_current_span().get_span_context().is_valid:
            return None
        return self._context.extract({PARENT: carried})

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


def _named(attributes: Mapping[str, str | int]) -> dict[str, str | int]:
    return {f"vedomost.{name}": value for name, value in attributes.items()}
