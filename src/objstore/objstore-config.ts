import type { ApiObject } from 'cdk8s';
import { KubeConfigMap } from '../support/k8s';
import { Construct, type IConstruct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { place } from '../app/place';
import type { AppRegistry, Holding } from '../app/registry';
import { canonicalEndpoint } from '../input/endpoint';
import type { S3Ca, S3CaSource } from '../input/s3-ca';
import type { ObjstoreOptions } from '../input/s3-options';
import { OBJSTORE_FIELDS, S3_RULES } from '../input/s3-rules';
import { checksum } from '../support/checksum';
import { DEFAULT_INSTANCE, instanceName, sharedObject } from '../support/identity';
import { checked, phrase } from '../support/problem';
import { knownFields } from '../support/shape';
import { bindCa } from './bind-ca';
import { bindCredentials, type BoundSource } from './bind-credentials';
import { ForeignWorkload } from './foreign-workload';
import { type Grant, grantOf } from './grant';
import type { GrantOptions } from './grant-options';
import { namespaceOf } from './namespace';
import { objstoreYaml } from './objstore-yaml';
import { preflightGrant, preflightYaml } from './preflight-grant';
import { CA_DIRECTORY, CA_FILE, CONFIG_DIRECTORY, CONFIG_FILE } from './paths';
import type { S3CaSecret } from './s3-ca-secret';
import { requireSharable } from './sharable';

/** Properties of an ObjstoreConfig. */
export interface ObjstoreConfigProps extends ObjstoreOptions {
  /**
   * Name of the stack: prefix of the objects' names.
   * @default thanos
   */
  readonly instance?: string;
  /**
   * Namespace of the objects, and of every pod that opens the bucket.
   * @default - the chart's, else monitoring
   */
  readonly namespace?: string;
}

/**
 * The bucket of Thanos: the ConfigMap with objstore.yml, the Secret of the CA when its text is given, and the Grant that
 * hands both and the keys to the pods that open the bucket, and to no other.
 *
 * @throws where an option is one that Thanos refuses at start, or accepts and fails with later
 */
export class ObjstoreConfig extends Construct {
  /** Prefix of the objects' names. */
  public readonly instance: string;
  /** Namespace of the objects and of the granted pods. */
  public readonly namespace: string;
  /** Text of objstore.yml. It holds no keys. */
  public readonly yaml: string;
  /** Name of the ConfigMap. */
  public readonly configMapName: string;
  /** Key of the ConfigMap. */
  public readonly configMapKey = CONFIG_FILE;
  /** Path of objstore.yml in a granted container, for `--objstore.config-file`. */
  public readonly configFile = `${CONFIG_DIRECTORY}/${CONFIG_FILE}`;
  /** Path of the CA in a granted container; undefined without a private CA. */
  public readonly caFile?: string;
  /** SHA-256, hex, of what the granted pods read at start: objstore.yml, the CA and what is known of the keys. */
  public readonly checksum: string;
  /** Endpoint, bucket and prefix in one spelling: two configs with the same one open the same blocks. */
  public readonly bucketId: string;
  /** The ConfigMap, for patches. */
  public readonly configMap: ApiObject;
  /** The CA's Secret; undefined where the CA is only referenced, or there is none. */
  public readonly caSecret?: S3CaSecret;
  readonly #grant: Grant;
  readonly #props: ObjstoreConfigProps;
  readonly #caPem?: string;
  #preflightGrant?: Grant;
  readonly #registry: AppRegistry;

  constructor(scope: Construct, id: string, props: ObjstoreConfigProps) {
    super(scope, id);
    this.#check(props);
    this.#props = props;
    this.instance = checked(this, 'instance', () => instanceName(props.instance ?? DEFAULT_INSTANCE));
    this.namespace = namespaceOf(this, props.namespace);
    this.#registry = appChecks(this);
    const bound = props.ca && bindCa(this, props.ca, this.instance, this.namespace);
    const credentials = bindCredentials(this, props.credentials, this.instance, this.namespace);
    const ca = bound?.source;
    this.caSecret = bound?.secret;
    this.#caPem = ca?.pem;
    this.caFile = ca && `${CA_DIRECTORY}/${CA_FILE}`;
    this.yaml = objstoreYaml(props);
    this.bucketId = bucketId(props, this.namespace, credentials.source);
    this.configMapName = sharedObject(this.instance, 'objstoreConfig').name;
    this.configMap = this.#placeConfigMap();
    this.checksum = checksumOf(this.yaml, ca, props.credentials.revision, credentials.content);
    const sources = { configMapName: this.configMapName, ca, credentials: credentials.source };
    this.#grant = checked(this, 'reloader', () => grantOf(props, sources, this.checksum));
    this.#guard(props, credentials.source, ca);
    this.#warn(props);
  }

  /**
   * Lets a workload that is not this library's into the bucket: mounts the config and the CA into its containers, gives
   * them the keys, adds the checksum annotation, and lists it in the grant table. It must be in the same namespace, and
   * call Thanos (or another reader of objstore.yml) with `--objstore.config-file` = `configFile`.
   *
   * The Grant is added to the finished object, so what the workload is told before or afterwards stays. Where it does not
   * fit (another namespace, a volume of the same name, no such container), synth fails.
   *
   * @param workload a Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod: a construct of cdk8s-plus, of any version, or
   * its ApiObject
   * @throws where the construct is not a workload, or is a component of this library
   */
  public grantTo(workload: IConstruct, options: GrantOptions = {}): void {
    const foreign = checked(this, 'grantTo', () => new ForeignWorkload(this.#grant, this.namespace, workload, options));
    this.#registry.grants.push({
      workload: foreign.object,
      get containers() {
        return foreign.containers;
      },
      owner: this,
      facts: this.#grant.facts,
      own: false,
      fsGroupByPlatform: false,
      problems: () => foreign.problems().map((text) => phrase(this.node.path, 'grantTo', text)),
    });
  }

  /**
   * Says that an object may use what the Grant carries, though it is not a workload that opens the bucket: a Prometheus custom
   * resource, a trust-manager Bundle, a PushSecret, or a store that reads the keys' Secret itself. The checks at synth let it
   * be, and the grant table lists it with the reason.
   *
   * @param object the object, of any kind
   * @param reason why, for whoever reviews the table
   * @throws where the object is a component of this library, or the reason is empty
   */
  public share(object: ApiObject, reason: string): void {
    checked(this, 'share', () => requireSharable(object, reason));
    this.#registry.shares.push({ object, reason, owner: this, caSource: this.#grant.facts.caSource });
  }

  /**
   * Grants a pod of this library, which mounts the Grant itself.
   * @internal
   */
  public _grantOwn(workload: ApiObject, containers: string[], fsGroupByPlatform: boolean, grant = this.#grant): void {
    const record = {
      workload,
      containers,
      owner: this,
      facts: grant.facts,
      own: true,
      fsGroupByPlatform,
    };
    this.#registry.grants.push(record);
  }

  /**
   * What a granted pod takes.
   * @internal
   */
  public get _grant(): Grant {
    return this.#grant;
  }

  /**
   * The CA's text; undefined where it is not known at synth.
   * @internal
   */
  public get _caPem(): string | undefined {
    return this.#caPem;
  }

  /**
   * What a preflight takes: the Grant with its own copy of the config, which is placed on first use.
   * @internal
   */
  public _preflight(): Grant {
    if (!this.#preflightGrant) {
      const { name, labels } = sharedObject(this.instance, 'preflightConfig');
      const metadata = { name, namespace: this.namespace, labels };
      const text = preflightYaml(this.#props);
      place(this, 'Preflight', KubeConfigMap.manifest({ metadata, data: { [CONFIG_FILE]: text } }));
      this.#guardConfig(name, text);
      this.#preflightGrant = preflightGrant(this.#grant, name);
    }
    return this.#preflightGrant;
  }

  #check(props: ObjstoreConfigProps): void {
    checked(this, 'props', () => knownFields(props, [...OBJSTORE_FIELDS, 'instance', 'namespace']));
    for (const { prop, check } of S3_RULES) checked(this, prop, () => check(props));
  }

  #placeConfigMap(): ApiObject {
    const { name, labels } = sharedObject(this.instance, 'objstoreConfig');
    const metadata = { name, namespace: this.namespace, labels };
    return place(this, 'Resource', KubeConfigMap.manifest({ metadata, data: { [CONFIG_FILE]: this.yaml } }));
  }

  #guard(props: ObjstoreConfigProps, source: BoundSource, ca?: S3CaSource): void {
    const add = (kind: 'Secret' | 'ConfigMap', name: string | undefined, holds: Holding, shared?: boolean): void => {
      if (name !== undefined)
        this.#registry.guarded.push({ kind, name, holds, namespace: this.namespace, owner: this, shared });
    };
    const sse = props.encryption?._source();
    this.#guardConfig(this.configMapName, this.yaml);
    // the CA of a Secret of ours is guarded there
    if (ca && !this.caSecret)
      add(ca.secretName ? 'Secret' : 'ConfigMap', ca.secretName ?? ca.configMapName, 'ca', !ca.exclusive);
    if ('secretName' in source) add('Secret', source.secretName, 'keys');
    add('Secret', props.clientCertificate?.secretName, 'client-certificate');
    if (sse?.type === 'SSE-C') add('Secret', sse.secretName, 'sse-key');
  }

  #guardConfig(name: string, text: string): void {
    this.#registry.guarded.push({
      kind: 'ConfigMap',
      name,
      namespace: this.namespace,
      holds: 'config',
      owner: this,
      config: { key: CONFIG_FILE, text, caFile: this.caFile },
    });
  }

  #warn(props: ObjstoreConfigProps): void {
    const warn = (prop: string, text: string): void => this.#registry.warn(`${this.node.path}: ${prop}: ${text}`);
    if (props.unsafeSkipVerify)
      warn(
        'unsafeSkipVerify',
        "the S3 server's certificate is not verified; anyone in the path can read and change the data",
      );
    const advice = (props.ca as S3Ca | undefined)?._advice;
    if (advice) warn('ca', advice);
    if (props.insecure) warn('insecure', 'plain HTTP: keys and data cross the network readable');
    if (props.credentials._source().kind === 'plain')
      warn('credentials', 'the keys stand readable in the manifests; use S3Credentials.fromSecretName');
  }
}

function bucketId(props: ObjstoreConfigProps, namespace: string, keys: BoundSource): string {
  const prefix = (props.prefix ?? '').replace(/^\/+|\/+$/g, '');
  const claim = keys.kind === 'secret' ? keys.claim : undefined;
  const bucket = claim
    ? `claim.${claim}.${namespace}`
    : `${canonicalEndpoint(props.endpoint, props.insecure ?? false, namespace)}/${props.bucket}`;
  return `${bucket}${prefix === '' ? '' : `/${prefix}`}`;
}

function checksumOf(yaml: string, ca: S3CaSource | undefined, keysRevision?: string, keys?: string): string {
  return checksum({ yaml, ca: ca?.pem, caRevision: ca?.revision, keysRevision, keys });
}
