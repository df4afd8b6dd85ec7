// Series as a Kubernetes cluster has them, and the remote-write requests that carry them: protobuf in a snappy frame whose
// one literal is the whole, so that the sender costs little.
const MODES = ['user', 'system', 'idle', 'iowait', 'steal'];

/** Labels of the i-th series: as many, and as long, as kube-state-metrics and cAdvisor write. */
function labelsOf(i) {
  const pod = i % 2000;
  return {
    __name__: `container_metric_${Math.floor(i / 2000)}_total`,
    cluster: 'production-eu-1',
    container: `app-${pod % 7}`,
    endpoint: 'https-metrics',
    instance: `10.0.${pod % 250}.${pod % 13}:10250`,
    job: 'kubelet',
    mode: MODES[i % MODES.length],
    namespace: `team-${pod % 40}`,
    pod: `deployment-${pod % 300}-7d9c5b8f64-${pod.toString(36).padStart(5, 'x')}`,
  };
}

/** `count` series, each with the bytes of its labels, ready to be sent. */
export function makeSeries(count) {
  return Array.from({ length: count }, (_, i) => {
    const pairs = Object.entries(labelsOf(i)).map(([name, value]) => field(1, [field(1, name), field(2, value)]));
    return { labels: Buffer.concat(pairs), valueAt: valueOf(i) };
  });
}

/** A third each: a value that never changes, a counter, a gauge with two digits behind the point. */
function valueOf(i) {
  if (i % 3 === 0) return () => i;
  if (i % 3 === 1) return (step) => i + step * 7 + (mix(i, step) % 5);
  return (step) => ((mix(i, step) % 10_000) + i) / 100;
}

/** A number that looks random, and is the same in every run. */
function mix(i, step) {
  return (Math.imul(i + 1, 2654435761) ^ Math.imul(step + 1, 40503)) >>> 8;
}

/** The body of a request: for each series the samples of these steps, `times` in milliseconds. */
export function requestBody(series, times, firstStep) {
  const stamps = times.map((time) => Buffer.concat([Buffer.from([0x10]), varint(time)]));
  const parts = series.map(({ labels, valueAt }) => {
    const samples = Buffer.allocUnsafe(stamps.reduce((sum, stamp) => sum + 2 + 9 + stamp.length, 0));
    let at = 0;
    stamps.forEach((stamp, step) => {
      samples[at++] = 0x12;
      samples[at++] = 9 + stamp.length;
      samples[at++] = 0x09;
      at = samples.writeDoubleLE(valueAt(firstStep + step), at);
      at += stamp.copy(samples, at);
    });
    return field(1, [labels, samples]);
  });
  const message = Buffer.concat(parts);
  const literal = Buffer.alloc(5);
  literal[0] = 63 << 2;
  literal.writeUInt32LE(message.length - 1, 1);
  return Buffer.concat([varint(message.length), literal, message]);
}

/** A field of protobuf that holds bytes. */
function field(number, content) {
  const bytes = Array.isArray(content) ? Buffer.concat(content) : Buffer.from(content);
  return Buffer.concat([Buffer.from([number * 8 + 2]), varint(bytes.length), bytes]);
}

function varint(value) {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
