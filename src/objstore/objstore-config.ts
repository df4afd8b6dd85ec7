import type { ApiObject } from 'cdk8s';
import { KubeConfigMap } from '../support/k8s';
import { Construct, type IConstruct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { instanceOf } from '../app/instance';
import { place } from '../app/place';
import type { AppRegistry, ShareRecord } from '../app/registry';
import { requireSameCluster } from '../app/same-app';
import { stands } from '../app/stands';
import { S3_FIELDS } from '../input/s3-fields';
import type { ObjstoreOptions } from '../input/s3-options';
import type { ObjectStorage } from '../input/stores/object-storage';
import { checksum } from '../support/checksum';
import { instanceName, sharedObject } from '../support/identity';
import { dnsLabel } from '../support/names';
import { checked, phrase, problem } from '../support/problem';
import { readProps, type StructTable } from '../support/table';
import { ForeignWorkload } from './foreign-workload';
import { configMapPart, Grant, type GrantPart, secretPart } from './grant';
import type { GrantOptions } from './grant-options';
import { bucketGuards, configGuard, type Guarding } from './guards';
import { namespaceOf } from './namespace';
import type { ObjectStore } from './object-store';
import { objstoreYaml, preflightYaml } from './objstore-yaml';
import { CA_PATH, CONFIG_DIRECTORY, CONFIG_FILE, CONFIG_PATH, secondPath } from './paths';
import { preflightGrant } from './preflight-grant';
import { s3Store } from './s3/s3-store';
import { secondBucket, secondPart } from './second-bucket';
import { storeOf } from './stores/store-of';
import type { S3CaSecret } from './s3-ca-secret';
import { requireSharable } from './sharable';

/** Where a bucket belongs. */
export interface ObjstorePlacement {
  /**
   * Name of the stack: prefix of the objects' names.
   * @default - that of the ThanosStack around it, else thanos
   */
  readonly instance?: string;
  /**
   * Namespace of the objects, and of every pod that opens the bucket.
   * @default - the chart's, else monitoring
   */
  readonly namespace?: string;
}

/** Properties of an ObjstoreConfig in S3. */
export interface ObjstoreConfigProps extends ObjstoreOptions, ObjstorePlacement {}

const PLACEMENT: StructTable<ObjstorePlacement> = { instance: instanceName, namespace: dnsLabel };
const PROPS: StructTable<ObjstoreConfigProps> = { ...S3_FIELDS, ...PLACEMENT };

/** By the props that went to the constructor, whose own are S3's. */
const STORAGES = new WeakMap<object, ObjectStorage>();

/**
 * The bucket of Thanos: the ConfigMap with objstore.yml, the Secret of the CA when its text is given, and the Grant that
 * hands both and the keys to the pods that open the bucket, and to no other.
 *
 * @throws where an option is one that Thanos refuses at start, or accepts and fails with later
 */
export class ObjstoreConfig extends Construct {
  /**
   * The bucket in an object store of any kind, or in one whose objstore.yml exists.
   *
   * @throws as the constructor does
   */
  public static fromStorage(
    scope: Construct,
    id: string,
    storage: ObjectStorage,
    placement: ObjstorePlacement = {},
  ): ObjstoreConfig {
    const props = { ...placement } as ObjstoreConfigProps;
    STORAGES.set(props, storage);
    return new ObjstoreConfig(scope, id, props);
  }

  /** Prefix of the objects' names. */
  public readonly instance: string;
  /** Namespace of the objects and of the granted pods. */
  public readonly namespace: string;
  /** Name of the object with objstore.yml: the ConfigMap of this library, or the object of the user's. */
  public readonly configMapName: string;
  /** Key of objstore.yml in it. */
  public readonly configMapKey: string;
  /** Path of objstore.yml in a granted container, for `--objstore.config-file`. */
  public readonly configFile = CONFIG_PATH;
  /** Path of the CA in a granted container; undefined without a private CA. */
  public readonly caFile?: string;
  /** SHA-256, hex, of what the granted pods read at start: objstore.yml, the CA and what is known of the keys. */
  public readonly checksum: string;
  /** Endpoint, bucket and prefix in one spelling: two configs with the same one open the same blocks. */
  public readonly bucketId: string;
  /** The CA's Secret; undefined where the CA is only referenced, or there is none. */
  public readonly caSecret?: S3CaSecret;
  readonly #grant: Grant;
  readonly #store: ObjectStore;
  readonly #made?: { readonly configMap: ApiObject; readonly yaml: string };
  #preflightGrant?: Grant;
  #secondGrant?: Grant;
  readonly #registry: AppRegistry;

  constructor(scope: Construct, id: string, props: ObjstoreConfigProps) {
    super(scope, id);
    const storage = STORAGES.get(props);
    const { instance: ofStack, namespace, ...options } = readProps(this, storage ? PLACEMENT : PROPS, props);
    this.instance = instanceOf(this, ofStack);
    this.namespace = namespaceOf(this, namespace);
    this.#registry = appChecks(this);
    this.#store = storage
      ? storeOf(this, storage, this.instance, this.namespace)
      : s3Store(this, options as ObjstoreOptions, this.instance, this.namespace);
    const { ca, folder, bucketId, document } = this.#store;
    this.caSecret = ca?.secret;
    this.caFile = ca && CA_PATH;
    this.bucketId = folder === '' ? bucketId : `${bucketId}/${folder}`;
    const own = 'own' in document ? document.own : undefined;
    this.configMapName = own?.name ?? sharedObject(this.instance, 'objstoreConfig').name;
    this.configMapKey = own?.key ?? CONFIG_FILE;
    if (!('own' in document)) this.#made = this.#placeConfig('Resource', 'objstoreConfig', objstoreYaml(document));
    this.checksum = checksum({ yaml: this.#made?.yaml, ...this.#store.content });
    this.#grant = this.#grantOf(this.#store, own?.kind ?? 'ConfigMap');
    this.#registry.guarded.push(...bucketGuards(this.#store, this.#guarding));
    for (const { prop, text } of this.#store.warnings) this.#registry.warn(this, prop, text);
  }

  /**
   * Text of objstore.yml. It holds no keys.
   *
   * @throws where it lies in an object of the user's
   */
  public get yaml(): string {
    return this.#requireMade('yaml').yaml;
  }

  /**
   * The ConfigMap, for patches.
   *
   * @throws where objstore.yml lies in an object of the user's
   */
  public get configMap(): ApiObject {
    return this.#requireMade('configMap').configMap;
  }

  #requireMade(member: string) {
    if (this.#made) return this.#made;
    throw problem(this, member, `is not this library's: objstore.yml lies in ${this.configMapName}, which exists`);
  }

  /**
   * Lets a workload that is not this library's into the bucket: mounts the config and the CA into its containers, gives
   * them the keys, adds the checksum annotation, and lists it in the grant table. It must be in the same namespace, and
   * call Thanos (or another reader of objstore.yml) with `--objstore.config-file` = `configFile`.
   *
   * The Grant is added to the finished object, so what the workload is told before or afterwards stays. Where it does not
   * fit (another namespace, a volume of the same name, no such container), synth fails.
   *
   * @param workload a Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod: the ApiObject, or an L2 construct that wraps
   * one, of any version; or a `Prometheus` or `ThanosRuler` of the Prometheus operator, whose Thanos container gets the Grant
   * @throws where the construct is not a workload, or is a component of this library
   */
  public grantTo(workload: IConstruct, options: GrantOptions = {}): void {
    this._grantFor(undefined, workload, options);
  }

  /**
   * The same as long as a construct stands, for which the workload is let in.
   * @internal
   */
  public _grantFor(holder: IConstruct | undefined, workload: IConstruct, options: GrantOptions): void {
    const foreign = checked(this, 'grantTo', () => {
      if (Construct.isConstruct(workload)) requireSameCluster(this, workload);
      const isWanted = (): boolean => holder === undefined || stands(holder);
      return new ForeignWorkload(this.#grant, this.namespace, workload, options, isWanted);
    });
    this.#registry.grants.push({
      workload: foreign.object,
      holder,
      get containers() {
        return foreign.containers;
      },
      owner: this,
      facts: this.#grant.facts,
      own: false,
      fsGroupByPlatform: false,
      problems: () => {
        const [place, prop] = holder ? [holder, 'objstore'] : [this, 'grantTo'];
        return foreign.problems().map((text) => phrase(place.node.path, prop, text));
      },
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
    checked(this, 'share', () => {
      requireSharable(object, reason);
      requireSameCluster(this, object);
    });
    this.#share({ object, reason });
  }

  /**
   * Lets the account of a pod of this library read the CA and the config through the API; the pod may hold neither.
   * @internal
   */
  public _letRead(object: ApiObject, reason: string): void {
    this.#share({ object, reason, onlyReads: true });
  }

  #share(share: Pick<ShareRecord, 'object' | 'reason' | 'onlyReads'>): void {
    const { caSource } = this.#grant.facts;
    this.#registry.shares.push({ ...share, owner: this, namespace: this.namespace, caSource });
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
    return this.#store.ca?.pem;
  }

  /**
   * Whether a preflight has a folder to itself, in which it may write. That of a config of the user's lists the whole bucket.
   * @internal
   */
  public get _hasOwnFolder(): boolean {
    return this.#made !== undefined;
  }

  /**
   * What a preflight takes: the Grant with its own copy of the config, which is placed on first use.
   * @internal
   */
  public _preflight(): Grant {
    const { document, folder } = this.#store;
    this.#preflightGrant ??=
      'own' in document
        ? preflightGrant(this.#grant)
        : preflightGrant(
            this.#grant,
            this.#placeConfig('Preflight', 'preflightConfig', preflightYaml(document, folder)).configMap.name,
          );
    return this.#preflightGrant;
  }

  /**
   * What a pod takes that opens another bucket too: the Grant with its own copy of the config, for other paths and variables,
   * which is placed on first use.
   * @internal
   */
  public _asSecond(): Grant {
    if (this.#secondGrant) return this.#secondGrant;
    const store = this.#store;
    const { document, parts, env } = secondBucket(store);
    const caFile = this.caFile && secondPath(this.caFile);
    const { configMap, yaml } = this.#placeConfig('Second', 'secondConfig', objstoreYaml(document), caFile);
    const config = { name: configMap.name, key: CONFIG_FILE, file: CONFIG_FILE };
    this.#secondGrant = new Grant({
      namespace: this.namespace,
      parts: [secondPart(configMapPart('config', 'objstore-config', config, CONFIG_DIRECTORY)), ...parts],
      env,
      keys: store.keys,
      checksum: checksum({ yaml, ...store.content }),
      caSource: store.ca && `${store.ca.kind}/${store.ca.name}`,
      second: true,
    });
    return this.#secondGrant;
  }

  /**
   * Grants a pod of this library that opens another bucket too, and mounts this Grant itself.
   * @internal
   */
  public _grantSecond(workload: ApiObject, container: string, fsGroupByPlatform: boolean): void {
    this._grantOwn(workload, [container], fsGroupByPlatform, this._asSecond());
  }

  #grantOf(store: ObjectStore, kind: 'Secret' | 'ConfigMap'): Grant {
    const { ca, parts, env, serviceAccountName, workloadAnnotations, keys } = store;
    return new Grant({
      namespace: this.namespace,
      parts: [this.#configPart(kind), ...parts],
      env,
      keys,
      serviceAccountName,
      workloadAnnotations,
      checksum: this.checksum,
      caSource: ca && `${ca.kind}/${ca.name}`,
    });
  }

  #configPart(kind: 'Secret' | 'ConfigMap'): GrantPart {
    const name = this.configMapName;
    const key = this.configMapKey;
    if (kind === 'Secret')
      return secretPart('config', 'objstore-config', { name, keys: { [key]: CONFIG_FILE } }, CONFIG_DIRECTORY);
    return configMapPart('config', 'objstore-config', { name, key, file: CONFIG_FILE }, CONFIG_DIRECTORY);
  }

  get #guarding(): Guarding {
    return { owner: this, namespace: this.namespace, caFile: this.caFile };
  }

  /** Places a ConfigMap with an objstore.yml, and guards it. */
  #placeConfig(
    id: string,
    object: 'objstoreConfig' | 'preflightConfig' | 'secondConfig',
    yaml: string,
    caFile = this.caFile,
  ) {
    const { name, labels } = sharedObject(this.instance, object);
    const metadata = { name, namespace: this.namespace, labels };
    const configMap = place(this, id, KubeConfigMap.manifest({ metadata, data: { [CONFIG_FILE]: yaml } }));
    this.#registry.guarded.push(configGuard({ ...this.#guarding, caFile }, configMap, yaml));
    return { configMap, yaml };
  }
}
