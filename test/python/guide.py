"""The stack of examples/guide, through the Python wheel. Its output must equal TypeScript's byte for byte."""

import sys
from datetime import datetime, timezone

from cdk8s import App, Duration, Size
from cdk8s_thanos import (
    Capacity,
    GrafanaOptions,
    GrantTable,
    ObjstoreOptions,
    QueryFrontendOptions,
    ResourceAmounts,
    ResourceOptions,
    RetentionOptions,
    RulerOptions,
    S3Ca,
    S3Credentials,
    ThanosStack,
)


def limited(memory_gibibytes: int, part):
    """A part with a memory limit beside its requests; Capacity guesses none."""
    requests = part.resources.requests if part.resources else None
    limits = ResourceAmounts(memory=Size.gibibytes(memory_gibibytes))
    return type(part)(**{**part._values, "resources": ResourceOptions(requests=requests, limits=limits)})


def guide_stack(app: App, ca_file: str) -> ThanosStack:
    capacity = Capacity.of(
        active_series=50_000,
        scrape_interval=Duration.seconds(30),
        retention=RetentionOptions(
            raw=Duration.days(30), five_minutes=Duration.days(180), one_hour=Duration.days(3650)
        ),
        index_cache=Size.gibibytes(2),
    )
    return ThanosStack(
        app,
        "thanos",
        namespace="monitoring",
        create_namespace=True,
        objstore=ObjstoreOptions(
            bucket="thanos",
            endpoint="s3.minio.example.com:9000",
            ca=S3Ca.from_file(ca_file, valid_at=datetime.now(timezone.utc)),
            server_name="s3.minio.example.com",
            credentials=S3Credentials.from_secret_name("thanos-s3-credentials"),
        ),
        receiver=limited(2, capacity.receiver),
        compactor=limited(2, capacity.compactor),
        store_gateway=limited(4, capacity.store_gateway),
        ruler=limited(
            1,
            RulerOptions(
                alertmanagers=["http://alertmanager.monitoring.svc.cluster.local:9093"],
                queries=["dnssrv+_http._tcp.thanos-query.monitoring.svc.cluster.local"],
            ),
        ),
        query=limited(1, capacity.query),
        query_frontend=limited(1, QueryFrontendOptions()),
        grafana=GrafanaOptions(),
    )


app = App(outdir=sys.argv[2])
guide_stack(app, sys.argv[1])
app.synth()
print(GrantTable.of(app).to_string())
