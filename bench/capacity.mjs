// `npm run capacity`: what the real Thanos needs, measured at small scale on this machine: memory by series, blocks and
// samples, bytes on disk and in the bucket, calls of the bucket. It keeps the points in capacity.json and writes what follows
// from them: src/capacity/measured.ts, by which sizes are computed, and the tables of docs/capacity.md. With --kept it
// measures nothing and writes both from the points that are kept; with --check it fails where they are others.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { compact, waiting } from './capacity/compact.mjs';
import { derive, source, tables } from './capacity/derive.mjs';
import { receive, scraped, twoWeeks } from './capacity/receive.mjs';
import { query, store } from './capacity/store.mjs';

const POINTS = join(import.meta.dirname, 'capacity.json');
const ROOT = join(import.meta.dirname, '..');
const DOCS = join(ROOT, 'docs/capacity.md');
const [quick, check] = ['--quick', '--check'].map((flag) => process.argv.includes(flag));
const kept = check || process.argv.includes('--kept');
const COUNTS = quick ? [2_000, 5_000, 10_000] : [50_000, 100_000, 200_000];

async function measure(work) {
  const points = {};
  const folder = (name) => {
    const path = join(work, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  /** What is kept of a measurement: figures, not where its bucket is. */
  const keep = (section, { bucket, ...figures }) => {
    process.stderr.write(`${section} ${JSON.stringify(figures)}\n`);
    (points[section] ??= []).push(figures);
    // kept at once: the whole takes long
    writeFileSync(POINTS, `${JSON.stringify(points, null, 2)}\n`);
    return bucket;
  };

  const buckets = [];
  for (const count of COUNTS)
    buckets.push(keep('receive', await receive(folder(`receive-${count}`), { count, interval: 60e3 })));
  keep('receive', await receive(folder('receive-often'), { count: COUNTS[0], interval: 15e3 }));
  keep('scraped', await scraped(folder('scraped'), { count: quick ? 1000 : 20_000, interval: 30e3, scrapes: 120 }));
  const full = buckets.at(-1);
  const plans = [[0, 10], [0, 40], [1, 40], [2, 40]]; // prettier-ignore
  for (const [at, copies] of plans) {
    const from = buckets[at];
    const block = from.blocks()[0];
    keep('store', await store(folder(`store-${at}-${copies}`), { from, block, copies }));
  }
  const blocks = full.blocks().slice(0, 2);
  for (const metrics of quick ? [1, 3, 5] : [1, 5, 10, 20])
    keep('query', await query(folder(`query-${metrics}`), { from: full, blocks, metrics, hours: 3 }));
  for (const [at, bucket] of buckets.entries()) {
    const [largest] = bucket.blocks().sort((a, b) => b.index - a.index);
    const before = bucket.blocks().length;
    const peak = await compact(folder(`compact-${at}`), bucket);
    keep('compact', { series: largest.series, before, after: bucket.blocks().length, peak });
  }
  keep('waiting', await waiting(folder('waiting'), full));
  const weeks = quick ? 50 : 1000;
  const long = await twoWeeks(folder('weeks'), { count: weeks, interval: 60e3 });
  const peak = await compact(folder('weeks-compact'), long);
  keep('weeks', { series: weeks, interval: 60, peak, blocks: long.blocks() });
  return points;
}

/** A file as prettier writes it. */
async function pretty(file, text) {
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

/** The document with these tables between its two marks. */
function withTables(text, made) {
  const [before, rest] = text.split('<!-- measured -->\n');
  const [, after] = rest.split('<!-- end of measured -->\n');
  return `${before}<!-- measured -->\n\n${made}\n\n<!-- end of measured -->\n${after}`;
}

async function write(points) {
  const measured = derive(points);
  const files = [
    [join(ROOT, 'src/capacity/measured.ts'), () => source(measured)],
    [DOCS, () => withTables(readFileSync(DOCS, 'utf8'), tables(points, measured))],
  ];
  for (const [file, make] of files) {
    const text = await pretty(file, make());
    if (!check) writeFileSync(file, text);
    else if (readFileSync(file, 'utf8') !== text) throw new Error(`${file} is stale: run npm run capacity -- --kept`);
  }
}

if (!kept) {
  const work = mkdtempSync(join(tmpdir(), 'thanos-capacity-'));
  try {
    await measure(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
if (!quick) await write(JSON.parse(readFileSync(POINTS, 'utf8')));
