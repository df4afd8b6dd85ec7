import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MEASURED } from '../../src/capacity/measured';

const ROOT = join(__dirname, '../..');
const points = JSON.parse(readFileSync(join(ROOT, 'bench/capacity.json'), 'utf8'));

test('what sizes are reckoned by, and the tables of docs/capacity.md, follow from the points that were measured', () => {
  const script = join(ROOT, 'bench/capacity.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('no point that was measured needs a quarter more than its line says', () => {
  const { idle, perSeries, perSample } = MEASURED.receiver;
  const over = points.receive.map(({ series, samples, head, replay, cut }: Record<string, number>) => {
    const said = idle + series * perSeries + samples * perSample;
    return (Math.max(head, replay, cut) * 1024 ** 2) / said;
  });
  expect(over.length).toBeGreaterThan(3);
  expect(Math.max(...over)).toBeLessThan(1.25);
});
