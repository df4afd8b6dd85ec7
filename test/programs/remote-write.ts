/** Labels of a series. */
export type Series = Readonly<Record<string, string>>;

/** What Thanos answers to a write of one sample of each series. */
export async function remoteWrite(
  address: string,
  series: readonly Series[],
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`http://${address}/api/v1/receive`, {
    method: 'POST',
    headers: { 'Content-Encoding': 'snappy', 'X-Prometheus-Remote-Write-Version': '0.1.0', ...headers },
    body: new Uint8Array(snappy(Buffer.concat(series.map((one) => field(1, timeSeries(one)))))),
  });
  return { status: response.status, text: await response.text() };
}

/** prompb.TimeSeries: labels, then one sample of now. */
function timeSeries(labels: Series): Buffer {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const pairs = sorted.map(([name, value]) => field(1, Buffer.concat([field(1, name), field(2, value)])));
  const value = Buffer.alloc(9, 0x09);
  value.writeDoubleLE(1, 1);
  const sample = Buffer.concat([value, Buffer.from([0x10]), varint(Date.now())]);
  return Buffer.concat([...pairs, field(2, sample)]);
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
