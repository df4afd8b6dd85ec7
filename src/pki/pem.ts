import type { X509Certificate } from 'node:crypto';
import { decoded } from './certificate';

/** One block of a PEM file, good or bad. */
export interface PemBlock {
  /** Line of its BEGIN, from 1. */
  readonly line: number;
  readonly label: string;
  readonly kind: 'certificate' | 'private-key' | 'other' | 'broken';
  readonly certificate?: X509Certificate;
  /** What is wrong with a broken block. */
  readonly problem?: string;
}

const BEGIN = /^([ \t]*)-----BEGIN ([^-]+)-----[ \t]*(.*)$/;
const END = /^[ \t]*-----END [^-]+-----[ \t]*$/;

/** Every block of a PEM text in order, the broken ones too. Text around the blocks is skipped, as Thanos does. */
export function scanPem(text: string): PemBlock[] {
  const lines = text.split(/\r\n?|\n/);
  const blocks: PemBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const begin = BEGIN.exec(lines[i]);
    if (!begin) continue;
    const end = lines.findIndex((line, j) => j > i && (END.test(line) || BEGIN.test(line)));
    const closed = end > i && END.test(lines[end]);
    const body = lines.slice(i + 1, closed ? end : i + 1);
    blocks.push(blockOf({ line: i + 1, indent: begin[1], label: begin[2], sameLine: begin[3], closed, body }));
    if (closed) i = end;
  }
  return blocks;
}

interface RawBlock {
  readonly line: number;
  readonly indent: string;
  readonly label: string;
  readonly sameLine: string;
  readonly closed: boolean;
  readonly body: string[];
}

function blockOf(raw: RawBlock): PemBlock {
  const { line, label } = raw;
  if (label.endsWith('PRIVATE KEY')) return { line, label, kind: 'private-key' };
  if (label !== 'CERTIFICATE') return { line, label, kind: 'other' };
  const layout = layoutProblem(raw);
  if (layout) return { line, label, kind: 'broken', problem: layout };
  const base64 = raw.body.join('').replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return { line, label, kind: 'broken', problem: 'is not base64' };
  try {
    return { line, label, kind: 'certificate', certificate: decoded(Buffer.from(base64, 'base64')) };
  } catch {
    return { line, label, kind: 'broken', problem: "can't be parsed as a certificate: damaged or cut off" };
  }
}

function layoutProblem({ indent, sameLine, closed, body }: RawBlock): string | undefined {
  if (sameLine !== '') return 'stands on one line; BEGIN, base64 and END need lines of their own';
  if (indent !== '' || body.some((line) => /^[ \t]+\S/.test(line))) return 'is indented';
  return closed ? undefined : 'has no END line';
}
