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

/** A block as it stands in the text. */
export interface RawBlock {
  /** Line of its BEGIN, from 1. */
  readonly line: number;
  readonly label: string;
  /** Blanks and byte order marks before BEGIN. */
  readonly indent: string;
  /** What follows BEGIN on its line. */
  readonly sameLine: string;
  /** Whether an END line of the same label follows, before any other BEGIN. */
  readonly closed: boolean;
  /** The lines between. */
  readonly body: string[];
}

// what ends them takes anything: nothing is tried twice
const BEGIN = /^([ \t\ufeff]*)-----BEGIN ([^-]+)-----[ \t]*([^]*)$/;
const END = /^[ \t]*-----END ([^-]+)-----[ \t]*$/;

/** Every block of a PEM text in order, the broken ones too. Text around the blocks is skipped, as Thanos does. */
export function scanPem(text: string): PemBlock[] {
  return rawBlocks(text).map(blockOf);
}

/** The certificates of a PEM text that can be read. */
export function certificatesIn(text: string): X509Certificate[] {
  return scanPem(text).flatMap(({ certificate }) => certificate ?? []);
}

/** The blocks of a PEM text as they stand there, each line read once. */
export function rawBlocks(text: string): RawBlock[] {
  const lines = text.split(/\r\n?|\n/);
  const blocks: RawBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const begin = BEGIN.exec(lines[i]);
    if (!begin) continue;
    const [, indent, label, sameLine] = begin;
    let end = i + 1;
    while (end < lines.length && !END.test(lines[end]) && !BEGIN.test(lines[end])) end++;
    const closed = end < lines.length && END.exec(lines[end])?.[1] === label;
    blocks.push({ line: i + 1, indent, label, sameLine, closed, body: closed ? lines.slice(i + 1, end) : [] });
    i = end - 1;
  }
  return blocks;
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
  if (indent.includes('\ufeff')) return 'stands behind a byte order mark';
  if (indent !== '' || body.some((line) => /^[ \t]+\S/.test(line))) return 'is indented';
  return closed ? undefined : 'has no END line';
}
