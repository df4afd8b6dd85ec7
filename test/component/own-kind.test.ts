import { type Chart, Size } from 'cdk8s';
import { BucketComponent, Compactor, ComponentPort, ThanosComponent } from '../../src';
import { chart, render } from '../render';
import { bucket, make, type Made } from './made';

class Own extends ThanosComponent {}
class OwnWithBucket extends BucketComponent {}

const KIND = { component: 'router', command: ['receive'], args: ['--receive.hashrings-file=/etc/rings.json'] };

function own(kind: object, more: object = {}): Made<Own> {
  return make((scope) => new Own(scope, 'Own', { kind: { ...KIND, ...kind }, ...more }));
}

it('is a Deployment of one pod with the arguments of its kind, under its own name', () => {
  const { workload, args, service, construct } = own({});
  expect(workload).toMatchObject({ kind: 'Deployment', metadata: { name: 'thanos-router' }, spec: { replicas: 1 } });
  expect(args).toEqual(['receive', '--receive.hashrings-file=/etc/rings.json']);
  expect(service.spec.ports.map(({ name }: { name: string }) => name)).toEqual(['http']);
  expect(construct.httpAddress).toBe('thanos-router.monitoring.svc.cluster.local:10902');
});

it('serves the ports that it says', () => {
  const ports = [ComponentPort.HTTP, ComponentPort.REMOTE_WRITE];
  expect(own({ ports }).container.ports).toEqual([
    { containerPort: 10902, name: 'http' },
    { containerPort: 19291, name: 'remote-write' },
  ]);
});

it('with a flag of its data directory it is a StatefulSet, each pod with a volume', () => {
  const made = own({ dataFlag: '--tsdb.path', replicas: 2, storage: { size: Size.gibibytes(3) } });
  expect(made.workload).toMatchObject({ kind: 'StatefulSet', spec: { replicas: 2 } });
  expect(made.claim.spec.resources.requests.storage).toBe('3Gi');
  expect(made.flag('--tsdb.path')).toEqual(['/var/thanos/data']);
  expect(made.container.volumeMounts).toEqual([{ mountPath: '/var/thanos/data', name: 'data' }]);
});

it('takes the options of every component, and its extra arguments replace those of its kind', () => {
  const made = own({}, { extraArgs: ['--receive.hashrings-file=/other.json'], podLabels: { a: 'b' } });
  expect(made.args).toEqual(['receive', '--receive.hashrings-file=/other.json']);
  expect(made.template.metadata.labels).toMatchObject({ a: 'b', 'app.kubernetes.io/component': 'router' });
});

it('opens the bucket where its class is one of those that do, and it is given one', () => {
  const kind = { component: 'copier', command: ['tools', 'bucket', 'replicate'] };
  const made = (withBucket: boolean) =>
    make((scope: Chart) => new OwnWithBucket(scope, 'Own', { kind, ...(withBucket && { objstore: bucket(scope) }) }));
  expect(made(true).args).toContain('--objstore.config-file=/etc/thanos/objstore/objstore.yml');
  expect(made(true).template.metadata.annotations['checksum/objstore']).toMatch(/^[0-9a-f]{64}$/);
  expect(made(false).args).toEqual(['tools', 'bucket', 'replicate']);
});

it('takes a command that this library does not know, whatever its name, and passes its arguments on', () => {
  for (const command of ['constructor', 'new-command'])
    expect(own({ command: [command], args: ['--x=1', '--x=2'] }).args).toEqual([command, '--x=1', '--x=2']);
});

it('whatever runs compact is a compactor: the rules of one count for it', () => {
  const scope = chart();
  const objstore = bucket(scope);
  const compact = { component: 'mine', command: ['compact'], args: ['--wait'], dataFlag: '--data-dir' };
  new OwnWithBucket(scope, 'A', { kind: compact, objstore });
  new Compactor(scope, 'B', { objstore });
  expect(() => render(scope)).toThrow('a second compactor on the bucket of test/A');
  const retention = '--retention.resolution-raw=1d';
  const short = () => new OwnWithBucket(scope, 'C', { kind: compact, objstore, extraArgs: [retention] });
  expect(short).toThrow('cdk8s-thanos: test/C: ');
  const two = chart();
  new OwnWithBucket(two, 'A', { kind: { ...compact, replicas: 2 }, objstore: bucket(two) });
  expect(() => render(two)).toThrow('spec.replicas: is 2; two compactors corrupt the bucket');
});

describe('errors', () => {
  const given = (props: unknown) => () => new Own(chart(), 'Own', props as never);
  it.each<[string, unknown, string]>([
    ['no props', undefined, 'kind: is missing. Say what the component is: { component, command }'],
    ['no kind', {}, 'kind: is missing. Say what the component is: { component, command }'],
    ['no command', { kind: { component: 'x' } }, 'kind: command: is missing'],
    [
      'a long name',
      { kind: { ...KIND, component: 'a'.repeat(33) } },
      'kind: component: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" has',
    ],
    [
      'a name that is taken',
      { kind: { ...KIND, component: 'preflight' } },
      'kind: component: "preflight" is the container',
    ],
    ['a name', { kind: { ...KIND, component: 'My_Router' } }, 'kind: component: "My_Router" is not a DNS label'],
    ['a port', { kind: { ...KIND, ports: ['web'] } }, 'kind: ports: [0]: "web" is not one of http, grpc, remote-write'],
    ['a field', { kind: { ...KIND, arg: [] } }, 'kind: has no field "arg"; did you mean "args"?'],
    ['an empty command', { kind: { ...KIND, command: [] } }, 'kind: command: is empty'],
    [
      'a bucket in the command',
      { kind: { ...KIND, command: ['store', '--objstore.config=x'] } },
      'kind: command: [1]: "--objstore.config=x" is not a word of a command; flags are args',
    ],
    [
      'a bucket as data directory',
      { kind: { ...KIND, dataFlag: '--objstore.config-file' } },
      'kind: dataFlag: "--objstore.config-file" is not the flag of a directory; write "--data-dir"',
    ],
    ['a flag', { kind: { ...KIND, args: ['--nonsense=1'] } }, 'kind: "--nonsense" is not a flag of "thanos receive"'],
    ['a bucket by hand', { kind: { ...KIND, args: ['--objstore.config=x'] } }, 'kind: "--objstore.config" is set by'],
    ['a bucket without the right', { kind: KIND, objstore: bucket(chart()) }, 'props: has no field "objstore"'],
    ['no http', { kind: { ...KIND, ports: ['grpc'] } }, 'kind: ports: lacks http, which the probes ask'],
    ['no ports', { kind: { ...KIND, ports: [] } }, 'kind: ports: lacks http'],
    ['a port twice', { kind: { ...KIND, ports: ['http', 'http'] } }, 'kind: ports: names a port twice'],
    ['a volume for nothing', { kind: { ...KIND, storage: {} } }, 'kind: storage: has no effect without dataFlag'],
    [
      'two data directories',
      { kind: { ...KIND, dataFlag: '--tsdb.path', args: ['--tsdb.path=/x'] } },
      'kind: args: "--tsdb.path=/x" is set by dataFlag',
    ],
    ['a prop that nobody reads', { kind: KIND, replicas: 3 }, 'props: has no field "replicas"'],
  ])('%s', (_, props, text) => {
    expect(given(props)).toThrow(`cdk8s-thanos: test/Own: ${text}`);
  });
});
