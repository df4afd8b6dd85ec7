import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Yaml } from 'cdk8s';
import { S3Credentials } from '../../src/index';
import type { Json } from '../render';
import { objects, OBJSTORE } from './stacks';

/** The full default stack, with the Secret of literal keys too. */
const STACK = objects({
  createNamespace: true,
  objstore: { ...OBJSTORE, credentials: S3Credentials.unsafePlainText({ accessKey: 'access', secretKey: 'secret' }) },
});

/** What of a StatefulSet may change (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#updating-statefulsets). */
const STATEFUL_SET_MAY_CHANGE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

/** What Kubernetes never lets a user change: a release that does would need a delete, and an outage. */
function frozen({ kind, spec, type }: Json): Json {
  switch (kind) {
    case 'StatefulSet':
      return Object.fromEntries(Object.entries(spec).filter(([field]) => !STATEFUL_SET_MAY_CHANGE.includes(field)));
    case 'Deployment':
      return { selector: spec.selector };
    case 'Service':
      return { clusterIP: spec.clusterIP };
    case 'Secret':
      return { type };
    default:
      return {};
  }
}

it('nothing that Kubernetes never lets a user change has changed', () => {
  const expected = JSON.parse(readFileSync(path.join(__dirname, 'frozen-fields.json'), 'utf8'));
  const found = Object.fromEntries(
    STACK.map((o) => [`${o.apiVersion} ${o.kind} ${o.metadata.namespace ?? '-'}/${o.metadata.name}`, frozen(o)]),
  );
  expect(JSON.parse(JSON.stringify(found))).toEqual(expected);
});

it('the whole stack is as it was last looked at', () => {
  expect(Yaml.stringify(...STACK)).toMatchSnapshot();
});
