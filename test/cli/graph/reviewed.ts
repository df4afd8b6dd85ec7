import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { stringify } from 'yaml';
import { readManifests } from '../../../src/cli/graph/read';
import { reviewPage } from '../../../src/cli/graph/review';
import { draw } from '../../../src/graph/draw';
import type { Json } from '../../render';
import { done } from '../cli';
import { good, NOW } from '../../lint/manifests';

/** Titles of the page's parts, in their order. */
export const TITLES = [
  'Who holds the CA and the keys',
  'Picture',
  'Lint findings',
  'Certificates',
  'Images and versions',
  'What the network policies allow',
  'Who calls whom',
  'Source files',
];

/** Names that would like to be more than text. */
export const HOSTILE = [
  '<script>document.title="taken"</script>',
  '"><img src=x onerror="document.title=1">',
  "' onload='document.title=1' x='",
  '</title></svg></style><iframe src="https://example.com/">',
  '&lt;b&gt; &#60;b&#62; ]]> <!-- -->',
  '{{constructor}} ${7*7}',
];

/** A page as the command makes it, but for its picture, which needs a process of its own. */
export function reviewed(folder: string, files: Files, title = 'Review'): string {
  write(folder, files);
  const read = readManifests([folder], 'auto');
  const picture = '<svg width="10pt" height="10pt">\n<!-- x -->\n<title>x</title></svg>\n';
  return reviewPage({ read, graph: draw(read.clusters, NOW), picture, now: NOW, title });
}

/** The file of a page that the command wrote. */
export async function reviewFile(folder: string, files: Files): Promise<string> {
  write(folder, files);
  const page = `${folder}.html`;
  await done(['graph', folder, '--html', page, '--title', 'Review']);
  return page;
}

type Files = Readonly<Record<string, string>>;

function write(folder: string, files: Files): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
}

/** Manifests of everything that the page tells of: grants, a stranger, a policy that refuses, findings, one switched off. */
export function eventful(): string {
  const { config, configMap, ca, store, query } = good();
  configMap.data['objstore.yml'] = stringify(config);
  const stranger = workload('stranger', 'docker.io/library/debug', [{ name: 'ca', secret: { secretName: 's3-ca' } }]);
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'closed', namespace: 'm' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ protocol: 'UDP', port: 53 }] }] },
  };
  const group = 'rbac.authorization.k8s.io';
  const metadata = { name: 'reader', namespace: 'm' };
  const rules = [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['s3-ca'], verbs: ['get'] }];
  const role = { apiVersion: `${group}/v1`, kind: 'Role', metadata, rules };
  const binding = {
    ...{ apiVersion: `${group}/v1`, kind: 'RoleBinding', metadata },
    roleRef: { apiGroup: group, kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'default' }],
  };
  const all = [configMap, ca, store, query, policy, role, binding].map((object) => stringify(object));
  const off = `# cdk8s-thanos-lint ignore ca-outside: it was asked for\n${stringify(stranger)}`;
  return [...all, off].join('---\n');
}

/** A stack in which every name is hostile. */
export function hostile(): string {
  return HOSTILE.map((name) => {
    const { spec, ...object } = workload(name, `${name}:${name}@${name}`, []);
    spec.template.spec.containers[0].args = [
      'store',
      `--objstore.config={type: S3, config: {bucket: ${JSON.stringify(name)}}}`,
    ];
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: name },
      stringData: { [name]: name },
    };
    return [{ ...object, spec }, secret].map((one) => stringify(one)).join('---\n');
  }).join('---\n');
}

function workload(name: string, image: string, volumes: readonly Json[]): Json {
  const volumeMounts = volumes.map((volume) => ({ name: volume.name, mountPath: '/etc/anything' }));
  const container: Json = { name, image, volumeMounts };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'm' },
    spec: { template: { metadata: { labels: { app: name } }, spec: { containers: [container], volumes } } },
  };
}
