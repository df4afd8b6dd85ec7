import { readFileSync } from 'node:fs';
import * as path from 'node:path';

/** A section of the page: an error text, and which part of the library catches it. */
export interface Section {
  readonly heading: string;
  /** Texts that the real Thanos says. */
  readonly texts: readonly string[];
  /** Texts that only a cluster says: not produced here. */
  readonly seen: readonly string[];
  readonly impossible: boolean;
  /** Messages of synth, from the prop on. */
  readonly synth: readonly string[];
  readonly preflight: boolean;
  /** Steps at which `verify` fails. */
  readonly verify: readonly string[];
  /** Rules of lint. */
  readonly lint: readonly string[];
}

const LABELS = ['Impossible here', 'Error at synth', 'Preflight', '`verify`', '`lint`'];
/** What stands for something else on the page. */
const PLACEHOLDER =
  /\b(ADDRESS|ENDPOINT|FILE|HOST|ISSUER|KEY|N|NAMES?|PORT|REASON|SUBJECT|TIME|TYPE|URL|USAGE|VALUE)\b/;

/** The page's text. */
export function page(): string {
  return readFileSync(path.join(__dirname, '../../docs/troubleshooting.md'), 'utf8');
}

/** The sections that have a text, in the page's order. */
export function sections(markdown: string): Section[] {
  return markdown
    .split(/^(?=#{2,3} )/m)
    .map(section)
    .filter(({ texts, seen }) => texts.length + seen.length > 0);
}

function section(markdown: string): Section {
  const heading = /^#+ (.*)$/m.exec(markdown)![1];
  const caught = [...markdown.matchAll(/^- \*\*(.+?)\*\*: (.*)$/gm)].map(([, label, text]) => ({ label, text }));
  const strange = caught.find(({ label }) => !LABELS.includes(label));
  if (strange) throw new Error(`${heading}: "${strange.label}" is none of ${LABELS.join(', ')}`);
  const under = (label: string): string[] => caught.filter((c) => c.label === label).map((c) => c.text);
  return {
    heading,
    texts: fenced(markdown, 'text'),
    seen: fenced(markdown, 'seen'),
    impossible: under('Impossible here').length > 0,
    synth: under('Error at synth').flatMap(quoted),
    preflight: under('Preflight').length > 0,
    verify: under('`verify`').flatMap(quoted),
    lint: under('`lint`').flatMap(quoted),
  };
}

function fenced(markdown: string, language: string): string[] {
  const blocks = [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))];
  return blocks.flatMap(([, lines]) => lines.trim().split('\n'));
}

function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
}

/** Whether a line is a text of the page, its placeholders filled. */
export function says(line: string, text: string): boolean {
  const parts = text.split(new RegExp(PLACEHOLDER, 'g')).filter((_, i) => i % 2 === 0);
  return new RegExp(`^${parts.map(escaped).join('.+?')}$`).test(line);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** A heading as the anchor of a link. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
