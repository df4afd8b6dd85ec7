import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Finding } from '../../src/lint/finding';
import { lint } from '../../src/lint/lint';
import { ECDSA_CA } from '../fixtures/certificates';
import type { Json } from '../render';

/** A time at which the fixtures' CAs are valid. */
export const NOW = new Date('2027-01-01T00:00:00Z');

/** A hand-written store gateway without a fault, for tests to break. */
export interface Manifests {
  config: Json;
  configMap: Json;
  ca: Json;
  store: Json;
  query: Json;
}

export function good(): Manifests {
  return {
    config: {
      type: 'S3',
      config: {
        bucket: 'thanos',
        endpoint: 's3.minio.example.com:9000',
        http_config: { tls_config: { ca_file: '/etc/thanos/certs/ca.crt' } },
      },
    },
    configMap: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'objstore', namespace: 'm' }, data: {} },
    ca: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's3-ca', namespace: 'm' },
      data: { 'ca.crt': Buffer.from(ECDSA_CA).toString('base64') },
    },
    store: workload('store', {
      args: ['store', '--objstore.config-file=/etc/thanos/objstore/objstore.yml'],
      env: [keyRef('AWS_ACCESS_KEY_ID', 's3-keys', 'access'), keyRef('AWS_SECRET_ACCESS_KEY', 's3-keys', 'secret')],
      volumeMounts: [
        { name: 'objstore', mountPath: '/etc/thanos/objstore' },
        { name: 'ca', mountPath: '/etc/thanos/certs' },
      ],
    }),
    query: workload('query', { args: ['query', '--endpoint=store:10901'] }),
  };
}

function workload(name: string, container: Json): Json {
  const volumes = [
    { name: 'objstore', configMap: { name: 'objstore' } },
    { name: 'ca', secret: { secretName: 's3-ca' } },
  ];
  const spec = { containers: [{ name, image: 'quay.io/thanos/thanos:v0.42.4', ...container }], volumes };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `thanos-${name}`, namespace: 'm' },
    spec: { template: { metadata: { annotations: { 'checksum/objstore': 'abc' } }, spec } },
  };
}

export function keyRef(name: string, secret: string, key: string): Json {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** The pod spec of a workload, to be changed. */
export function pod(workloadJson: Json): Json {
  return workloadJson.spec.template.spec;
}

/** The first container of a workload, to be changed. */
export function first(workloadJson: Json): Json {
  return pod(workloadJson).containers[0];
}

/** YAML of the manifests; a config given as text is taken as it is. */
export function yamlOf({ config, configMap, ...rest }: Manifests): string {
  const text = typeof config === 'string' ? config : stringify(config);
  const withConfig = { ...configMap, data: { 'objstore.yml': text, ...configMap.data } };
  return [withConfig, ...Object.values(rest)].map((object) => stringify(object)).join('---\n');
}

/** Findings of manifests that were good before `change`. */
export function findings(change: (m: Manifests) => void, now = NOW): Finding[] {
  const manifests = good();
  change(manifests);
  return lint([{ file: 'm.yaml', text: yamlOf(manifests) }], now, { whole: true });
}

/** `severity rule` of each finding but the hints. */
export function rules(all: Finding[]): string[] {
  return all.filter(({ severity }) => severity !== 'info').map(({ rule, severity }) => `${severity} ${rule}`);
}

export function fixture(name: string): string {
  return readFileSync(join(__dirname, 'fixtures', name), 'utf8');
}
