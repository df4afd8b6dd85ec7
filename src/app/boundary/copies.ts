import type { Reference } from '../../manifest/pod-specs';
import { groupBy } from '../../support/group-by';
import { type Finished, mayBeSame } from '../finished';
import { isOurs } from '../place';
import type { GuardedObject, Standing } from '../registry';
import { tracesOfObject, tracesOfText } from './content';
import { groupKind } from './pod-kinds';

/** A guarded object whose content lies somewhere else too. */
export interface Copied {
  readonly guard: GuardedObject;
  /** How the other place comes by it. */
  readonly how: string;
}

/** A name rather than a secret, and often one that others have too. */
const ACCESS_KEY = 'AWS_ACCESS_KEY_ID';

/** Content by which a guarded object is known: all of these traces together. */
interface Source extends Copied {
  readonly traces: readonly string[];
}

/**
 * What holds the content of a guarded object without being one: the CA, the config or literal keys in another ConfigMap or
 * Secret, or the target of a second ExternalSecret that reads the same remote key. Only what a pod refers to is looked at.
 */
export class Copies {
  readonly #byName: ReadonlyMap<string, readonly Finished[]>;
  readonly #external: readonly Finished[];
  #targets?: ReadonlyMap<string, readonly Finished[]>;
  /** By the first of their traces: a fleet has many. */
  #sources?: ReadonlyMap<string, readonly Source[]>;

  constructor(
    private readonly app: Standing,
    private readonly objects: readonly Finished[],
  ) {
    const named = objects.filter(({ json }) => ['/Secret', '/ConfigMap'].includes(groupKind(json)));
    this.#byName = groupBy(named, ({ kind, name }) => `${kind}/${name}`);
    this.#external = objects.filter(({ json }) => groupKind(json) === 'external-secrets.io/ExternalSecret');
  }

  /** What the object that a reference names holds of the bucket, if anything. */
  public of({ kind, name }: Reference, namespace: string | undefined, cluster: string | undefined): Copied | undefined {
    this.#targets ??= groupBy(this.#external, targetOf);
    const candidates = [
      ...(this.#byName.get(`${kind}/${name}`) ?? []),
      ...(kind === 'Secret' ? (this.#targets.get(name) ?? []) : []),
    ];
    for (const { object, json, namespace: own } of candidates) {
      if (isOurs(object) || !mayBeSame(own, namespace) || !mayBeSame(this.app.clusterOf(object), cluster)) continue;
      const copied = this.#among(tracesOfObject(json));
      if (copied) return copied;
    }
    return undefined;
  }

  /** What a text of a pod holds of the bucket, if anything. */
  public inText(text: string): Copied | undefined {
    return this.#among(tracesOfText(text));
  }

  #among(traces: readonly string[]): Copied | undefined {
    this.#sources ??= groupBy(
      this.#known().filter((source) => source.traces.length > 0),
      (source) => source.traces[0],
    );
    for (const first of traces) {
      const source = this.#sources.get(first)?.find((known) => known.traces.every((trace) => traces.includes(trace)));
      if (source) return source;
    }
    return undefined;
  }

  /** What identifies the content of each guarded object, as far as the app tells. */
  #known(): Source[] {
    const byConstruct = groupBy(this.objects, ({ object }) => object);
    return this.app.guarded.flatMap((guard) => [
      ...Object.entries(guard.made?.texts ?? {})
        .filter(([key]) => key !== ACCESS_KEY)
        .map(([, text]) => ({ guard, how: 'whose content it holds too', traces: tracesOfText(text) })),
      ...(guard.made && byConstruct.get(guard.made.object)?.some(({ kind }) => kind === 'ExternalSecret')
        ? this.#remote(guard, byConstruct.get(guard.made.object)!)
        : []),
      ...(guard.made ? [] : this.#foreign(guard)),
    ]);
  }

  /** The CA of a Secret or ConfigMap that somebody else put into the app. */
  #foreign(guard: GuardedObject): Source[] {
    if (guard.holds !== 'ca') return [];
    return (this.#byName.get(`${guard.kind}/${guard.name}`) ?? [])
      .filter(({ namespace }) => namespace === guard.namespace)
      .map(({ json }) => ({ guard, how: 'whose content it holds too', traces: certificates(tracesOfObject(json)) }));
  }

  #remote(guard: GuardedObject, made: readonly Finished[]): Source[] {
    return (
      made
        .flatMap(({ json }) => tracesOfObject(json))
        // whoever reads the whole of a remote key has each property of it
        .flatMap((trace) => [...new Set([trace, trace.replace(/#.*$/, '#')])])
        .map((trace) => ({ guard, how: 'which comes from the same remote key', traces: [trace] }))
    );
  }
}

/** Of a Secret that holds more than the CA, the certificates alone. */
function certificates(traces: readonly string[]): string[] {
  return traces.filter((trace) => /^MII[A-Za-z0-9+/=]+$/.test(trace));
}

function targetOf({ json, name }: Finished): string {
  return json?.spec?.target?.name ?? name;
}
