import {
  ApiObject,
  ApiObjectMetadataDefinition,
  type ApiObjectProps,
  App,
  ImplicitTokenResolver,
  JsonPatch,
  LazyResolver,
  NumberStringUnionResolver,
} from 'cdk8s';
import type { Construct } from 'constructs';
import type { Json } from '../support/json';

/** What every App of cdk8s resolves, besides what the user gives it. */
const RESOLVERS: readonly unknown[] = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];

/** Who puts another in its place means every object, also who did before this loads: then it lacks the words of cdk8s. */
const AT_LOAD = ApiObject.prototype.toJson;
const OF_CDK8S = String(AT_LOAD).includes('Failed serializing construct') ? AT_LOAD : undefined;

const METADATA_OF_CDK8S = ApiObjectMetadataDefinition.prototype.toJson;

/**
 * An ApiObject of plain JSON. It renders to what cdk8s renders it to, in one pass of its values: cdk8s takes two, and two more
 * of the metadata, and asks each resolver of each value. Whatever only cdk8s can tell is left to it: a Lazy or an object of a
 * class in the manifest, resolvers of the user's, a patch that fails.
 */
export class PlainObject extends ApiObject {
  readonly #manifest: Json;

  constructor(scope: Construct, id: string, manifest: Json) {
    super(scope, id, manifest as ApiObjectProps);
    this.#manifest = manifest;
  }

  /** Renders the object to Kubernetes JSON. */
  public override toJson(): any {
    try {
      return this.#rendered() ?? super.toJson();
    } catch {
      // with its own words
      return super.toJson();
    }
  }

  #rendered(): Json {
    const { patches, props } = this as unknown as { readonly patches?: unknown; readonly props?: unknown };
    if (ApiObject.prototype.toJson !== OF_CDK8S || this.metadata.toJson !== METADATA_OF_CDK8S) return undefined;
    if (props !== this.#manifest) return undefined;
    if (!Array.isArray(patches) || !resolvesAsCdk8s(App.of(this))) return undefined;
    // eslint-disable-next-line no-restricted-properties -- cdk8s' own switch
    const sorted = !process.env.CDK8S_DISABLE_SORT;
    const data = { ...this.#manifest, metadata: this.#metadata() };
    const json: Json = {};
    for (const key of keysOf(data, sorted)) {
      const value = key === 'metadata' ? data.metadata : plain(data[key], sorted, false);
      if (value !== undefined) json[key] = value;
    }
    return headFirst(patches.length > 0 ? JsonPatch.apply(json, ...patches) : json);
  }

  /** cdk8s keeps most of it to itself; where it can't be seen, it is rendered by cdk8s. */
  #metadata(): Json {
    const { name, namespace, ...own } = this.metadata as unknown as Record<string, Json>;
    const { _additionalAttributes: more, annotations, finalizers, ownerReferences, labels } = own;
    if (![more, annotations, finalizers, ownerReferences, labels].every((part) => typeof part === 'object'))
      return this.metadata.toJson();
    return plain({ ...more, name, namespace, annotations, finalizers, ownerReferences, labels }, true, true);
  }
}

function resolvesAsCdk8s(app: App): boolean {
  const { resolvers } = app as unknown as { readonly resolvers?: readonly object[] };
  if (resolvers?.length !== RESOLVERS.length) return false;
  return resolvers.every((resolver, i) => resolver.constructor === RESOLVERS[i]);
}

/** A copy without null; lists keep their holes. `thin` drops what is empty too, as cdk8s does in metadata. */
function plain(value: Json, sorted: boolean, thin: boolean): Json {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') return scalar(value);
  if (Array.isArray(value)) {
    if (thin && value.length === 0) return undefined;
    return value.map((item) => plain(item, sorted, thin));
  }
  if (Object.getPrototypeOf(value) !== Object.prototype || typeof value.resolve === 'function') throw new NotPlain();
  const copy: Json = {};
  let empty = true;
  for (const key of keysOf(value, sorted)) {
    const inner = plain(value[key], sorted, thin);
    if (inner === undefined) continue;
    copy[key] = inner;
    empty = false;
  }
  return thin && empty ? undefined : copy;
}

function scalar(value: unknown): unknown {
  if (typeof value === 'function') throw new NotPlain();
  return value;
}

/** The keys of a map. cdk8s itself stumbles over these two. */
function keysOf(map: object, sorted: boolean): string[] {
  const keys = Object.keys(map);
  if (keys.includes('constructor') || keys.includes('__proto__')) throw new NotPlain();
  return sorted ? keys.sort() : keys;
}

/** The keys that tell what an object is come first. */
function headFirst(json: Json): Json {
  const ordered: Json = {};
  for (const key of ['apiVersion', 'kind', 'metadata', ...Object.keys(json)]) if (key in json) ordered[key] = json[key];
  return ordered;
}

class NotPlain extends Error {}
