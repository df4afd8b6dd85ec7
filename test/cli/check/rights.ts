import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

type Json = any;

/** The objects of docs/check-role.yaml. */
export const ROLE_OBJECTS: Json[] = parseAllDocuments(
  readFileSync(join(__dirname, '../../../docs/check-role.yaml'), 'utf8'),
).map((document) => document.toJS());

/** The rights that the Role gives: `verb resource`, and the name where it is for one alone. */
export function granted(): string[] {
  const { rules } = ROLE_OBJECTS.find(({ kind }) => kind === 'Role');
  return rules.flatMap(({ verbs, resources, resourceNames = [undefined] }: Json) =>
    verbs.flatMap((verb: string) =>
      resources.flatMap((resource: string) =>
        resourceNames.map((name?: string) => [verb, resource, name].filter(Boolean).join(' ')),
      ),
    ),
  );
}

/** The rights that a call of kubectl needs, as `kubectl --v=8` shows its requests. */
export function needed(call: string): string[] {
  const [verb, what, name] = call.split(' ').filter((word) => !/^--(kubeconfig|context|namespace)=/.test(word));
  if (verb === 'logs') return ['get pods', 'get pods/log'];
  // POST for SPDY, GET for WebSockets
  if (verb === 'exec') return ['get pods', 'create pods/exec', 'get pods/exec'];
  if (verb !== 'get') throw new Error(`what right is that? ${call}`);
  if (what === '--raw') {
    if (!/^\/api\/v1\/namespaces\/monitoring\/pods\/[^/]+\/proxy\//.test(name)) throw new Error(`what page? ${call}`);
    return ['get pods/proxy'];
  }
  const plain = what.replace(/\..*/, '');
  const resource = plain.endsWith('s') ? plain : `${plain}s`;
  return name.startsWith('--') ? [`list ${resource}`] : [`get ${resource} ${name}`];
}
