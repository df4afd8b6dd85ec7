/** Prints what was measured, for a person. */
export function printReport({ objects, rounds, synth, load, helm, fleet, charts }) {
  console.log(
    `CPU time (user + system), ${objects} objects a stack, medians of ${rounds} runs in turn, node ${process.version}\n`,
  );
  table([
    ['', 'ratio', 'aim', 'ours', 'other'],
    [
      '(a) synth of the guide / bare ApiObjects, process',
      x(synth.process),
      '1.30',
      ms(synth.guide.cpu),
      ms(synth.bare.cpu),
    ],
    ['    without node and loading', x(synth.inner), '', ms(synth.guide.inner), ms(synth.bare.inner)],
    ['(b) growth exponent, a folder per chart', x(fleet.exponent), '1.10', '', ''],
    ['    a file per chart (default)', x(charts.exponent), '', '', ''],
    ['(c) load / cdk8s and its Kubernetes classes', x(load.ratio), '1.15', ms(load.ours.inner), ms(load.cdk8s.inner)],
    ['    process', x(load.process), '', ms(load.ours.cpu), ms(load.cdk8s.cpu)],
    helm
      ? ['(d) process / helm template', x(helm.ratio), '1.00', ms(helm.guide), ms(helm.helm)]
      : ['(d) process / helm template', 'no helm', '1.00', '', ''],
    ...(helm
      ? [['    an empty script / helm template', x(helm.node / helm.helm), '', ms(helm.node), ms(helm.helm)]]
      : []),
  ]);
  console.log();
  table([
    ['stacks in one app', 'folder per chart', 'a stack', 'file per chart', 'a stack'],
    ...fleetRows(fleet, charts),
  ]);
  console.log(`Start-up taken off: ${ms(fleet.startUp)}. Empty: not run, it grows with the square inside cdk8s.`);
}

function fleetRows(fleet, charts) {
  const counts = [...new Set([...fleet.rows, ...charts.rows].map(([count]) => count))].sort((a, b) => a - b);
  const cells = ({ rows }, count) => {
    const row = rows.find(([n]) => n === count);
    return row ? [ms(row[1]), ms(row[1] / count)] : ['', ''];
  };
  return counts.map((count) => [String(count), ...cells(fleet, count), ...cells(charts, count)]);
}

function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[i])))
        .join('  ')
        .trimEnd(),
    );
}

function x(value) {
  return value.toFixed(2);
}

function ms(value) {
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`;
}
