import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { writeHelmChart } from './helm-chart.mjs';
import { exponent, inTurn, median, medianOf, ratio } from './measure.mjs';

const APPS = join(import.meta.dirname, 'apps');
const app = (name) => join(APPS, `${name}.cjs`);
const LOADED_BY_ANY = ['cdk8s', 'cdk8s-plus-28/lib/imports/k8s'];

/** The guide's objects, as the library writes them. */
export function guideObjects({ meter, work }) {
  meter.node(app('guide'), join(work, 'guide'));
  return documentsOf(join(work, 'guide'));
}

/** (a) The guide's stack against bare ApiObjects that carry the same JSON, both writing files. */
export function synthAgainstBare({ meter, work, rounds, objectsFile }) {
  const { guide, bare } = inTurn(
    {
      guide: () => meter.node(app('guide'), join(work, 'guide')),
      bare: () => meter.node(app('bare'), join(work, 'bare'), objectsFile),
    },
    rounds,
  );
  requireSame('the bare app', documentsOf(join(work, 'bare')), documentsOf(join(work, 'guide')));
  return {
    process: ratio(guide, bare),
    inner: ratio(guide, bare, 'inner'),
    guide: { cpu: medianOf(guide, 'cpu'), inner: medianOf(guide, 'inner') },
    bare: { cpu: medianOf(bare, 'cpu'), inner: medianOf(bare, 'inner') },
  };
}

/** (b) One app with more and more stacks. What an app without stacks costs is start-up and is taken off. */
export function growth({ meter, work, say }, type, counts, rounds) {
  const run = (count) => meter.node(app('fleet'), join(work, `fleet-${type}-${count}`), count, type).cpu;
  const startUp = median([1, 2, 3].map(() => run(0)));
  const rows = counts.map((count) => {
    // one run of many stacks is its own average
    const runs = Array.from({ length: count >= 300 ? Math.min(rounds, 2) : rounds }, () => run(count) - startUp);
    say(`  ${type}: ${count} stacks`);
    return [count, median(runs)];
  });
  return { startUp, rows, exponent: exponent(rows.filter(([count]) => count >= 10)) };
}

/** (c) Loading the library against loading what any library on typed Kubernetes objects loads. */
export function loadAgainstCdk8s({ meter, rounds }) {
  const { ours, cdk8s } = inTurn(
    {
      ours: () => meter.node(app('load'), 'cdk8s-thanos'),
      cdk8s: () => meter.node(app('load'), ...LOADED_BY_ANY),
    },
    rounds,
  );
  return {
    ratio: ratio(ours, cdk8s, 'inner'),
    process: ratio(ours, cdk8s),
    ours: { cpu: medianOf(ours, 'cpu'), inner: medianOf(ours, 'inner') },
    cdk8s: { cpu: medianOf(cdk8s, 'cpu'), inner: medianOf(cdk8s, 'inner') },
  };
}

/** (d) The whole node process against `helm template` of a chart that renders the same objects; null without helm. */
export function processAgainstHelm({ meter, work, rounds, objects }) {
  if (spawnSync('helm', ['version', '--short']).status !== 0) return null;
  const chart = join(work, 'chart');
  writeHelmChart(chart, objects);
  const template = () => meter.run('helm', ['template', 'thanos', chart, '--namespace', 'monitoring']);
  requireSame('the helm chart', documents(template().stdout), objects);
  const { guide, helm, node } = inTurn(
    {
      guide: () => meter.node(app('guide'), join(work, 'guide')),
      helm: template,
      node: () => meter.run(process.execPath, ['-e', '0']),
    },
    rounds,
  );
  return {
    ratio: ratio(guide, helm),
    guide: medianOf(guide, 'cpu'),
    helm: medianOf(helm, 'cpu'),
    node: medianOf(node, 'cpu'),
  };
}

function documentsOf(folder) {
  return readdirSync(folder).flatMap((file) => documents(readFileSync(join(folder, file), 'utf8')));
}

function documents(text) {
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((object) => object !== null);
}

/** A ratio between programs that do different things would mean nothing. */
function requireSame(who, actual, expected) {
  const byKey = (objects) => Object.fromEntries(objects.map((o) => [`${o.kind}/${o.metadata.name}`, o]));
  const [a, b] = [byKey(actual), byKey(expected)];
  const other = [...new Set([...Object.keys(a), ...Object.keys(b)])].find((key) => !isDeepStrictEqual(a[key], b[key]));
  if (other !== undefined || actual.length !== expected.length) throw new Error(`${who} renders another ${other}`);
}
