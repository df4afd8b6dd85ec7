import type { Json } from '../../support/json';
import { dataKey } from '../../support/names';
import { yamlPackage } from '../../support/yaml-package';
import { exists, readTextInput } from '../files';
import { named } from '../ca/endpoint-option';
import { CliProblem } from '../problem';
import { parseYaml } from '../s3/objstore-file';
import { type Place, SCOPES, type Scope } from './encrypt';

/** A SealedSecret as `seal` writes and reads it. */
export interface Sealed {
  readonly place: Place;
  /** Type of the Secret. */
  readonly type: string;
  /** Ciphertext of each key. */
  readonly encryptedData: Record<string, string>;
  /** What `seal` needs to keep ciphertext. */
  readonly state: SealState;
  /** The manifest that is updated: what else stands there (labels, say) stays. */
  readonly base?: Json;
}

/** Kept in an annotation of the manifest; the library doesn't render it. */
export interface SealState {
  /** SHA-256 of the controller's certificate. */
  readonly certificate?: string;
  /** Verifier of each value. */
  readonly verifiers: Record<string, string>;
  /** SHA-256 of another certificate, for the values that were sealed with one before. */
  readonly earlier?: Record<string, string>;
}

const STATE = 'cdk8s-thanos-seal';
const SCOPE_ANNOTATION = 'sealedsecrets.bitnami.com/';
const HEADER = `# Made by "cdk8s-thanos seal"; safe to commit. Read it with SecretDelivery.sealedManifest, or kubectl apply it.\n`;

/** Text of the manifest: YAML, or JSON where the file's name ends so. Keys in order, so that diffs are small. */
export function manifestText(sealed: Sealed, file: string): string {
  const manifest = manifestOf(sealed);
  return file.endsWith('.json')
    ? `${JSON.stringify(manifest, null, 2)}\n`
    : HEADER + yamlPackage().stringify(manifest, { version: '1.1', lineWidth: 0 });
}

/** Reads what an earlier run wrote; undefined where there is no file. A manifest of kubeseal has no state. */
export function readSealed(file: string): Sealed | undefined {
  if (!exists(file)) return undefined;
  const manifest = parseYaml(readTextInput(file), file) as Json;
  const { metadata, spec, kind } = manifest ?? {};
  if (kind !== 'SealedSecret')
    throw new CliProblem(`${file} exists and is not a SealedSecret; nothing was written. Choose another file`);
  const annotations = metadata?.annotations ?? {};
  const encryptedData = spec?.encryptedData ?? {};
  for (const [key, value] of Object.entries(encryptedData)) {
    named(file, () => dataKey(key));
    if (typeof encryptedData !== 'object' || typeof value !== 'string')
      throw new CliProblem(`${file}: encryptedData is not a mapping of keys to text; nothing was written`);
  }
  return {
    place: { scope: scopeOf(annotations), namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' },
    type: spec?.template?.type ?? 'Opaque',
    encryptedData,
    state: stateOf(annotations[STATE]),
    base: manifest,
  };
}

function manifestOf({ place, type, encryptedData, state, base }: Sealed): object {
  const { name, namespace, scope } = place;
  const scoped = scope === 'strict' ? {} : { [`${SCOPE_ANNOTATION}${scope}`]: 'true' };
  const remembered: Record<string, string> =
    Object.keys({ ...state.verifiers, ...state.earlier }).length > 0 ? { [STATE]: JSON.stringify(inOrder(state)) } : {};
  const { template } = base?.spec ?? {};
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: metadataOf(base?.metadata, { name, namespace }, { ...scoped, ...remembered }),
    spec: {
      ...base?.spec,
      encryptedData: sorted(encryptedData),
      template: { ...template, metadata: metadataOf(template?.metadata, { name, namespace }, scoped), type },
    },
  };
}

/** Keeps labels and annotations of others; those of `seal` and of the scope are set anew. */
function metadataOf(before: Json, names: object, own: Record<string, string>): object {
  const ours = [STATE, ...SCOPES.map((scope) => SCOPE_ANNOTATION + scope)];
  const others = Object.entries(before?.annotations ?? {}).filter(([annotation]) => !ours.includes(annotation));
  const annotations = { ...Object.fromEntries(others), ...own };
  const rest = Object.fromEntries(Object.entries(before ?? {}).filter(([field]) => field !== 'annotations'));
  return { ...rest, ...names, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) };
}

function inOrder({ certificate, verifiers, earlier = {} }: SealState): SealState {
  const others = Object.keys(earlier).length > 0 ? { earlier: sorted(earlier) } : {};
  return { certificate, verifiers: sorted(verifiers), ...others };
}

function sorted(map: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function scopeOf(annotations: Json): Scope {
  if (annotations[`${SCOPE_ANNOTATION}cluster-wide`] === 'true') return 'cluster-wide';
  return annotations[`${SCOPE_ANNOTATION}namespace-wide`] === 'true' ? 'namespace-wide' : 'strict';
}

function stateOf(text: unknown): SealState {
  try {
    const { certificate, verifiers, earlier } = JSON.parse(String(text));
    return { certificate, verifiers: mapping(verifiers), earlier: mapping(earlier) };
  } catch {
    return { verifiers: {} };
  }
}

function mapping(value: unknown): Record<string, string> {
  return typeof value === 'object' && value !== null ? (value as Record<string, string>) : {};
}
