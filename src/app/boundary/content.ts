import { list } from '../../manifest/pod-specs';
import type { Json } from '../../support/json';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g;
const PEM = '-----BEGIN CERTIFICATE';
/** The same in base64, as far as it doesn't depend on what follows. */
const PEM_ENCODED = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS';
const ENCODED = new RegExp(`${PEM_ENCODED}[A-Za-z0-9+/=\\s]*`, 'g');
/** Shorter texts are found by chance. */
const SHORTEST = 12;

/** What a text is known by: the certificates in it, plain or in base64, and the text as a whole. */
export function tracesOfText(text: string): string[] {
  if (text.length < SHORTEST) return [];
  if (!text.includes(PEM) && !text.includes(PEM_ENCODED)) return [text.trim()];
  const texts = [text, ...[...text.matchAll(ENCODED)].map(([encoded]) => decoded(encoded))];
  // a text in an env or an annotation may have its line ends written out
  return texts.flatMap((pem) => [...pem.matchAll(CERTIFICATE)].map(([, body]) => body.replace(/\\[nr]|\s/g, '')));
}

/** Traces of all that a Secret or ConfigMap holds, each value as it is, and as base64 of something. */
export function tracesOfObject(json: Json): string[] {
  if (json?.kind === 'ExternalSecret') return remoteKeys(json.spec);
  const plain = [json?.data, json?.stringData].flatMap((values) => Object.values<unknown>(values ?? {}));
  const encoded = json?.kind === 'Secret' ? json.data : json?.binaryData;
  const texts = [...plain, ...Object.values<unknown>(encoded ?? {}).map(decoded)];
  return texts.flatMap((text) => tracesOfText(String(text)));
}

/** Remote keys of an ExternalSecret, by store and name. */
function remoteKeys(spec: Json): string[] {
  const store = `${spec?.secretStoreRef?.kind ?? 'SecretStore'}/${spec?.secretStoreRef?.name}`;
  const refs = [
    ...list(spec?.data).map(({ remoteRef }) => remoteRef),
    ...list(spec?.dataFrom).map(({ extract }) => extract),
  ];
  return refs.filter((ref) => ref?.key !== undefined).map(({ key, property }) => `${store}/${key}#${property ?? ''}`);
}

function decoded(text: unknown): string {
  return Buffer.from(String(text), 'base64').toString('utf8');
}
