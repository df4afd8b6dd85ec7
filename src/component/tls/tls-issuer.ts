import { Duration } from 'cdk8s';
import { Certificate } from '../../../imports/cert-manager.io';
import { place } from '../../app/place';
import { isHostName } from '../../support/names';
import { found, InputProblem } from '../../support/problem';
import { duration, listOf, struct, text } from '../../support/rows';
import type { StructTable } from '../../support/table';
import { goDuration, milliseconds } from '../../support/units';
import type { Context } from '../context';

/** How cert-manager makes a certificate. */
export interface TlsIssuerOptions {
  /**
   * Kind of the issuer. An Issuer lies in the pods' namespace, a ClusterIssuer serves all.
   * @default Issuer
   */
  readonly kind?: string;
  /**
   * API group of the issuer, where it is none of cert-manager's own.
   * @default - cert-manager's, cert-manager.io
   */
  readonly group?: string;
  /**
   * Lifetime of a certificate, at least 1 hour.
   * @default - cert-manager's own, 90 days
   */
  readonly duration?: Duration;
  /**
   * How long before its end a certificate is renewed, at least 5 minutes. Thanos reads the new one by itself.
   * @default - cert-manager's own, a third of its lifetime
   */
  readonly renewBefore?: Duration;
  /**
   * Further names: those by which a part is asked from outside.
   * @default - the names of the part's Services
   */
  readonly dnsNames?: string[];
  /**
   * Any text that changes with the issuer's CA. A change rolls the pods. Certificate and key Thanos reads again by itself.
   * @default - a changed CA is used after the next restart
   */
  readonly revision?: string;
}

/**
 * Who signs, and what.
 * @internal
 */
export interface TlsIssuer extends TlsIssuerOptions {
  readonly name: string;
}

/** What cert-manager's webhook insists on. */
const LEAST = { duration: 3_600_000, renewBefore: 300_000 };
/** Its own lifetime, where none is given. */
const LIFETIME = Duration.days(90);
const USAGES = ['digital signature', 'key encipherment', 'server auth', 'client auth'];

const TABLE: StructTable<TlsIssuerOptions> = {
  kind: text,
  group: text,
  duration: (value) => atLeast(duration(value), LEAST.duration, '1 hour'),
  renewBefore: (value) => atLeast(duration(value), LEAST.renewBefore, '5 minutes'),
  dnsNames: listOf(dnsName),
  revision: text,
};

/** How it is read. */
export const TLS_ISSUER = struct(TABLE, ({ duration: whole = LIFETIME, renewBefore }) => {
  if (renewBefore && milliseconds(renewBefore) >= milliseconds(whole))
    throw new InputProblem(
      `renewBefore: is ${goDuration(renewBefore)}, not less than the duration of ${goDuration(whole)}`,
    );
});

function atLeast(value: Duration, least: number, said: string): Duration {
  if (milliseconds(value) >= least) return value;
  throw new InputProblem(`is ${goDuration(value)}; cert-manager takes ${said} at least`);
}

/** A name in a certificate; its first label may be `*`. */
function dnsName(name: unknown): string {
  if (isHostName(name)) return name;
  throw new InputProblem(`${found(name)} is not a DNS name; write "thanos.example.com" or "*.example.com"`);
}

/**
 * The Certificate, which makes the Secret of the same name.
 * @internal
 */
export function placeCertificate(
  { construct, identity }: Context<unknown>,
  name: string,
  issuer: TlsIssuer,
  names: readonly string[],
): void {
  const { kind, group, duration: lifetime, renewBefore, dnsNames = [] } = issuer;
  const metadata = { name, namespace: identity.namespace, labels: { ...identity.selector } };
  const spec = {
    secretName: name,
    issuerRef: { name: issuer.name, kind: kind ?? 'Issuer', group },
    duration: lifetime && goDuration(lifetime),
    renewBefore: renewBefore && goDuration(renewBefore),
    dnsNames: [...new Set([...names, ...dnsNames])],
    usages: USAGES,
  };
  place(construct, `Certificate-${name.slice(identity.workload.length + 1)}`, Certificate.manifest({ metadata, spec }));
}
