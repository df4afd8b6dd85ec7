import type { ManifestObject, ObjectIndex } from './manifest-object';
import { type ObjstoreUse, objstoreUses } from './objstore-uses';
import { type Container, type Pod, podsOf } from './pod';
import { at, text } from './shape';

/** All objects that are applied together, and what the rules ask of them. */
export class World implements ObjectIndex {
  public readonly pods: Pod[];
  public readonly containers: Container[];
  /** Every objstore config that a container is given. */
  public readonly uses: ObjstoreUse[];
  readonly #byName = new Map<string, ManifestObject[]>();
  readonly #uses = new Map<Container, ObjstoreUse[]>();

  constructor(
    public readonly objects: readonly ManifestObject[],
    /** The time at which certificates must be valid. */
    public readonly now: Date,
  ) {
    for (const object of objects) {
      const key = `${object.kind}/${object.name}`;
      if (!this.#byName.get(key)?.push(object)) this.#byName.set(key, [object]);
    }
    this.pods = objects.flatMap(podsOf);
    this.containers = this.pods.flatMap((pod) => pod.containers);
    for (const container of this.containers) this.#uses.set(container, objstoreUses(this, container));
    this.uses = [...this.#uses.values()].flat();
  }

  public find(kind: string, namespace: string, name: string): ManifestObject | undefined {
    const named = this.#byName.get(`${kind}/${name}`) ?? [];
    return named.find((o) => o.namespace === namespace) ?? named.find((o) => o.namespace === '' || namespace === '');
  }

  /** Whether something in the manifests, or the cluster itself, makes a Secret or ConfigMap of this name. */
  public provides(kind: 'Secret' | 'ConfigMap', namespace: string, name: string): boolean {
    if (this.find(kind, namespace, name) || this.find('ObjectBucketClaim', namespace, name)) return true;
    if (kind === 'ConfigMap') return name === 'kube-root-ca.crt' || this.find('Bundle', '', name) !== undefined;
    return this.objects.some((o) => (o.namespace === namespace || o.namespace === '') && madeSecret(o) === name);
  }

  /** The configs that a container opens the bucket with. */
  public usesOf(container: Container): ObjstoreUse[] {
    return this.#uses.get(container) ?? [];
  }

  /** Each config text once, with the first container that uses it. */
  public get configs(): ObjstoreUse[] {
    const seen = new Map<string, ObjstoreUse>();
    for (const use of this.uses) {
      const key = use.ref?.object ? `${use.ref.kind}/${use.ref.object.namespace}/${use.ref.name}/${use.ref.key}` : '';
      const id = key || `${use.container.pod.object.file}/${use.container.pod.object.name}/${use.path}`;
      if (use.config && !seen.has(id)) seen.set(id, use);
    }
    return [...seen.values()];
  }
}

/** Name of the Secret that a controller makes from an object. */
function madeSecret({ kind, name, json }: ManifestObject): string | undefined {
  switch (kind) {
    case 'SealedSecret':
      return text(at(json, 'spec.template.metadata.name')) || name;
    case 'ExternalSecret':
      return text(at(json, 'spec.target.name')) || name;
    case 'Certificate':
      return text(at(json, 'spec.secretName'));
    case 'Bundle':
      return name;
    default:
      return undefined;
  }
}
