import type { CST, Document, LineCounter } from 'yaml';
import type { Json } from '../support/json';
import { yamlPackage } from '../support/yaml-package';
import { pieces, type Text } from './text';

/** Nested deeper than this no Kubernetes object is; an anchor that holds its own alias is nested without end. */
const MAX_DEPTH = 100;
const TOO_DEEP = `is nested deeper than ${MAX_DEPTH} levels`;
/** More values than etcd would take in one object; aliases of aliases get there from a few lines. */
const MAX_VALUES = 2_000_000;

/** Why a text is not YAML that can be read. Never repeats the text: it may hold a secret. */
export class NotYaml extends Error {}

/**
 * The documents of a text, as plain JSON, whoever wrote it.
 *
 * @param version 1.1 as Thanos reads its configs; 1.2 for manifests
 */
export function parseYaml(text: Text, version: '1.1' | '1.2'): Json[] {
  return [...yamlDocuments(text, version)].map(({ json }) => json);
}

/** A document, and where it ends in its text. */
export interface YamlDocument {
  readonly json: Json;
  /** Line of its first value, from 1. */
  readonly line: number;
  readonly end: number;
}

/** The same, one document after the other: what a document was parsed into is gone before the next one is read. */
export function* yamlDocuments(text: Text, version: '1.1' | '1.2'): Generator<YamlDocument> {
  for (const piece of pieces(text)) if (piece.includes('\0')) throw new NotYaml('is binary, not YAML');
  let [offset, line] = [0, 0];
  for (const section of sections(text)) {
    const lines = new (yamlPackage().LineCounter)();
    for (const document of composed(section, version, lines)) {
      const start = document.contents?.range?.[0] ?? document.range[0];
      const json = plain(document, lines, line);
      yield { json, line: line + lines.linePos(start).line, end: offset + document.range[2] };
    }
    offset += section.length;
    line += lines.lineStarts.length - 1;
  }
}

function* composed(section: string, version: '1.1' | '1.2', lines: LineCounter): Generator<Document.Parsed> {
  const { Composer, Parser } = yamlPackage();
  const composer = new Composer({ version, merge: true, prettyErrors: false, logLevel: 'error' });
  for (const token of new Parser(lines.addNewLine).parse(section)) {
    requireShallow(token);
    yield* composer.next(token);
  }
  yield* composer.end();
}

/** A line that begins a document; nothing that began before it, a text in quotes for one, goes on behind it. */
const BEGINNING = /^---(?=[ \t\r\n]|$)/gm;
/** A line that tells how to read the documents behind it. */
const DIRECTIVE = /^%/m;

/** The documents' texts; several in one where a directive may be meant for them. */
function* sections(text: Text): Generator<string> {
  let rest = '';
  let first = true;
  for (const piece of pieces(text)) {
    rest += first ? piece.replace(/^\ufeff/, '') : piece;
    first = false;
    if (DIRECTIVE.test(rest)) continue;
    let start = 0;
    for (const { index } of rest.matchAll(BEGINNING)) {
      if (index > start) yield rest.slice(start, index);
      start = index;
    }
    rest = rest.slice(start);
  }
  yield rest;
}

function plain(document: Document.Parsed, lines: LineCounter, before: number): Json {
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new NotYaml(
      `is not YAML: ${error.code.toLowerCase().replaceAll('_', ' ')} at line ${before + line}, column ${col}`,
    );
  }
  try {
    const json: Json = document.toJS({ maxAliasCount: 100 });
    requireFinite(json);
    return json;
  } catch (thrown) {
    if (thrown instanceof NotYaml) throw thrown;
    if (/^Excessive alias/.test((thrown as Error).message))
      throw new NotYaml('expands too many aliases: it looks like an alias bomb');
    throw new NotYaml('is not YAML: a merge, alias or tag that makes no sense');
  }
}

/** Composing recurses, and Node aborts where a regular expression meets the stack's end: so the tokens are measured first. */
function requireShallow(root: CST.Token): void {
  const open: [CST.Token | null | undefined, number][] = [[root, 0]];
  while (open.length > 0) {
    const [token, depth] = open.pop()!;
    if (!token) continue;
    if (depth > MAX_DEPTH) throw new NotYaml(TOO_DEEP);
    if ('items' in token) for (const item of token.items) open.push([item.key, depth + 1], [item.value, depth + 1]);
    if (token.type === 'document') open.push([token.value, depth]);
  }
}

/** Without recursion, so that no nesting can overflow the stack here or in what walks the object later. */
function requireFinite(json: Json): void {
  const open: [Json, number][] = [[json, 0]];
  for (let values = 0; open.length > 0; values++) {
    const [node, depth] = open.pop()!;
    if (depth > MAX_DEPTH) throw new NotYaml(`${TOO_DEEP}, or holds an alias of itself`);
    if (values > MAX_VALUES) throw new NotYaml(`holds more than ${MAX_VALUES} values`);
    if (typeof node === 'object' && node !== null)
      for (const child of Object.values(node)) open.push([child, depth + 1]);
  }
}
