import { FLAG_RULE_CASES } from './flag-rule-cases';
import { makeKind } from './kinds';

test.each(FLAG_RULE_CASES)('$name is refused', ({ kind, extraArgs, text }) => {
  expect(() => makeKind(kind, { extraArgs })).toThrow(`cdk8s-thanos: test/Component: extraArgs: ${text}`);
});

const DYNAMIC = ['min-split-interval=1h', 'max-split-interval=2h', 'horizontal-shards=2'].map(
  (f) => `--query-range.${f}`,
);

test.each<[string, string[]]>([
  ['query', ['--grpc-server-tls-cert=/a', '--grpc-server-tls-key=/b']],
  ['query-frontend', ['--query-range.split-interval=0', ...DYNAMIC]],
  ['receiver', ['--label=a="b"', '--label=c=`d`', '--label=e="$(POD_IP)"', '--label=f="\\"\\n"']],
  ['store', ['--sync-block-duration=1m30s', '--block-sync-concurrency=10']],
])('%s takes %p', (kind, extraArgs) => {
  expect(makeKind(kind, { extraArgs }).args).toEqual(expect.arrayContaining(extraArgs));
});
