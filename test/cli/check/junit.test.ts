import { junit } from '../../../src/cli/check/junit';

test('a failure and a skipped check are counted, a warning is told and passes', () => {
  const xml = junit('monitoring', [
    { check: 'pods ready', of: 'store-0', result: 'pass', detail: 'ready' },
    { check: 'logs', of: 'store-0', result: 'warn', detail: 'slow', fix: 'look' },
    { check: 'CA parses', of: 'Secret ca', result: 'fail', detail: 'expired', fix: 'Deliver a new CA' },
    { check: 'metrics', of: 'store-0', result: 'skip', detail: 'not read' },
  ]);
  expect(xml).toContain('<testsuite name="monitoring" tests="4" failures="1" errors="0" skipped="1">');
  expect(xml).toContain('<failure message="expired">expired&#10;to do: Deliver a new CA</failure>');
  expect(xml).toContain('<system-out>warning: slow&#10;to do: look</system-out>');
  expect(xml).toContain('<skipped message="not read"/>');
});

test('what a pod writes can not leave its element, nor make the file unreadable', () => {
  const xml = junit('a"b', [{ check: '<x>', of: '&', result: 'fail', detail: ']]></failure>\u0000\u001b[31m\uD800"' }]);
  expect(xml).toContain('name="a&quot;b"');
  expect(xml).toContain('classname="&lt;x&gt;" name="&amp;"');
  expect(xml).toContain('message="]]&gt;&lt;/failure&gt;\uFFFD\uFFFD[31m\uFFFD&quot;"');
});
