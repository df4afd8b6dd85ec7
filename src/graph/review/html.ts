/** HTML that is safe to put into a page: made by the tag `html`, or by who vouches for it. */
export class Html {
  constructor(public readonly text: string) {}
}

/** What may stand in a template; text is escaped. */
export type Value = string | number | undefined | Html | readonly Value[];

/** A piece of HTML, in which each value that is not HTML itself stands for nothing but its characters. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const own = parts.map((part) => part.replace(/\n\s*/g, '\n'));
  return new Html(own.map((part, i) => (i === 0 ? part : rendered(values[i - 1]) + part)).join(''));
}

function rendered(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(rendered).join('');
  return escaped(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for quoted attributes. What is not seen, or turns around what is, becomes U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => ENTITIES[char])
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** A column of a table; `wide` ones hold sentences. */
export interface Column {
  readonly title: string;
  readonly wide?: boolean;
}

/** A table that scrolls within itself, with a caption for who hears the page. Its first column names the row. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Value[])[]): Html {
  const head = columns.map(({ title, wide }) => html`<th scope="col" ${wide === true ? WIDE : ''}>${title}</th>`);
  const body = rows.map(
    ([name, ...cells]) =>
      html`<tr>
        <th scope="row">${name}</th>
        ${cells.map((cell) => html`<td>${cell}</td>`)}
      </tr> `,
  );
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div> `;
}

const WIDE = new Html('class="wide"');

/** Lines of a cell, one below the other; a dash where there are none. */
export function lines(all: readonly Value[]): Html {
  if (all.length === 0) return html`<span class="none">none</span>`;
  return html`<ul>
    ${all.map((one) => html`<li>${one}</li>`)}
  </ul>`;
}

/** How much a word weighs. */
export type Tone = 'good' | 'warn' | 'bad' | 'dim';

/** A word in its colour; the word itself says the same. */
export function toned(tone: Tone, text: Value): Html {
  return html`<span class="${tone}">${text}</span>`;
}

/** Text as a program writes it. */
export function code(text: string): Html {
  return html`<code>${text}</code>`;
}

export function plural(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
