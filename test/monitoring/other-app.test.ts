import { App } from 'cdk8s';
import {
  CertificateAlerts,
  CheckRole,
  StackCheck,
  ThanosAlerts,
  ThanosDashboards,
  ThanosPodMonitor,
  ThanosStack,
} from '../../src';
import { chart } from '../render';
import { OBJSTORE } from '../stack/stacks';

const image = { repository: 'registry.example.com/check', tag: '1' };

function stackOf(app: App): ThanosStack {
  return new ThanosStack(app, 'there', { objstore: OBJSTORE, storeGateway: {}, query: {} });
}

type Make = (scope: ThanosStack | ReturnType<typeof chart>, stack: ThanosStack) => unknown;

describe('what belongs to another App is refused, whose objects this one would not write', () => {
  test.each<[string, string, Make]>([
    ['CheckRole', 'objstore', (scope, { objstore }) => new CheckRole(scope, 'X', { objstore: objstore! })],
    ['StackCheck', 'objstore', (scope, { objstore }) => new StackCheck(scope, 'X', { objstore: objstore!, image })],
    [
      'CertificateAlerts',
      'objstore',
      (scope, { objstore }) => new CertificateAlerts(scope, 'X', { objstore: objstore! }),
    ],
    ['ThanosAlerts', 'components: [0]', (scope, { components }) => new ThanosAlerts(scope, 'X', { components })],
    [
      'ThanosPodMonitor',
      'components: [0]',
      (scope, { components }) => new ThanosPodMonitor(scope, 'X', { components }),
    ],
    [
      'ThanosDashboards',
      'components: [0]',
      (scope, { components }) => new ThanosDashboards(scope, 'X', { components }),
    ],
  ])('by a %s', (_, prop, make) => {
    const stack = stackOf(new App());
    expect(() => make(chart(), stack)).toThrow(
      new RegExp(`^cdk8s-thanos: test/X: ${prop.replace(/[[\]]/g, '\\$&')}: "there/.*" belongs to another App`),
    );
    expect(() => make(stack, stack)).not.toThrow();
  });

  test('by dashboards, of a bucket too', () => {
    const { components } = stackOf(new App());
    const { objstore } = stackOf(new App());
    expect(() => new ThanosDashboards(components[0], 'X', { components, objstore })).toThrow(
      'X: objstore: "there/Objstore" belongs to another App',
    );
  });
});
