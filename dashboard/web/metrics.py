"""Counts of what the server did, for whoever watches over it; no names, no areas, no addresses."""

from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

REGISTRY: Final = CollectorRegistry()
REQUESTS: Final = Counter("gridmuster_requests", "Answers by their kind", ["answer"], registry=REGISTRY)
ANSWER_S: Final = Histogram("gridmuster_page_seconds", "Until a page began to be answered", registry=REGISTRY)
RERUNS: Final = Counter("gridmuster_reruns", "Runs of a page asked for by a person", registry=REGISTRY)
SIGN_INS: Final = Counter("gridmuster_sign_ins", "Attempts to sign in", ["outcome"], registry=REGISTRY)
FAULTS: Final = Counter("gridmuster_page_faults", "Runs of a page that failed", registry=REGISTRY)
CONNECTIONS: Final = Gauge("gridmuster_connections", "Open connections of pages", registry=REGISTRY)


async def metrics(_request: Request) -> Response:
    """Hand the counts out in Prometheus's text format; the guard lets in administrators and this machine only."""
    return Response(generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})
