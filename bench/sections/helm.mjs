import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { writeHelmChart } from '../helm-chart.mjs';
import { documents, requireSame } from '../manifests.mjs';
import { inTurn, medianOf, ratio } from '../measure.mjs';

const TEN = Array.from({ length: 10 });

/** Whole processes against `helm template` of a chart that renders the same objects; null without helm. */
export function againstHelm({ meter, work, app, rounds, charts }) {
  const rows = [
    { key: 'process_vs_helm', what: 'one stack, process / helm template', aim: 1 },
    { key: 'node_vs_helm', what: '  an empty script / helm template' },
    { key: 'ten_vs_helm', what: 'ten stacks / ten helm templates', aim: 0.6 },
  ];
  if (spawnSync('helm', ['version', '--short']).status !== 0) return rows.map((row) => ({ ...row, ratio: null }));
  const chart = join(work, 'chart');
  writeHelmChart(chart, charts.thanos);
  const template = () => meter.run('helm', ['template', 'thanos', chart, '--namespace', 'monitoring']);
  requireSame('the helm chart', { thanos: documents(template().stdout) }, charts);
  const { guide, helm, node, fleet, helms } = inTurn(
    {
      guide: () => meter.node(app('guide'), join(work, 'guide')),
      helm: template,
      node: () => meter.run(process.execPath, ['-e', '0']),
      fleet: () => meter.node(app('fleet'), join(work, 'helm-fleet'), 10, 'FILE_PER_CHART'),
      helms: () => ({ cpu: TEN.reduce((sum) => sum + template().cpu, 0) }),
    },
    rounds,
  );
  const pairs = [
    [guide, helm],
    [node, helm],
    [fleet, helms],
  ];
  return rows.map((row, i) => ({ ...row, ratio: ratio(...pairs[i]), ms: pairs[i].map((r) => medianOf(r, 'cpu')) }));
}
