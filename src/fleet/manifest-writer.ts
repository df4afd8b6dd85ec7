import { Yaml } from 'cdk8s';
import { Uncertain, block, number, oneLine } from './scalars';

/** A longer key is marked by `?`. */
const LONGEST_KEY = 1000;

/**
 * Writes manifests byte for byte as cdk8s does, in a fraction of the time: cdk8s builds a document of nodes for each
 * object, in which every text is judged anew. What can't be told for certain is left to cdk8s, object by object.
 */
export class ManifestWriter {
  /** Texts of one line, as they are written: most of them stand in many objects. */
  readonly #lines = new Map<string, string>();
  /** The collections of a document: cdk8s writes one that stands there twice as an anchor and an alias. */
  readonly #seen = new Set<object>();

  /** Documents, one after the other. */
  public write(documents: readonly unknown[]): string {
    return documents.map((document) => this.#document(document)).join('---\n');
  }

  #document(document: unknown): string {
    this.#seen.clear();
    try {
      return `${this.#node(document, '')}\n`;
    } catch (error) {
      if (error instanceof Uncertain) return Yaml.stringify(document);
      throw error;
    }
  }

  /** A value as it stands behind an indentation that is written already. */
  #node(value: unknown, indent: string): string {
    switch (typeof value) {
      case 'string':
        return value.includes('\n') ? block(value, indent) : this.#line(value);
      case 'number':
        return number(value);
      case 'boolean':
        return value ? 'true' : 'false';
      case 'object':
        return value === null ? 'null' : this.#collection(value, indent);
      default:
        throw new Uncertain();
    }
  }

  #line(text: string): string {
    let line = this.#lines.get(text);
    if (line === undefined) {
      line = oneLine(text);
      this.#lines.set(text, line);
    }
    return line;
  }

  #collection(value: object, indent: string): string {
    if (this.#seen.has(value)) throw new Uncertain();
    this.#seen.add(value);
    if (Array.isArray(value)) return this.#sequence(value, indent);
    if (Object.getPrototypeOf(value) !== Object.prototype) throw new Uncertain();
    return this.#map(value as Record<string, unknown>, indent);
  }

  #sequence(items: readonly unknown[], indent: string): string {
    if (items.length === 0) return '[]';
    const inner = `${indent}  `;
    let text = '';
    for (const item of items) text += `${text && `\n${indent}`}- ${this.#node(item, inner)}`;
    return text;
  }

  #map(map: Record<string, unknown>, indent: string): string {
    const inner = `${indent}  `;
    let text = '';
    for (const key of Object.keys(map)) {
      const name = this.#line(key);
      if (name.length > LONGEST_KEY) throw new Uncertain();
      const value = map[key];
      const written = this.#node(value, inner);
      const below = typeof value === 'object' && value !== null && written !== '{}' && written !== '[]';
      text += `${text && `\n${indent}`}${name}:${below ? `\n${inner}` : ' '}${written}`;
    }
    return text || '{}';
  }
}
