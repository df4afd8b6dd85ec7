"""The stack of examples/guide, through the Python wheel. Its output must equal TypeScript's byte for byte."""

import sys
from datetime import datetime, timezone

from cdk8s import App, Duration, Size
from cdk8s_thanos import (
    StackCompactorOptions,
    GrafanaOptions,
    GrantTable,
    IndexCache,
    ObjstoreOptions,
    QueryFrontendOptions,
    QueryOptions,
    ReceiverOptions,
    ResourceAmounts,
    ResourceOptions,
    RetentionOptions,
    RulerOptions,
    S3Ca,
    S3Credentials,
    StackStoreGatewayOptions,
    ThanosStack,
)


def resources(cpu: str, memory_gibibytes: int) -> ResourceOptions:
    return ResourceOptions(
        requests=ResourceAmounts(cpu=cpu, memory=Size.mebibytes(256)),
        limits=ResourceAmounts(memory=Size.gibibytes(memory_gibibytes)),
    )


def guide_stack(app: App, ca_file: str) -> ThanosStack:
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
        receiver=ReceiverOptions(replicas=3, resources=resources("500m", 2)),
        compactor=StackCompactorOptions(
            retention=RetentionOptions(
                raw=Duration.days(30), five_minutes=Duration.days(180), one_hour=Duration.days(3650)
            ),
            resources=resources("1", 2),
        ),
        store_gateway=StackStoreGatewayOptions(
            replicas=2,
            index_cache=IndexCache.in_memory(max_size=Size.gibibytes(2)),
            resources=resources("500m", 4),
        ),
        ruler=RulerOptions(
            alertmanagers=["http://alertmanager.monitoring.svc.cluster.local:9093"],
            queries=["dnssrv+_http._tcp.thanos-query.monitoring.svc.cluster.local"],
            resources=resources("250m", 1),
        ),
        query=QueryOptions(replicas=2, resources=resources("250m", 1)),
        query_frontend=QueryFrontendOptions(resources=resources("100m", 1)),
        grafana=GrafanaOptions(),
    )


app = App(outdir=sys.argv[2])
guide_stack(app, sys.argv[1])
app.synth()
print(GrantTable.of(app).to_string())
