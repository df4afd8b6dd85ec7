import type { ApiObject } from 'cdk8s';
import { type Json, list, type Reference } from '../../manifest/pod-specs';
import { groupBy } from '../../support/group-by';
import { finished, mayBeSame } from '../finished';
import { isOurs } from '../place';
import type { AppRegistry, GuardedObject } from '../registry';
import { groupKind } from './pod-kinds';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g;

/** A guarded object whose content lies in another object too. */
export interface Copied {
  readonly guard: GuardedObject;
  /** How the other object comes by it. */
  readonly how: string;
}

/**
 * Objects that nobody guards, but that hold what a guarded one holds: the CA's certificates in another ConfigMap or
 * Secret, or the target of a second ExternalSecret that reads the same remote key. Only what a pod refers to is looked at,
 * so that an app of thousands of foreign objects is not rendered for it.
 */
export class Copies {
  readonly #byName: ReadonlyMap<string, readonly ApiObject[]>;
  readonly #external: readonly ApiObject[];
  #byTarget?: ReadonlyMap<string | undefined, readonly ApiObject[]>;
  #guarded?: readonly Source[];

  constructor(
    private readonly registry: AppRegistry,
    objects: readonly ApiObject[],
  ) {
    const named = objects.filter((object) => ['/Secret', '/ConfigMap'].includes(groupKind(object)));
    this.#byName = groupBy(named, (object) => `${object.kind}/${object.name}`);
    this.#external = objects.filter((object) => groupKind(object) === 'external-secrets.io/ExternalSecret');
  }

  /** What the object that a reference names holds of the bucket, if anything. */
  public of({ kind, name }: Reference, namespace: string | undefined, cluster: string | undefined): Copied | undefined {
    const candidates = [
      ...(this.#byName.get(`${kind}/${name}`) ?? []),
      ...(kind === 'Secret' ? (this.#targets.get(name) ?? []) : []),
    ];
    for (const object of candidates) {
      if (isOurs(object) || !mayBeSame(this.registry.clusterOf(object), cluster)) continue;
      const copied = this.#copied(object, namespace);
      if (copied) return copied;
    }
    return undefined;
  }

  #copied(object: ApiObject, namespace: string | undefined): Copied | undefined {
    for (const { json, namespace: own } of finished(object)) {
      if (!mayBeSame(own, namespace)) continue;
      const here = tracesOf(json);
      const source = this.#sources.find(({ traces }) => traces.length > 0 && traces.every((t) => here.includes(t)));
      if (source) return { guard: source.guard, how: source.how };
    }
    return undefined;
  }

  /** The ExternalSecrets by the Secret that they make. */
  get #targets(): ReadonlyMap<string | undefined, readonly ApiObject[]> {
    this.#byTarget ??= groupBy(this.#external, (object) => targetOf(object.toJson()));
    return this.#byTarget;
  }

  /** What identifies the content of each guarded object that lies in the app. */
  get #sources(): readonly Source[] {
    this.#guarded ??= this.registry.guarded.flatMap((guard) => [
      ...(guard.holds === 'ca' ? this.#tracesOf(guard, 'whose certificates it holds too') : []),
      ...this.#remoteTracesOf(guard),
    ]);
    return this.#guarded;
  }

  #tracesOf(guard: GuardedObject, how: string): Source[] {
    return (this.#byName.get(`${guard.kind}/${guard.name}`) ?? [])
      .filter((object) => object.metadata.namespace === guard.namespace)
      .map((object) => ({ guard, how, traces: tracesOf(object.toJson()) }));
  }

  #remoteTracesOf(guard: GuardedObject): Source[] {
    if (guard.kind !== 'Secret') return [];
    return (
      this.#external
        .filter(isOurs)
        .map((object) => object.toJson())
        .filter((json) => targetOf(json) === guard.name && json.metadata?.namespace === guard.namespace)
        .flatMap((json) => tracesOf(json))
        // whoever reads the whole of a remote key has each property of it
        .flatMap((trace) => [...new Set([trace, trace.replace(/#.*$/, '#')])])
        .map((trace) => ({ guard, how: 'which comes from the same remote key', traces: [trace] }))
    );
  }
}

interface Source {
  readonly guard: GuardedObject;
  readonly how: string;
  readonly traces: readonly string[];
}

/** Certificates by their base64, remote keys by store and name. */
function tracesOf(json: Json): string[] {
  if (json?.kind === 'ExternalSecret') return remoteKeys(json.spec);
  const plain = [...Object.values<unknown>(json?.data ?? {}), ...Object.values<unknown>(json?.stringData ?? {})];
  const texts = json?.kind === 'Secret' ? [...plain, ...plain.map(decoded)] : plain;
  return texts.flatMap((text) => [...String(text).matchAll(CERTIFICATE)].map(([, body]) => body.replace(/\s/g, '')));
}

function decoded(text: unknown): string {
  return Buffer.from(String(text), 'base64').toString('latin1');
}

function remoteKeys(spec: Json): string[] {
  const store = `${spec?.secretStoreRef?.kind ?? 'SecretStore'}/${spec?.secretStoreRef?.name}`;
  const refs = [
    ...list(spec?.data).map(({ remoteRef }) => remoteRef),
    ...list(spec?.dataFrom).map(({ extract }) => extract),
  ];
  return refs.filter((ref) => ref?.key !== undefined).map(({ key, property }) => `${store}/${key}#${property ?? ''}`);
}

function targetOf(json: Json): string | undefined {
  return json?.spec?.target?.name ?? json?.metadata?.name;
}
