import { Duration, Testing } from 'cdk8s';
import { App } from 'cdk8s';
import { GrantTable, type ObjstoreOptions, StackCheck, type StackCheckProps, ThanosStack } from '../../src';
import { registerCheck } from '../../src/cli/check/check';
import { Command } from 'commander';
import { bucket } from '../fixtures/objstore';
import { OBJSTORE } from '../stack/stacks';
import { find, type Json } from '../render';

const IMAGE = { repository: 'registry.example.com/thanos-check', tag: '1.2.3' };

function made(props: Partial<StackCheckProps> = {}, s3: Partial<ObjstoreOptions> = {}): Json[] {
  const { chart, objstore } = bucket(s3);
  new StackCheck(chart, 'Check', { objstore, image: IMAGE, ...props });
  return Testing.synth(chart);
}

const jobOf = (objects: Json[]): Json => find(objects, 'CronJob').spec.jobTemplate.spec;
const podOf = (objects: Json[]): Json => jobOf(objects).template.spec;
const rules = (objects: Json[]): string[] =>
  find(objects, 'Role').rules.flatMap(({ resources }: Json) => resources as string[]);

test('a CronJob looks, one at a time, and its Job fails at once where a check fails', () => {
  const objects = made();
  const { metadata, spec } = find(objects, 'CronJob');
  expect([metadata.name, metadata.namespace]).toEqual(['thanos-check', 'monitoring']);
  expect(spec).toMatchObject({
    schedule: '7,37 * * * *',
    concurrencyPolicy: 'Forbid',
    startingDeadlineSeconds: 86_400,
  });
  expect(jobOf(objects)).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 420 });
  expect(podOf(objects).restartPolicy).toBe('Never');
});

test('it runs as the account of its Role, whose token it has, and which may run nothing in a pod', () => {
  const objects = made();
  const { serviceAccountName, automountServiceAccountToken } = podOf(objects);
  expect([serviceAccountName, automountServiceAccountToken]).toEqual(['thanos-check', true]);
  expect(find(objects, 'RoleBinding').subjects).toEqual([
    { kind: 'ServiceAccount', name: serviceAccountName, namespace: 'monitoring' },
  ]);
  expect(rules(objects)).not.toContain('pods/exec');
  expect(rules(made({ exec: true }))).toContain('pods/exec');
});

test('its pod is restricted, writes to a folder of its own alone, and holds neither CA nor keys', () => {
  const { securityContext, containers, volumes } = podOf(made());
  expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65534 });
  expect(containers).toHaveLength(1);
  expect(containers[0]).toMatchObject({
    image: 'registry.example.com/thanos-check:1.2.3',
    command: ['cdk8s-thanos'],
    env: [{ name: 'HOME', value: '/tmp' }],
    securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  });
  expect(volumes).toEqual([{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }]);
});

test('the command knows each option that it is given', () => {
  const [container] = podOf(made({ maxUploadAge: Duration.minutes(90), timeLimit: Duration.minutes(2) })).containers;
  expect(container.args).toEqual([
    ...[
      'check',
      '--namespace=monitoring',
      '--instance=thanos',
      '--verbose',
      '--time-limit=120',
      '--max-upload-age=1.5',
    ],
  ]);
  const program = new Command();
  registerCheck(program);
  const known = program.commands[0].options.map(({ long }) => long);
  for (const arg of container.args.slice(1)) expect(known).toContain(arg.split('=')[0]);
});

test('in a stack it may read the rings of the receivers and routers, and stands in the grant table with why', () => {
  const app = new App();
  const stack = new ThanosStack(app, 'stack', {
    ...{
      objstore: OBJSTORE,
      receiver: { replicas: 3 },
      receiveRouter: {},
      query: {},
      namespace: 'metrics',
      name: 'eu',
    },
    stackCheck: { image: IMAGE, schedule: '0 * * * *', timeZone: 'Europe/Berlin' },
  });
  const objects = Testing.synth(stack);
  const configs = find(objects, 'Role').rules.find(({ resources }: Json) => resources.includes('configmaps'));
  const rings = ['eu-receiver-hashrings', 'eu-receive-router-hashrings'];
  expect(configs.resourceNames).toEqual(['eu-objstore-config', ...rings]);
  for (const ring of rings) expect(find(objects, 'ConfigMap', ring).data['hashrings.json']).toContain('eu-receiver');
  expect(find(objects, 'CronJob').spec).toMatchObject({ schedule: '0 * * * *', timeZone: 'Europe/Berlin' });
  expect(stack.stackCheck!.jobName).toBe('eu-check');
  expect(GrantTable.of(app).toString()).toMatch(/CronJob metrics\/eu-check .*compares the CA and the config/);
});

test.each<[Partial<StackCheckProps>, string]>([
  [
    { image: undefined },
    'image: is missing. There is no published one: give one that holds Node, kubectl and cdk8s-thanos',
  ],
  [{ image: { tag: '1' } }, 'image: repository: is missing. There is no published one'],
  [{ image: { repository: 'a' } }, 'image: tag: is missing. Give it, or digest'],
  [{ schedule: 'hourly' }, 'schedule: '],
  [{ hashrings: ['A'] }, 'hashrings: [0]: "A" is not an object name'],
])('%j is refused', (props, message) => {
  expect(() => made(props)).toThrow(`cdk8s-thanos: test/Check: ${message}`);
});

test('a stack without a bucket has nothing to check', () => {
  const app = new App();
  expect(() => new ThanosStack(app, 'stack', { query: { endpoints: ['a:1'] }, stackCheck: { image: IMAGE } })).toThrow(
    'objstore: is missing, but stackCheck can do nothing without the bucket',
  );
});
