/** Least squares of y over the given columns and a constant: the constant first, then a factor for each column. */
export function fit(rows, y) {
  const columns = rows.map((row) => [1, ...row]);
  const size = columns[0].length;
  const normal = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => sum(columns.map((row) => row[i] * row[j]))),
    sum(columns.map((row, at) => row[i] * y[at])),
  ]);
  return solved(normal);
}

/** By how much the worst point lies off the fit, as a part of the point. */
export function worst(rows, y, factors) {
  return Math.max(...rows.map((row, at) => Math.abs(sum([1, ...row].map((x, i) => x * factors[i])) / y[at] - 1)));
}

/** Gauss' elimination with the largest pivot first. */
function solved(matrix) {
  const rows = matrix.map((row) => [...row]);
  for (let i = 0; i < rows.length; i++) {
    const largest = rows.slice(i).reduce((best, row) => (Math.abs(row[i]) > Math.abs(best[i]) ? row : best));
    const at = rows.indexOf(largest);
    [rows[i], rows[at]] = [rows[at], rows[i]];
    rows.forEach((row, j) => {
      if (j === i) return;
      const factor = row[i] / rows[i][i];
      row.forEach((_, k) => (row[k] -= factor * rows[i][k]));
    });
  }
  return rows.map((row, i) => row.at(-1) / row[i]);
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
