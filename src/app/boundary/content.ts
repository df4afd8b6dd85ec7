import { type Json, list } from '../../manifest/pod-specs';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g;
/** "-----BEGIN CERTIFICATE" in base64. */
const ENCODED_PEM = /LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS[A-Za-z0-9+/=\s]*/g;
/** Shorter texts are found by chance. */
const SHORTEST = 8;

/** What a text is known by: the certificates in it, plain or in base64, and the text as a whole. */
export function tracesOfText(text: string): string[] {
  if (text.length < SHORTEST) return [];
  const certificates = [text, ...[...text.matchAll(ENCODED_PEM)].map(([encoded]) => decoded(encoded))].flatMap((pem) =>
    // a text in an env or an annotation may have its line ends written out
    [...pem.matchAll(CERTIFICATE)].map(([, body]) => body.replace(/\\[nr]|\s/g, '')),
  );
  return certificates.length > 0 ? certificates : [text.trim()];
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
