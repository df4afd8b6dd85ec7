import type { Construct } from 'constructs';
import { OWN_OBJSTORE, type OwnObjstore, ownObjstoreName } from '../../input/stores/own-objstore';
import { checked } from '../../support/problem';
import { readStruct } from '../../support/table';
import { bindCa, caPart, storeCa } from '../bind-ca';
import type { ObjectStore } from '../object-store';
import { CONFIG_FILE } from '../paths';
import { fromSecrets, warningsOf } from './other-store';

/** The driver of an objstore.yml that lies in an object of the user's: what it says is not known at synth. */
export function ownStore(
  scope: Construct,
  { kind, name, options: given }: OwnObjstore,
  instance: string,
  namespace: string,
): ObjectStore {
  const prop = 'objectStorage';
  checked(scope, prop, () => ownObjstoreName(name));
  const options = checked(scope, prop, () => readStruct(OWN_OBJSTORE, given));
  const { key = CONFIG_FILE, ca, env = {}, serviceAccountName, revision } = options;
  const bound = ca && bindCa(scope, ca, instance, namespace);
  const secrets = [...new Set(Object.values(env).map(({ secretName }) => secretName))].filter(
    (secret) => kind !== 'Secret' || secret !== name,
  );
  const rest =
    kind === 'ConfigMap' && secrets.length > 0
      ? `env from ${secrets.map((s) => `Secret/${s}`).join(', ')}`
      : `in ${kind}/${name}`;
  const text = `objstore.yml lies in ${kind} ${name}, which synth can't read: endpoint, bucket, keys and CA path are first judged by the preflight, and another stack on the same bucket is not noticed`;
  return {
    document: { own: { kind, name, key } },
    folder: '',
    bucketId: `own:${kind}/${namespace}/${name}/${key}`,
    parts: bound ? [caPart(bound.source)] : [],
    env: fromSecrets(Object.entries(env)),
    serviceAccountName,
    keys: rest,
    keysSecrets: secrets.map((secret) => ({ name: secret })),
    ca: bound && storeCa(bound),
    content: {
      ca: bound?.source.pem,
      caRevision: bound?.source.revision,
      keysRevision: revision,
      own: `${kind}/${name}/${key}`,
    },
    warnings: [...warningsOf(ca), { prop, text }],
  };
}
