import type { IConstruct } from 'constructs';
import { NOT_OF_THIS, OF_OBJSTORE } from '../objstore/bucket-fields';
import type { Grant } from '../objstore/grant';
import { COMPONENT_OPTIONS, COMPONENT_PLACEMENT, type ComponentOptions } from '../pod/component-options';
import { checked } from '../support/problem';
import { readProps, type Row, type StructTable } from '../support/table';
import { OPTIONAL_BUCKET, REQUIRED_BUCKET } from './bucket-props';
import { isOwnImage } from '../pod/image';
import { finishFlags } from './extra-args';
import { Flags } from './flags';
import type { Context } from './context';
import type { Kind } from './kind';
import type { Option } from './option';
import { HTTP_PART, type HttpPartOptions } from './tls/http-config';
import { httpConfigPath } from './tls/http-files';

const COMMON = { ...COMPONENT_OPTIONS, ...HTTP_PART, ...COMPONENT_PLACEMENT };
const BUCKET = { required: REQUIRED_BUCKET, optional: OPTIONAL_BUCKET };
const TABLES = new WeakMap<object, StructTable<any>>();

/** How all props of a kind are read. */
function tableOf(kind: Kind<any>): StructTable<any> {
  const known = TABLES.get(kind);
  if (known) return known;
  const own = Object.entries(kind.options as Options).map(([prop, { read }]) => [prop, read] as const);
  const table = { ...COMMON, ...(kind.bucket && BUCKET[kind.bucket]), ...Object.fromEntries(own) } as StructTable<any>;
  TABLES.set(kind, table);
  return table;
}

/** Reads the props of a component. */
export function readKind<P>(construct: IConstruct, kind: Kind<any>, given: unknown): P {
  const elsewhere = kind.bucket ? OF_OBJSTORE : NOT_OF_THIS;
  return readProps(construct, tableOf(kind), given, { ...elsewhere, ...kind.without });
}

/** The command with its flags: logging, the bucket, what the kind is told, and the users' own. */
export function argsOf<P extends ComponentOptions & HttpPartOptions>(
  kind: Kind<P>,
  context: Context<P>,
  grant?: Grant,
): Flags {
  const { construct, props } = context;
  const flags = new Flags(kind.command)
    .set('--log.level', props.logLevel)
    .set('--log.format', props.logFormat)
    .granted(grant);
  if (props.tracing) flags.set(...props.tracing._plan().arg);
  flags.set('--http.config', httpConfigPath(props));
  checked(construct, 'kind', () => flags.override(kind.args ?? [], isOwnImage(props.image)));
  for (const [prop, option] of Object.entries(kind.options as Options)) {
    const args = checked(construct, prop, () => option.args?.((props as Record<string, unknown>)[prop], context) ?? []);
    for (const [name, value] of args) flags.add(value === undefined ? name : `${name}=${value}`);
  }
  finishFlags(construct, flags, props);
  return flags;
}

type Options = Record<string, Option<Row<unknown>, any, any>>;
