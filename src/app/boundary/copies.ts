import type { IConstruct } from 'constructs';
import type { Reference } from '../../manifest/pod-specs';
import { groupBy } from '../../support/group-by';
import { type Finished, mayBeSame } from '../finished';
import { isOurs } from '../place';
import type { GuardedObject, Standing } from '../registry';
import { tracesOfObject, tracesOfText } from './content';
import { groupKind } from '../../manifest/group-kind';

/** A guarded object whose content lies somewhere else too. */
export interface Copied {
  readonly guard: GuardedObject;
  /** How the other place comes by it. */
  readonly how: string;
}

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

  /** What of the buckets the object holds that a reference of another one names. */
  public of({ kind, name }: Reference, { object: holder, namespace }: Finished): Copied[] {
    const cluster = this.app.clusterOf(holder);
    this.#targets ??= groupBy(this.#external, targetOf);
    const candidates = [
      ...(this.#byName.get(`${kind}/${name}`) ?? []),
      ...(kind === 'Secret' ? (this.#targets.get(name) ?? []) : []),
    ];
    for (const { object, json, namespace: own } of candidates) {
      if (isOurs(object) || !mayBeSame(own, namespace) || !mayBeSame(this.app.clusterOf(object), cluster)) continue;
      const copied = this.#among(tracesOfObject(json), holder);
      if (copied.length > 0) return copied;
    }
    return [];
  }

  /** What of the buckets a text of a pod holds. */
  public inText(text: string, { object }: Finished): Copied[] {
    return this.#among(tracesOfText(text), object);
  }

  /** Several buckets may have one CA. What others may share they may have a copy of, the library's components may not. */
  #among(traces: readonly string[], holder: IConstruct): Copied[] {
    this.#sources ??= groupBy(
      this.#known().filter((source) => source.traces.length > 0),
      (source) => source.traces[0],
    );
    return traces.flatMap((first) =>
      (this.#sources!.get(first) ?? []).filter(
        ({ guard, traces: all }) => (isOurs(holder) || !guard.shared) && all.every((trace) => traces.includes(trace)),
      ),
    );
  }

  /** What identifies the content of each guarded object, as far as the app tells. */
  #known(): Source[] {
    const byConstruct = groupBy(this.objects, ({ object }) => object);
    return this.app.guarded.flatMap((guard) => [
      ...Object.entries(guard.made?.texts ?? {})
        .filter(([key]) => !guard.made?.harmless?.includes(key))
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
