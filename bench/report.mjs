/** Prints what was measured, for a person. */
export function printReport({ objects, rounds, rows, growth }) {
  const title = `CPU time (user + system), ${objects} objects a stack, medians of ${rounds} runs in turn`;
  console.log(`${title}, node ${process.version}\n`);
  table([
    ['', 'ratio', 'aim', 'ours', 'other'],
    ...rows.map(({ what, ratio, aim, ms: [ours, other] = [] }) => [
      what,
      ratio === null ? 'not here' : ratio.toFixed(ratio < 0.01 ? 4 : 2),
      aim === undefined ? '' : aim.toFixed(2),
      ms(ours),
      ms(other),
    ]),
  ]);
  console.log();
  table([['stacks in one app', ...growth.flatMap(({ what }) => [what, 'a stack'])], ...growthRows(growth)]);
  console.log('Start-up taken off.');
}

function growthRows(growth) {
  const counts = [...new Set(growth.flatMap(({ rows }) => rows.map(([count]) => count)))].sort((a, b) => a - b);
  const cells = ({ rows }, count) => {
    const row = rows.find(([n]) => n === count);
    return [ms(row?.[1]), ms(row && row[1] / count)];
  };
  return counts.map((count) => [String(count), ...growth.flatMap((one) => cells(one, count))]);
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

function ms(value) {
  return value === undefined ? '' : `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`;
}
