import { type Chart, Duration } from 'cdk8s';
import { advice } from '../../src/app/advice';
import { AppRegistry } from '../../src/app/registry';
import { Compactor, type CompactorOptions, Receiver, type ReceiverProps, ReceiveRouter } from '../../src/index';
import { bucket } from '../component/made';
import { chart } from '../render';

function advised(make: (scope: Chart) => void): string[] {
  const scope = chart();
  make(scope);
  return advice(AppRegistry.of(scope).standing());
}

describe('receivers that only ingest', () => {
  const ENDPOINTS = ['a:1', 'b:1', 'c:1'];
  const ingestor = (scope: Chart, props: ReceiverProps = {}) =>
    new Receiver(scope, 'Receiver', { ingestOnly: true, ...props });
  const LONELY =
    'test/Receiver: ingestOnly: no ReceiveRouter of the app has it in a ring, and what is written to it directly is stored once. Put it into a ring';

  it('are in no ring where there is no router', () => {
    expect(advised((scope) => ingestor(scope))).toEqual([LONELY]);
    expect(advised((scope) => ingestor(scope, { ingestOnly: false }))).toEqual([]);
  });

  it('are in one where a router names them', () => {
    const app = (scope: Chart) => new ReceiveRouter(scope, 'Router', { rings: [{ receivers: [ingestor(scope)] }] });
    expect(advised(app)).toEqual([]);
  });

  it('are in none where the routers name others alone', () => {
    const app = (scope: Chart) => {
      ingestor(scope);
      const other = new Receiver(scope, 'Other', { instance: 'other' });
      new ReceiveRouter(scope, 'Router', { rings: [{ receivers: [other] }] });
    };
    expect(advised(app)).toEqual([LONELY]);
  });

  it.each<[string, object]>([
    ['by address', { rings: [{ endpoints: ENDPOINTS }] }],
    ['in a ConfigMap', { hashringsConfigMap: 'rings', replicationFactor: 3 }],
  ])('may be in one that synth does not know: %s', (_, props) => {
    const app = (scope: Chart) => {
      ingestor(scope);
      new ReceiveRouter(scope, 'Router', props);
    };
    expect(advised(app)).toEqual([]);
  });
});

describe('samples out of order', () => {
  const both = (receiver: ReceiverProps, compactor: CompactorOptions) => (scope: Chart) => {
    const objstore = bucket(scope);
    new Receiver(scope, 'Receiver', { objstore, ...receiver });
    new Compactor(scope, 'Compactor', { objstore, ...compactor });
  };
  const tsdb = { outOfOrderWindow: Duration.hours(1) };
  const HALTS =
    'test/Receiver: tsdb: takes samples out of order, whose blocks overlap, and test/Compactor halts at those. Give it verticalCompaction: {}';

  it.each<[string, ReceiverProps, CompactorOptions, string[]]>([
    ['none', {}, {}, []],
    ['a window of nothing', { tsdb: { outOfOrderWindow: Duration.days(0) } }, {}, []],
    ['a window', { tsdb }, {}, [HALTS]],
    ['a window in the arguments', { extraArgs: ['--tsdb.out-of-order.time-window=5m'] }, {}, [HALTS]],
    ['a window that the arguments take back', { tsdb, extraArgs: ['--tsdb.out-of-order.time-window=0s'] }, {}, []],
    ['a compactor that merges', { tsdb }, { verticalCompaction: {} }, []],
    ['one that merges by an argument', { tsdb }, { extraArgs: ['--compact.enable-vertical-compaction'] }, []],
  ])('%s', (_, receiver, compactor, warnings) => {
    expect(advised(both(receiver, compactor))).toEqual(warnings);
  });
});
