import { Duration, Size } from 'cdk8s';
import {
  bytes,
  goDuration,
  milliseconds,
  prometheusDuration,
  quantity,
  seconds,
  thanosSize,
} from '../../src/support/units';

test.each([
  [Duration.millis(1), '1ms', '1ms'],
  [Duration.seconds(90), '1m30s', '1m30s'],
  [Duration.hours(36), '1d12h', '36h'],
  [Duration.days(14), '14d', '336h'],
  [Duration.days(3650), '10y', '87600h'],
  [Duration.days(366), '366d', '8784h'],
])('%s is written in the syntax of Prometheus and of Go', (duration, prometheus, go) => {
  expect(prometheusDuration(duration)).toBe(prometheus);
  expect(goDuration(duration)).toBe(go);
});

test('zero is a duration only where it means something', () => {
  expect(prometheusDuration(Duration.days(0), true)).toBe('0s');
  expect(goDuration(Duration.days(0), true)).toBe('0s');
  expect(() => milliseconds(Duration.days(0))).toThrow('is 0 ms; it must be greater than 0');
});

test('a negative duration is refused by cdk8s itself', () => {
  expect(() => Duration.hours(-1)).toThrow('negative');
});

test.each([
  [Duration.millis(1.5), 'is 1.5 ms; give whole milliseconds'],
  [Duration.seconds(NaN), 'is not a finite duration'],
  [Duration.days(365 * 300), 'Thanos knows no duration over 292 years'],
  [90 as unknown as Duration, 'is 90, not a Duration; write one with its unit, such as Duration.hours(2)'],
  [null as unknown as Duration, 'is null, not a Duration'],
  ['30d' as unknown as Duration, 'is "30d", not a Duration; write Duration.days(30)'],
  ['2w' as unknown as Duration, 'write Duration.days(14)'],
  ['500ms' as unknown as Duration, 'write Duration.millis(500)'],
  ['1h30m' as unknown as Duration, 'is "1h30m", not a Duration; write one with its unit, such as Duration.hours(2)'],
  ['Zm9vYmFyMTIzNDU2Nzg5' as unknown as Duration, 'is a text of 20 characters (not shown'],
])('the duration %s is refused', (duration, text) => {
  expect(() => milliseconds(duration)).toThrow(text);
});

test('292 years pass, as in Go', () => {
  expect(prometheusDuration(Duration.days(365 * 292))).toBe('292y');
});

test('Kubernetes fields take whole seconds', () => {
  expect(seconds(Duration.minutes(2))).toBe(120);
  expect(() => seconds(Duration.millis(1500))).toThrow('is 1500 ms; Kubernetes takes whole seconds');
});

test.each([
  [Size.gibibytes(50), '50Gi'],
  [Size.mebibytes(1536), '1536Mi'],
  [Size.tebibytes(2), '2Ti'],
  [Size.kibibytes(1), '1Ki'],
  [Size.kibibytes(0.5), '512'],
])('%s is a quantity in its shortest exact form', (size, text) => {
  expect(quantity(size)).toBe(text);
  expect(thanosSize(size)).toBe(`${text}B`);
});

test.each([
  [Size.mebibytes(0), 'is 0 bytes; it must be greater than 0'],
  [Size.kibibytes(0.0001), 'give whole bytes'],
  [Size.mebibytes(NaN), 'is not a finite size'],
  [Size.mebibytes(Infinity), 'is not a finite size'],
  [5 as unknown as Size, 'is 5, not a Size; write one with its unit, such as Size.gibibytes(2)'],
  ['100Gi' as unknown as Size, 'is "100Gi", not a Size; write Size.gibibytes(100)'],
  ['512MiB' as unknown as Size, 'write Size.mebibytes(512)'],
  ['100G' as unknown as Size, 'is "100G", not a Size; write one with its unit, such as Size.gibibytes(2)'],
])('the size %s is refused', (size, text) => {
  expect(() => bytes(size)).toThrow(text);
});

test('a negative size is refused by cdk8s itself', () => {
  expect(() => Size.mebibytes(-1)).toThrow('negative');
});
