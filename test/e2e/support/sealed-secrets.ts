import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';
import { clusterScript, hasScript, TEST_DATA } from '../../programs/cluster';
import { applyOwn, kubectl } from './kubectl';
import { established } from './crds';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from './pods';
import { progress, until } from './progress';

const VERSION = '0.27.1';
const NAME = 'sealed-secrets-controller';
const CRD = 'sealedsecrets.bitnami.com';
/** Label of the Secrets in which the controller keeps its keys. */
const KEYS = 'sealedsecrets.bitnami.com/sealed-secrets-key';

/** The real sealed-secrets controller, in a namespace that is there. */
export class SealedSecretsController {
  #ownCrd = false;

  constructor(private readonly namespace: string) {}

  /** Options of `seal` that name it. */
  public get options(): string[] {
    return ['--controller-namespace', this.namespace, '--controller-name', NAME];
  }

  public async start(): Promise<void> {
    this.#ownCrd = (await kubectl(['get', 'crd', CRD, '--ignore-not-found', '-o', 'name'])) === '';
    if (this.#ownCrd)
      await kubectl(['apply', '--server-side', '-f', path.join(TEST_DATA, 'crds/bitnami.com_sealedsecrets.yaml')]);
    await established(CRD);
    await applyOwn(...this.#rights(), this.#service());
    await this.#run([]);
  }

  /** Starts it anew, where it makes a key, since the one that it has is older than that. */
  public async renewKey(): Promise<void> {
    await this.#run([`--key-cutoff-time=${new Date().toUTCString().replace('GMT', '+0000')}`]);
  }

  /** Takes away all keys but the newest, which it notices when it starts. */
  public async forgetOldKeys(): Promise<void> {
    const order = '--sort-by=.metadata.creationTimestamp';
    const found = await kubectl(['-n', this.namespace, 'get', 'secrets', '-l', KEYS, order, '-o', 'name']);
    const old = found.trim().split('\n').slice(0, -1);
    if (old.length === 0) throw new Error('there is no key but one');
    await kubectl(['-n', this.namespace, 'delete', ...old]);
    await this.#run([]);
  }

  public certificate(): Promise<string> {
    return kubectl(['get', '--raw', `/api/v1/namespaces/${this.namespace}/services/http:${NAME}:/proxy/v1/cert.pem`]);
  }

  /** What stands outside of its namespace. */
  public async remove(): Promise<void> {
    const roles = ['clusterrole', 'clusterrolebinding'].map((kind) => `${kind}/${this.namespace}`);
    await kubectl(['delete', '--ignore-not-found', ...roles, ...(this.#ownCrd ? [`crd/${CRD}`] : [])]);
  }

  async #run(args: string[]): Promise<void> {
    await applyOwn(this.#deployment(args));
    const rollout = ['-n', this.namespace, 'rollout', 'status', `deployment/${NAME}`, '--timeout=120s'];
    await kubectl(rollout);
    await until('the controller gives its certificate', () => this.certificate());
  }

  /** As its own release has them. */
  #rights(): object[] {
    const metadata = { name: this.namespace, namespace: this.namespace };
    const rule = (apiGroup: string, resource: string, ...verbs: string[]): object => ({
      apiGroups: [apiGroup],
      resources: [resource],
      verbs,
    });
    const rules = [
      rule('bitnami.com', 'sealedsecrets', 'get', 'list', 'watch'),
      rule('bitnami.com', 'sealedsecrets/status', 'update'),
      rule('', 'secrets', 'get', 'list', 'create', 'update', 'delete', 'watch'),
      rule('', 'events', 'create', 'patch'),
      rule('', 'namespaces', 'get'),
    ];
    const group = 'rbac.authorization.k8s.io';
    return [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
      { apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata, rules },
      {
        apiVersion: `${group}/v1`,
        kind: 'ClusterRoleBinding',
        metadata,
        roleRef: { apiGroup: group, kind: 'ClusterRole', name: this.namespace },
        subjects: [{ kind: 'ServiceAccount', ...metadata }],
      },
    ];
  }

  #service(): object {
    const spec = { selector: { app: NAME }, ports: [{ port: 8080, targetPort: 8080 }] };
    return { apiVersion: 'v1', kind: 'Service', metadata: { name: NAME, namespace: this.namespace }, spec };
  }

  #deployment(args: string[]): object {
    const container = {
      ...RESTRICTED_CONTAINER,
      name: 'controller',
      image: image(),
      command: [hasScript() ? '/bin/controller' : 'controller'],
      args,
      readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 },
    };
    const pod = { ...RESTRICTED_POD, automountServiceAccountToken: true, serviceAccountName: this.namespace };
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: NAME, namespace: this.namespace },
      spec: {
        strategy: { type: 'Recreate' },
        selector: { matchLabels: { app: NAME } },
        template: { metadata: { labels: { app: NAME } }, spec: { ...pod, containers: [container] } },
      },
    };
  }
}

let made: string | undefined;

/** Built from its source where images are made here, else the one that everybody pulls. */
function image(): string {
  if (!hasScript()) return `docker.io/bitnami/sealed-secrets-controller:${VERSION}`;
  if (made === undefined) {
    made = 'local/sealed-secrets:test';
    clusterScript('image', made, `${program()}:/bin/controller`);
  }
  return made;
}

function program(): string {
  const home = process.env.THANOS_CLUSTER_HOME ?? path.join(homedir(), '.cache/thanos-cluster');
  const folder = path.join(home, `sealed-secrets-${VERSION}`);
  if (!existsSync(path.join(folder, 'controller'))) {
    progress('building the sealed-secrets controller (minutes, once)');
    const source = `github.com/bitnami-labs/sealed-secrets/cmd/controller@v${VERSION}`;
    const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0' };
    const { status, stderr, error } = spawnSync('go', ['install', source], { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the sealed-secrets controller can't be built: ${error?.message ?? stderr}`);
  }
  return path.join(folder, 'controller');
}
