import type { X509Certificate } from 'node:crypto';
import { caRefs } from '../../lint/ca-mounts';
import type { KeyRef } from '../../lint/files';
import { content, keys, type ManifestObject, label } from '../../lint/manifest-object';
import { text } from '../../lint/shape';
import type { World } from '../../lint/world';
import { daysLeft, holdsPrivateKey, issuerOf, notAfter, notBefore, subjectOf, WARN_DAYS } from '../../pki/certificate';
import { certificatesIn } from '../../pki/pem';

/** A certificate of the manifests, judged at a time. */
export interface CertificateLine {
  /** `Secret monitoring/thanos-s3-ca-cert, ca.crt`. */
  readonly where: string;
  /** Whether a bucket's `ca_file` reads it. */
  readonly ofBucket: boolean;
  readonly subject: string;
  readonly issuer: string;
  readonly from: Date;
  readonly until: Date;
  readonly days: number;
  readonly state: 'valid' | 'ends soon' | 'expired' | 'not valid yet';
  readonly sha256: string;
}

/** What the manifests say of certificates. */
export interface Certificates {
  readonly lines: readonly CertificateLine[];
  /** Certificates that are read from elsewhere, or made in the cluster. */
  readonly elsewhere: readonly string[];
  /** Where private keys stand in the manifests. */
  readonly privateKeys: readonly string[];
}

/** Every certificate in the Secrets and ConfigMaps of the manifests, whoever reads it. */
export function certificatesOf(world: World): Certificates {
  const refs = caRefs(world);
  const stored = world.objects
    .filter(({ kind }) => kind === 'Secret' || kind === 'ConfigMap')
    .flatMap((object) => keys(object).map((key) => ({ object, key, pem: content(object, key) ?? '' })));
  return {
    lines: stored.flatMap(({ object, key, pem }) =>
      certificatesIn(pem).map((certificate) =>
        lineOf(world.now, `${label(object)}, ${key}`, isOf(refs, object, key), certificate),
      ),
    ),
    elsewhere: [...refs.filter(({ object }) => object === undefined).map(notHere), ...world.objects.flatMap(issued)],
    privateKeys: stored.filter(({ pem }) => holdsPrivateKey(pem)).map(({ object, key }) => `${label(object)}, ${key}`),
  };
}

function isOf(refs: readonly KeyRef[], object: ManifestObject, key: string): boolean {
  return refs.some((ref) => ref.object === object && ref.key === key);
}

function lineOf(now: Date, where: string, ofBucket: boolean, certificate: X509Certificate): CertificateLine {
  const [from, until, days] = [notBefore(certificate), notAfter(certificate), daysLeft(certificate, now)];
  const state =
    now > until ? 'expired' : now < from ? 'not valid yet' : days < WARN_DAYS ? 'ends soon' : ('valid' as const);
  const [subject, issuer] = [subjectOf(certificate), issuerOf(certificate)];
  return { where, ofBucket, subject, issuer, from, until, days, state, sha256: certificate.fingerprint256 };
}

function notHere({ kind, name, key }: KeyRef): string {
  return `${kind} ${name}${key === '' ? '' : `, ${key}`}: a CA of the bucket whose text is not in the manifests`;
}

/** What cert-manager makes (https://cert-manager.io/docs/usage/certificate/). */
function issued(object: ManifestObject): string[] {
  if (object.kind !== 'Certificate' || !text(object.json.apiVersion).startsWith('cert-manager.io/')) return [];
  const { spec } = object.json;
  const [secret, issuer] = [text(spec?.secretName), text(spec?.issuerRef?.name)];
  return [`${label(object)}: made and renewed in the cluster by ${issuer || 'an issuer'}, into Secret ${secret}`];
}
