import { ApiObject, Size } from 'cdk8s';
import { ConfigMap, Cpu, Deployment, EnvValue, Volume } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** What the team ran before: a Prometheus with a Thanos sidecar that can't upload yet. */
export function prometheus(scope: Construct): ApiObject {
  const labels = { app: 'prometheus' };
  return new ApiObject(scope, 'Prometheus', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'prometheus' },
    spec: {
      serviceName: 'prometheus',
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          // the CA and the keys are readable for the pod's group alone
          securityContext: { runAsNonRoot: true, runAsUser: 65534, fsGroup: 65534 },
          containers: [
            {
              name: 'prometheus',
              image: 'quay.io/prometheus/prometheus:v3.5.0',
              args: [
                '--config.file=/etc/prometheus/prometheus.yml',
                '--storage.tsdb.path=/prometheus',
                // the sidecar uploads blocks as they are: only the compactor may merge them
                '--storage.tsdb.min-block-duration=2h',
                '--storage.tsdb.max-block-duration=2h',
              ],
              volumeMounts: [
                { name: 'config', mountPath: '/etc/prometheus' },
                { name: 'data', mountPath: '/prometheus' },
              ],
            },
            {
              name: 'thanos-sidecar',
              image: 'quay.io/thanos/thanos:v0.42.4',
              args: ['sidecar', '--tsdb.path=/prometheus', '--objstore.config-file=/etc/thanos/objstore/objstore.yml'],
              ports: [{ name: 'grpc', containerPort: 10901 }],
              volumeMounts: [{ name: 'data', mountPath: '/prometheus' }],
            },
          ],
          volumes: [{ name: 'config', configMap: { name: 'prometheus-config' } }],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '50Gi' } } },
        },
      ],
    },
  });
}

/** The sidecars' gRPC ports, for Query. */
export function prometheusService(scope: Construct): ApiObject {
  return new ApiObject(scope, 'PrometheusService', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'prometheus' },
    spec: {
      clusterIP: 'None',
      selector: { app: 'prometheus' },
      ports: [{ name: 'grpc', port: 10901, targetPort: 'grpc' }],
    },
  });
}

/** A service of the team that has nothing to do with Thanos. */
export function berthPlanner(scope: Construct): ApiObject {
  const labels = { app: 'berth-planner' };
  return new ApiObject(scope, 'BerthPlanner', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'berth-planner' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'berth-planner', image: 'registry.example.com/harbour/berth-planner:4.2.0' }] },
      },
    },
  });
}

/** A service of the team that reports on the blocks in the bucket, which `thanos tools bucket web` shows; made with cdk8s-plus. */
export function blockReport(scope: Construct): Deployment {
  const report = new Deployment(scope, 'BlockReport', {
    metadata: { name: 'block-report' },
    replicas: 1,
    securityContext: { user: 65534, group: 65534, fsGroup: 65534 },
  });
  report.addContainer({
    name: 'web',
    image: 'quay.io/thanos/thanos:v0.42.4',
    args: ['tools', 'bucket', 'web', '--objstore.config-file=/etc/thanos/objstore/objstore.yml'],
    portNumber: 10902,
    resources: { cpu: { request: Cpu.millis(10) }, memory: { request: Size.mebibytes(64) } },
  });
  return report;
}

/** What the team adds to it later: a folder of its own, and a setting. */
export function decorate(scope: Construct, report: Deployment): void {
  const texts = new ConfigMap(scope, 'Texts', { metadata: { name: 'block-report-texts' }, data: { title: 'Blocks' } });
  report.containers[0].mount('/texts', Volume.fromConfigMap(scope, 'TextsVolume', texts));
  report.containers[0].env.addVariable('TZ', EnvValue.fromValue('Asia/Seoul'));
}
