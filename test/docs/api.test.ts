import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Parts of a jsii assembly that are read here. */
interface Documented {
  readonly name: string;
  readonly docs?: { summary?: string; default?: string };
}
interface Property extends Documented {
  readonly optional?: boolean;
  readonly type: unknown;
}
interface Type extends Documented {
  readonly kind: 'class' | 'interface' | 'enum';
  readonly datatype?: boolean;
  readonly properties?: Property[];
  readonly methods?: Documented[];
  readonly members?: Documented[];
}

const assembly = JSON.parse(readFileSync(join(__dirname, '../../.jsii'), 'utf8'));
const types: Type[] = Object.values(assembly.types);
const members = (type: Type): Documented[] => [
  ...(type.properties ?? []),
  ...(type.methods ?? []),
  ...(type.members ?? []),
];

/** Every value below a node, with its path, that a predicate picks. */
function pick(node: unknown, wanted: (value: any) => boolean, path = ''): string[] {
  if (node === null || typeof node !== 'object') return [];
  const here = wanted(node) ? [path] : [];
  return [...here, ...Object.entries(node).flatMap(([key, child]) => pick(child, wanted, `${path}/${key}`))];
}

test('the assembly is that of the whole library', () => {
  const names = types.map((type) => type.name);
  expect(names).toEqual(expect.arrayContaining(['ThanosStack', 'S3Ca', 'ObjstoreConfig', 'Receiver', 'GrantTable']));
});

test('every optional prop says what its default is', () => {
  const optional = types
    .filter((type) => type.datatype)
    .flatMap((type) =>
      (type.properties ?? []).filter((p) => p.optional).map((p) => ({ ...p, name: `${type.name}.${p.name}` })),
    );
  expect(optional.length).toBeGreaterThan(100);
  expect(optional.filter((p) => !p.docs?.default).map((p) => p.name)).toEqual([]);
});

test('every type and every member of it has a docstring', () => {
  const documented = types.flatMap((type) => [
    type,
    ...members(type).map((member) => ({ ...member, name: `${type.name}.${member.name}` })),
  ]);
  expect(documented.filter((thing) => !thing.docs?.summary).map((thing) => thing.name)).toEqual([]);
});

test('no union type, which the other languages would lose', () => {
  expect(pick(assembly.types, (value) => value.union !== undefined)).toEqual([]);
});

test('no type of cdk8s-plus in a signature', () => {
  const foreign = (value: { fqn?: unknown; base?: unknown }): boolean =>
    [value.fqn, value.base].some((name) => typeof name === 'string' && /^cdk8s-plus/.test(name));
  expect(pick(assembly.types, foreign)).toEqual([]);
  expect(pick(assembly.types, (value) => /^cdk8s\./.test(value.fqn ?? '')).length).toBeGreaterThan(0);
});

test('props interfaces are structs, and what is not is named as an interface with behaviour', () => {
  const interfaces = types.filter((type) => type.kind === 'interface');
  expect(interfaces.filter((type) => !type.datatype).every((type) => /^I[A-Z]/.test(type.name))).toBe(true);
});
