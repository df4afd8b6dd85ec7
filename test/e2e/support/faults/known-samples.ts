/** Series that the writer writes, each with a sample a second. */
export const SERIES = 100;
/** Time between two samples of a series, ms. */
export const TICK = 1000;
/** What they are called; one that lies in the bucket alone, from before. */
export const LIVE = 'faults_live';
export const OLD = 'faults_old';
/** What the ruler records of them: how many there are. */
export const RECORDED = 'faults:series';

/** The one right value of a sample: whoever answers another one is wrong. */
export function valueAt(series: number, time: number): number {
  return ((time / TICK) * 31 + series * 7) % 1009;
}

/** Labels of a series. */
export function labelsOf(name: string, series: number): Record<string, string> {
  return { __name__: name, job: 'faults', series: String(series) };
}
