import type { ApiObject } from 'cdk8s';
import { finished } from '../finished';
import { isOurs } from '../place';
import type { AppRegistry, GuardedObject } from '../registry';
import { NOTHING, problemAt, together, type Verdict, warningAt } from './verdict';

/** An objstore.yml that a patch changed: it must still name the CA's path, and the pods' checksum knows nothing of it. */
export function patchedConfig(registry: AppRegistry, objects: readonly ApiObject[]): Verdict {
  const configs = new Map(registry.guarded.filter(({ config }) => config).map((guard) => [keyOf(guard), guard]));
  return together(
    objects
      .filter((object) => object.kind === 'ConfigMap' && isOurs(object))
      .map((object) => {
        const guard = configs.get(keyOf({ namespace: String(object.metadata.namespace), name: object.name }));
        return guard?.config ? judge(object, guard.config) : NOTHING;
      }),
  );
}

function keyOf({ namespace, name }: Pick<GuardedObject, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

function judge(object: ApiObject, { key, text, caFile }: NonNullable<GuardedObject['config']>): Verdict {
  const [one] = finished(object);
  const present = one.json.data?.[key];
  if (present === text) return NOTHING;
  const at = `data["${key}"]`;
  const [, named] = /^\s*ca_file:\s*"?([^"\n]*)"?\s*$/m.exec(String(present)) ?? [];
  if (caFile !== undefined && named !== caFile) {
    const what = `names ${named === undefined ? 'no ca_file' : named}, but the CA lies at ${caFile}. Undo the patch`;
    return { problems: [problemAt(one, at, what)], warnings: [] };
  }
  const what = 'was patched; the checksum of the pods knows nothing of it, so a change rolls none of them';
  return { problems: [], warnings: [warningAt(one, at, what)] };
}
