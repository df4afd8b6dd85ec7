/** Labels of a series. */
export type Series = Readonly<Record<string, string>>;

/** A series with its samples, the oldest first; times are epoch, ms. */
export interface WrittenSeries {
  readonly labels: Series;
  readonly samples: readonly { readonly time: number; readonly value: number }[];
}

/** What Thanos answers to a write of one sample of each series. */
export function remoteWrite(
  address: string,
  series: readonly Series[],
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const samples = [{ time: Date.now(), value: 1 }];
  return writeSamples(
    `http://${address}/api/v1/receive`,
    series.map((labels) => ({ labels, samples })),
    { headers },
  );
}

/** What is answered to a write of these samples to a URL. */
export async function writeSamples(
  url: string,
  series: readonly WrittenSeries[],
  { headers = {}, signal }: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Encoding': 'snappy', 'X-Prometheus-Remote-Write-Version': '0.1.0', ...headers },
    body: new Uint8Array(snappy(Buffer.concat(series.map((one) => field(1, timeSeries(one)))))),
    signal,
  });
  return { status: response.status, text: await response.text() };
}

/** prompb.TimeSeries: labels, then samples. */
function timeSeries({ labels, samples }: WrittenSeries): Buffer {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const pairs = sorted.map(([name, value]) => field(1, Buffer.concat([field(1, name), field(2, value)])));
  return Buffer.concat([...pairs, ...samples.map((one) => field(2, sample(one)))]);
}

function sample({ time, value }: WrittenSeries['samples'][number]): Buffer {
  const number = Buffer.alloc(9, 0x09);
  number.writeDoubleLE(value, 1);
  return Buffer.concat([number, Buffer.from([0x10]), varint(time)]);
}

/** A field of protobuf that holds bytes. */
function field(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([number * 8 + 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

/** Snappy's format with nothing pressed: the length, then literals of at most 60 bytes. */
function snappy(bytes: Buffer): Buffer {
  const parts = [varint(bytes.length)];
  for (let at = 0; at < bytes.length; at += 60) {
    const literal = bytes.subarray(at, at + 60);
    parts.push(Buffer.from([(literal.length - 1) * 4]), literal);
  }
  return Buffer.concat(parts);
}
