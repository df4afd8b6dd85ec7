import type { IConstruct } from 'constructs';
import type { Json } from '../../support/json';
import { holdsPrivateKey } from '../../pki/certificate';
import { groupBy } from '../../support/group-by';
import { phrase } from '../../support/problem';
import type { Finished } from '../finished';
import type { GuardedObject, MadeObject, Standing } from '../registry';
import { HELD } from './holdings';
import { letsIn } from './let-in';
import { NOTHING, problemAt, together, type Verdict, warningAt } from './verdict';

/**
 * The objects that granted pods read must still be what this library made: in the tree, of the same name, with the same
 * content. What a patch moved away from under its pods ends in pods that don't start, or start without the CA.
 */
export function wholeObjects(app: Standing, objects: readonly Finished[]): Verdict {
  const byConstruct = groupBy(objects, ({ object }) => object);
  const place = (construct: IConstruct, { kind, name, namespace }: Place): string =>
    [app.clusterOf(construct), kind, name, namespace].join('\0');
  const byPlace = groupBy(objects, (one) => place(one.object, one));
  const verdicts = app.guarded.map((guard) => {
    if (guard.own !== undefined) return ownConfig(byPlace.get(place(guard.owner, guard))?.[0], guard, guard.own);
    if (guard.made === undefined) return NOTHING;
    const [one] = byConstruct.get(guard.made.object) ?? [];
    if (one === undefined) return removed(app, guard);
    const elsewhere = moved(one, guard);
    return elsewhere.problems.length > 0 ? elsewhere : content(one, guard, guard.made);
  });
  const gone = app.removed.filter((guard) => guard.made && !byPlace.has(place(guard.owner, guard)));
  return together([...verdicts, ...gone.map((guard) => removed(app, guard))]);
}

/** An objstore.yml of the user's, where the object is in the app: it must name the CA that is mounted, and no other. */
function ownConfig(
  one: Finished | undefined,
  { kind, name, owner }: GuardedObject,
  own: NonNullable<GuardedObject['own']>,
): Verdict {
  if (one === undefined) return NOTHING;
  const wrong = (text: string): Verdict => ({
    problems: [phrase(owner.node.path, 'objectStorage', `${kind} ${name}${text}`)],
    warnings: [],
  });
  const text = textsOf(one.json).get(own.key);
  if (text === undefined) return wrong(` has no key ${own.key}. Give the key of objstore.yml`);
  const named = own.caIn(text);
  if (named === own.caPath) return NOTHING;
  if (own.caPath === undefined)
    return wrong(` names the ca_file ${named}, but no ca is given, so nothing is mounted there. Give ca`);
  return wrong(
    ` names ${named === undefined ? 'no ca_file' : named}, but the CA lies at ${own.caPath}. Write that path`,
  );
}

type Place = Pick<Finished, 'kind' | 'name' | 'namespace'>;

function removed(app: Standing, guard: GuardedObject): Verdict {
  const reader = app.grants.find((grant) => letsIn(app, grant, guard));
  if (reader === undefined) return NOTHING;
  const text = `mounts ${HELD[guard.holds]} from ${guard.kind} ${guard.name}, which was removed with ${guard.made!.object.node.path}. Keep it, or remove the workload too`;
  return { problems: [phrase(reader.workload.node.path, 'objstore', text)], warnings: [] };
}

/** The name, the namespace and the kind by which the pods know the object. */
function moved(one: Finished, { made, kind, name, namespace, holds }: GuardedObject): Verdict {
  const target = one.json.spec?.target?.name;
  const now = {
    kind: one.kind,
    'metadata.name': one.name,
    'metadata.namespace': one.namespace,
    ...(made!.object.kind === 'ExternalSecret' && { 'spec.target.name': target ?? one.name }),
  };
  const then: Record<string, unknown> = {
    kind: made!.object.kind,
    'metadata.name': made!.object.name,
    'metadata.namespace': namespace,
    'spec.target.name': name,
  };
  const problems = Object.entries(now)
    .filter(([field, value]) => value !== then[field])
    .map(([field, value]) => {
      const text = `is ${String(value)} by a patch, but the granted pods read ${HELD[holds]} from ${kind} ${name} in ${namespace}. Undo the patch; the props instance and namespace move both`;
      return problemAt(one, field, text);
    });
  return { problems, warnings: [] };
}

function content(one: Finished, guard: GuardedObject, made: MadeObject): Verdict {
  const texts = textsOf(one.json);
  const verdicts = Object.entries(made.texts).map(([key, text]): Verdict => {
    const now = texts.get(key);
    if (now === text) return NOTHING;
    return changed(one, guard, made, key, now);
  });
  const stray = guard.holds === 'ca' ? [...texts].find(([, text]) => holdsPrivateKey(text)) : undefined;
  if (stray === undefined) return together(verdicts);
  const text = 'is a private key by a patch; whoever may read the CA could sign for every server. Undo the patch';
  return together([...verdicts, { problems: [problemAt(one, `data["${stray[0]}"]`, text)], warnings: [] }]);
}

function changed(
  one: Finished,
  { holds, kind, name }: GuardedObject,
  { ca }: MadeObject,
  key: string,
  now: string | undefined,
): Verdict {
  const at = `data["${key}"]`;
  const wrong = (text: string): Verdict => ({ problems: [problemAt(one, at, text)], warnings: [] });
  if (now === undefined)
    return wrong(`lost ${HELD[holds]} by a patch; the granted pods would not start. Undo the patch`);
  if (holds === 'ca')
    return wrong(`is no longer the CA that was checked. Undo the patch, and give the CA to the prop ca`);
  if (holds === 'config') {
    const named = ca?.in(now);
    if (ca !== undefined && named !== ca.path)
      return wrong(
        `names ${named === undefined ? 'no ca_file' : named}, but the CA lies at ${ca.path}. Undo the patch`,
      );
  }
  const what = `was patched; the checksum of the pods knows nothing of ${kind} ${name}, so a change rolls none of them`;
  return { problems: [], warnings: [warningAt(one, at, what)] };
}

/** The texts of a Secret or ConfigMap, by key. A Secret's `stringData` wins over its `data`, as the API server merges them. */
function textsOf({ kind, data, stringData, binaryData }: Json): Map<string, string> {
  const encoded = kind === 'Secret' ? data : binaryData;
  const plain = kind === 'Secret' ? stringData : data;
  const decoded = Object.entries<Json>(encoded ?? {}).map(([key, text]) => [key, decode(text)] as const);
  return new Map([...decoded, ...Object.entries<Json>(plain ?? {}).map(([key, text]) => [key, String(text)] as const)]);
}

function decode(text: unknown): string {
  return Buffer.from(String(text), 'base64').toString('utf8');
}
