import { Duration } from 'cdk8s';
import { KINDS, makeKind } from './kinds';

/** Those that people, Grafana and Prometheus ask by a Service, and that keep nothing. */
const ASKED = ['bucket-web', 'query', 'query-frontend', 'receive-router'];

test('exactly the components that are asked by their Service, and keep nothing, go on answering when they end', () => {
  const drained = KINDS.filter((kind) => makeKind(kind).container.lifecycle !== undefined);
  expect(drained.sort()).toEqual(ASKED);
});

test.each(ASKED)('a %s waits before its SIGTERM, unless it is told otherwise or has no time', (kind) => {
  const lifecycle = (props: object) => makeKind(kind, props).container.lifecycle;
  expect(lifecycle({})).toEqual({ preStop: { exec: { command: ['sleep', '5'] } } });
  expect(lifecycle({ lifecycle: {} })).toEqual({});
  expect(lifecycle({ lifecycle: { preStop: { sleep: { seconds: 9 } } } })).toEqual({
    preStop: { sleep: { seconds: 9 } },
  });
  expect(lifecycle({ terminationGracePeriod: Duration.seconds(5) })).toBeUndefined();
  expect(lifecycle({ terminationGracePeriod: Duration.seconds(6) })).toBeDefined();
});
