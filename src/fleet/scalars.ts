/** Thrown where it isn't certain how cdk8s writes a value. */
export class Uncertain extends Error {}

/** Control characters and broken surrogates are escaped; tabs, dates, merges and document marks follow rules of their own. */
const UNCERTAIN = /[\0-\x09\x0b-\x1f\x7f-\x9f\ufeff]|\p{Surrogate}|^(?:---|\.\.\.|\d{4}-)|^<<$/u;
/** Begins like what YAML takes for something else than a text. */
const INDICATOR = /^[,[\]{}#&*!|>'"%@`]|^-(?: |$)/;
/** Begins like a text. Whatever is in neither list is left to cdk8s. */
const TEXT = /^[\w/$(<=+.~^;\\)-]/;
/** Ends the text, or the key, for YAML. */
const SEPARATOR = /: |:$| #| $/;
/** What YAML 1.1 takes for null, a boolean or not a number. */
const WORDS = new Set(
  ['', '~', 'null', 'Null', 'NULL', '.nan', '.NaN', '.NAN']
    .concat(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'])
    .concat(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']),
);
/** What YAML 1.1 takes for a number, base 60 included. */
const NUMBER = new RegExp(
  '^[-+]?(?:' +
    ['0b[01_]+', '0x[\\da-fA-F_]+', '\\d[\\d_]*(?::[0-5]?\\d)*(?:\\.[\\d_]*)?', '\\.[\\d_]*', '\\.(?:inf|Inf|INF)']
      .concat('(?:\\d[\\d_]*)?(?:\\.[\\d_]*)?[eE][-+]?\\d+')
      .join('|') +
    ')$',
);
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;

/** A text of one line: plain where YAML 1.1 reads it as the same text, else quoted. */
export function oneLine(text: string): string {
  if (UNCERTAIN.test(text) || text.includes('\n')) throw new Uncertain();
  if (WORDS.has(text) || NUMBER.test(text) || INDICATOR.test(text) || SEPARATOR.test(text)) return quoted(text);
  if (!TEXT.test(text)) throw new Uncertain();
  return text;
}

function quoted(text: string): string {
  return text.includes('"') && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
}

/** A text of several lines, as a literal block. */
export function block(text: string, indent: string): string {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  if (UNCERTAIN.test(body) || body === '' || indent === '' || /^[ \n]|[ \n]$|\n +$/.test(body)) throw new Uncertain();
  return `${body === text ? '|-' : '|'}\n${indent}${body.replace(/\n+/g, `$&${indent}`)}`;
}

export function number(value: number): string {
  const text = String(value);
  if (!PLAIN_NUMBER.test(text) || Object.is(value, -0)) throw new Uncertain();
  return text;
}
