// The reference as Markdown, from the jsii assembly: a page for each source file, which is a concept, and an index in the
// order of src/index.ts. What a type inherits stands once, at the type that has it.
import { dirname, relative } from 'node:path/posix';

const PACKAGE = 'cdk8s-thanos.';

/**
 * @param assembly the parsed .jsii
 * @param index text of src/index.ts, whose comments are the headings
 * @returns Map of path below docs/reference to its text
 */
export function reference(assembly, index) {
  const types = Object.values(assembly.types);
  const pages = new Map();
  for (const type of types) {
    const page = pageOf(type);
    pages.set(page, [...(pages.get(page) ?? []), type]);
  }
  const written = new Map();
  for (const [page, members] of [...pages].sort(([a], [b]) => a.localeCompare(b))) {
    written.set(page, pageText(page, members.sort(classesFirst), assembly));
  }
  written.set('README.md', indexText(index, pages));
  return written;
}

function pageOf(type) {
  return `${type.symbolId.split(':')[0].replace(/^src\//, '')}.md`;
}

/** A page begins with what one makes, then what it takes. */
function classesFirst(a, b) {
  const rank = (type) => (type.kind === 'class' ? 0 : type.kind === 'enum' ? 2 : 1);
  return rank(a) - rank(b) || a.name.localeCompare(b.name);
}

/** The headings of src/index.ts, each with the pages that its exports lead to, in their order. */
function indexText(index, pages) {
  const lines = ['# Reference', '', 'Each page is a concept. Written by `npm run docs` from the docstrings.'];
  const left = new Set(pages.keys());
  const [, ...sections] = index.split(/^\/\/ /m);
  for (const section of sections) {
    const files = [...section.matchAll(/from '\.\/([^']+)'/g)].map(([, file]) => `${file}.md`);
    const here = [...new Set(files)].filter((page) => pages.has(page));
    if (here.length === 0) continue;
    lines.push('', `## ${section.split('\n')[0]}`, '');
    for (const page of here) {
      left.delete(page);
      const members = pages.get(page);
      lines.push(`- ${members.map((type) => `[${type.name}](${page}#${anchor(type.name)})`).join(', ')}`);
    }
  }
  if (left.size > 0) throw new Error(`src/index.ts does not lead to ${[...left].join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function pageText(page, types, assembly) {
  const context = { page, assembly };
  const texts = types.map((type, i) => `${i === 0 ? '#' : '##'} ${type.name}\n\n${typeText(type, context)}`);
  return `${texts.join('\n\n')}\n`;
}

function typeText(type, context) {
  const parts = [paragraph(type.docs)];
  const parents = [...(type.base ? [{ fqn: type.base }] : []), ...(type.interfaces ?? []).map((fqn) => ({ fqn }))];
  if (parents.length > 0) {
    const word = type.datatype ? 'Has also all of' : 'Is also';
    parts.push(`${word}: ${parents.map((parent) => typeName(parent, context)).join(', ')}.`);
  }
  const thrown = type.docs?.custom?.throws;
  if (thrown) parts.push(`Throws ${oneLine(thrown)}.`);
  if (type.kind === 'enum')
    parts.push(
      table(
        ['member', 'what it is'],
        type.members.map((m) => [code(m.name), cell(m.docs)]),
      ),
    );
  if (type.initializer) parts.push(callable(`new ${type.name}`, type.initializer, context, true));
  const methods = (type.methods ?? []).filter((method) => !method.protected);
  const own = (type.properties ?? []).filter((property) => !property.protected);
  if (own.length > 0) parts.push(type.datatype ? propsTable(own, context) : membersTable(own, context));
  for (const method of [...methods].sort((a, b) => Number(b.static ?? false) - Number(a.static ?? false))) {
    parts.push(callable(`${method.static ? `${type.name}.` : ''}${method.name}`, method, context));
  }
  return parts.filter(Boolean).join('\n\n');
}

function propsTable(props, context) {
  const ordered = [...props].sort((a, b) => Number(a.optional ?? false) - Number(b.optional ?? false));
  return table(
    ['prop', 'type', 'default', 'what it is'],
    ordered.map((prop) => [
      code(prop.name),
      typeName(prop.type, context),
      prop.optional ? defaultText(prop.docs) : '**required**',
      cell(prop.docs),
    ]),
  );
}

function membersTable(members, context) {
  return table(
    ['property', 'type', 'what it is'],
    members.map((m) => [code(`${m.name}${m.optional ? '?' : ''}`), typeName(m.type, context), cell(m.docs)]),
  );
}

/** `name(a, b?): type`, what it does, and its parameters where they are described. */
function callable(name, { parameters = [], returns, docs }, context, constructs = false) {
  const list = parameters.map(
    (p) => `${p.variadic ? '...' : ''}${p.name}${p.optional ? '?' : ''}: ${plainType(p.type)}`,
  );
  const result = constructs ? '' : `: ${returns ? plainType(returns.type) : 'void'}`;
  const lines = [`\`${name}(${list.join(', ')})${result}\``];
  const text = paragraph(docs);
  if (text) lines.push(text);
  const described = parameters.filter((p) => p.docs?.summary);
  if (described.length > 0)
    lines.push(described.map((p) => `- ${code(p.name)}: ${oneLine(textOf(p.docs))}`).join('\n'));
  const thrown = docs?.custom?.throws;
  if (thrown) lines.push(`Throws ${oneLine(thrown)}.`);
  return lines.join('\n\n');
}

/** A type with links to what is described here. */
function typeName(type, context) {
  if (type.primitive) return type.primitive;
  if (type.collection) {
    const element = typeName(type.collection.elementtype, context);
    return type.collection.kind === 'array' ? `${element}[]` : `map of ${element}`;
  }
  if (!type.fqn.startsWith(PACKAGE)) return code(type.fqn);
  const target = context.assembly.types[type.fqn];
  const page = pageOf(target);
  const file = page === context.page ? '' : relative(dirname(context.page), page);
  return `[${target.name}](${file}#${anchor(target.name)})`;
}

function plainType(type) {
  if (type.primitive) return type.primitive;
  if (!type.collection) return type.fqn.replace(PACKAGE, '').replace(/^(cdk8s|constructs)\./, '');
  const element = plainType(type.collection.elementtype);
  return type.collection.kind === 'array' ? `${element}[]` : `{ [key: string]: ${element} }`;
}

function defaultText(docs) {
  const text = oneLine(docs?.default ?? '');
  return text.startsWith('- ') ? text.slice(2) : code(text);
}

function textOf(docs = {}) {
  return [docs.summary, docs.remarks].filter(Boolean).join(' ');
}

function paragraph(docs) {
  const [first, ...more] = [docs?.summary, docs?.remarks].filter(Boolean);
  return [first, ...more].filter(Boolean).join('\n\n');
}

function cell(docs) {
  return oneLine(textOf(docs));
}

function oneLine(text) {
  return text.replace(/\s+/g, ' ').trim();
}

function code(text) {
  return text === '' ? '' : `\`${text}\``;
}

function anchor(name) {
  return name.toLowerCase();
}

function table(head, rows) {
  const row = (cells) => `| ${cells.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}
