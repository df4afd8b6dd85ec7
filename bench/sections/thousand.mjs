import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeHelmChart } from '../helm-chart.mjs';

const COUNT = 1000;
/** Each run of theirs costs the same, so a hundred tell what a thousand cost. */
const TRIED = 100;

/**
 * A fleet of a thousand stacks in one FleetApp, against a loop that runs a renderer once for each stack over the same objects.
 * Null where the renderer is not on the path.
 */
export function thousand({ meter, work, app, charts, say }) {
  const fleet = (count) =>
    meter.node(app('fleet'), join(work, `thousand-${count}`), count, 'FILE_PER_CHART', 'FleetApp');
  const [ours, start] = [fleet(COUNT), fleet(0)];
  say(`  ${COUNT} stacks`);
  const against = (key, name, command) => {
    if (!onPath(name)) return { key, what: `  against ${name}`, ratio: null };
    const loop = Array.from({ length: TRIED }).reduce((sum) => sum + command().cpu, 0);
    const theirs = loop * (COUNT / TRIED);
    return { key, what: `  against ${name} in a loop`, ratio: ours.cpu / theirs, ms: [ours.cpu, theirs] };
  };
  const chart = join(work, 'thousand-chart');
  writeHelmChart(chart, charts.thanos);
  const jsonnet = join(work, 'thousand.jsonnet');
  writeFileSync(jsonnet, jsonnetOf(charts.thanos));
  const perStack = (ours.memory - start.memory) / COUNT / start.memory;
  return [
    { key: 'thousand_memory_per_stack', what: `${COUNT} stacks: memory of one, of an empty app's`, ratio: perStack },
    against('thousand_vs_helm', 'helm', () =>
      meter.run('helm', ['template', 'thanos', chart, '--namespace', 'monitoring']),
    ),
    against('thousand_vs_jsonnet', 'jsonnet', () => meter.run('jsonnet', ['--tla-str', 'name=thanos', jsonnet])),
  ];
}

function onPath(command) {
  return spawnSync(command, ['--help'], { stdio: 'ignore' }).error === undefined;
}

/** A function of the release's name that gives the same objects: the least that jsonnet does. */
function jsonnetOf(objects) {
  const text = JSON.stringify(objects, null, 1).replaceAll('"thanos-', 'name + "-');
  return `function(name) ${text}\n`;
}
