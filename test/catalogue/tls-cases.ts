import { S3Ca, S3ServerCertificate } from '../../src';
import { type ByHand, CA_FILE, type Options, type Proofs } from './run';
import type { Port, World } from './world';

const NOW = new Date('2026-06-01T00:00:00Z');
const EARLY = '2049-01-01T00:00:00Z';
const PAST = '2025-01-01T00:00:00Z';

/** The preflight against one of the servers. */
function at(port: Port, options: Options = {}) {
  return (world: World) => ({ options: { port: world.ports[port], ...options } });
}

/** The preflight against the server of a CA that has a limit. */
function limited(limit: keyof World['limitedCa']) {
  return ({ ports, limitedCa }: World) => ({
    options: { port: ports.limited, ca: S3Ca.fromPem(limitedCa[limit], { allowLeaf: true }) },
  });
}

/** Options with a server certificate that synth can judge. */
function server(pem: string, more: Options = {}): Options {
  return { serverCertificate: S3ServerCertificate.fromPem(pem, { validAt: NOW }), ...more };
}

/** A config that says of TLS only this. */
function tlsConfig(world: World, tls: object): ByHand {
  return { config: { bucket: 'thanos', endpoint: `localhost:${world.minio.port}`, http_config: { tls_config: tls } } };
}

/** Texts about the server's certificate and the CA. */
export const CERTIFICATE_PROOFS: Proofs = {
  'Unknown authority': {
    cases: [
      {
        when: 'the CA is another one',
        run: (world) => ({ options: { port: world.ports.good, ca: S3Ca.fromPem(world.otherCa) } }),
      },
      { when: 'no CA is given, and the store has a private one', run: at('good', { ca: undefined }) },
      { when: 'the server leaves out its intermediate', run: at('noIntermediate') },
      {
        when: 'verification is switched off where the switch does nothing',
        run: (world) => tlsConfig(world, { insecure_skip_verify: true }),
      },
    ],
    refused: (world) => [
      server(world.leaf(), { ca: S3Ca.fromPem(world.otherCa) }),
      { unsafeSkipVerify: true, ca: S3Ca.fromPem(world.ca) },
    ],
    manifests: () => [(m) => delete m.config.config.http_config],
  },
  'Unknown authority, candidate named': {
    cases: [
      {
        when: 'the CA was made anew under the same name, ECDSA',
        run: (world) => ({ options: { port: world.ports.ecdsaTwin, ca: S3Ca.fromPem(world.twinCa.ecdsa) } }),
      },
      {
        when: 'the CA was made anew under the same name, RSA',
        run: (world) => ({ options: { port: world.ports.good, ca: S3Ca.fromPem(world.twinCa.rsa) } }),
      },
    ],
    refused: (world) => [server(world.leaf(), { ca: S3Ca.fromPem(world.twinCa.rsa) })],
  },
  'CA that may not sign': {
    cases: [{ when: 'the CA lacks CA:TRUE', run: limited('mayNotSign') }],
    refused: (world) => [{ ca: S3Ca.fromPem(world.limitedCa.mayNotSign) }],
    manifests: (world) => [(m) => (m.ca.data['ca.crt'] = Buffer.from(world.limitedCa.mayNotSign).toString('base64'))],
  },
  'CA that does not allow it': {
    cases: [
      { when: 'its name constraints permit other names', run: limited('otherNames') },
      { when: 'it allows no intermediate', run: limited('noIntermediates') },
      { when: 'it has a critical extension that Go does not know', run: limited('strange') },
    ],
  },
  'Certificate for another name': {
    cases: [
      { when: 'the certificate has other DNS names', run: at('otherName') },
      { when: 'serverName is none of its names', run: at('good', { serverName: 's3.minio.example.com' }) },
      { when: 'the certificate has another IP address', run: at('good', { serverName: '127.0.0.2' }) },
    ],
    refused: (world) => [server(world.leaf({ dns: ['minio.storage.svc'], ip: [] }))],
  },
  'IP address without an IP SAN': {
    cases: [{ when: 'the endpoint is an IP address', run: at('otherName', { serverName: '127.0.0.1' }) }],
    refused: () => [{ endpoint: '192.168.101.195:9000' }],
  },
  'Common name only': {
    cases: [{ when: 'the common name is the host', run: at('noNames') }],
    refused: (world) => [server(world.leaf({ dns: [], ip: [] }))],
  },
  'No names at all': {
    cases: [{ when: 'the common name is not the host either', run: at('noNamesOther') }],
    refused: (world) => [server(world.leaf({ name: 'not a host name', dns: [], ip: [] }))],
  },
  Expired: {
    cases: [
      { when: "the server's certificate has expired", run: at('expired') },
      {
        when: 'the CA has expired',
        run: (world) => ({ options: { port: world.ports.expiredCa, ca: S3Ca.fromPem(world.expiredCa) } }),
      },
    ],
    refused: (world) => [{ ca: S3Ca.fromPem(world.expiredCa, { validAt: NOW }) }, server(world.leaf({ until: PAST }))],
    manifests: (world) => [(m) => (m.ca.data['ca.crt'] = Buffer.from(world.expiredCa).toString('base64'))],
  },
  'Not yet valid': {
    cases: [{ when: "the server's certificate is from the future", run: at('early') }],
    refused: (world) => [server(world.leaf({ from: EARLY }))],
  },
  'Certificate not for servers': {
    cases: [{ when: 'its extended key usage is clientAuth alone', run: at('forClients') }],
    refused: (world) => [server(world.leaf({ usage: 'clientAuth' }))],
  },
};

/** Texts about the file that holds the CA; Thanos reads it when it starts. */
export const CA_FILE_PROOFS: Proofs = {
  'CA file not there': {
    cases: [
      { when: 'the Secret is missing', run: () => ({ options: {}, missing: CA_FILE }) },
      { when: 'no CA is mounted', run: (world) => tlsConfig(world, { ca_file: CA_FILE }) },
      { when: 'ca_file is a directory', run: (world) => tlsConfig(world, { ca_file: '/etc/thanos/objstore' }) },
      {
        when: 'plain HTTP is used, but a ca_file is left',
        run: (world) => {
          const { config } = tlsConfig(world, { ca_file: CA_FILE });
          return { config: { ...config, insecure: true } };
        },
      },
    ],
    refused: (world) => [{ insecure: true, ca: S3Ca.fromPem(world.ca) }],
    manifests: () => [
      (m) => m.store.spec.template.spec.containers[0].volumeMounts.pop(),
      (m) => (m.config.config.http_config.tls_config.ca_file = '/certs/ca.crt'),
      (m) => (m.ca.data = { 'tls.crt': m.ca.data['ca.crt'] }),
      (m) => (m.config.config.insecure = true),
    ],
  },
  'CA file not PEM': {
    cases: brokenCas().map(([when, broken]) => ({
      when,
      run: (world: World) => ({ ...tlsConfig(world, { ca_file: CA_FILE }), files: { [CA_FILE]: broken(world) } }),
    })),
    // a byte order mark is not a fault here: the library writes the certificates anew
    refused: (world) =>
      brokenCas()
        .slice(1)
        .map(([, broken]) => ({ ca: S3Ca.fromFile(world.file(broken(world))) })),
  },
};

function brokenCas(): [when: string, broken: (world: World) => string | Buffer][] {
  return [
    ['a byte order mark stands before it', ({ ca }) => `\ufeff${ca}`],
    ['it is DER', ({ ca }) => Buffer.from(ca.replace(/-----.*-----|\s/g, ''), 'base64')],
    ['it is empty', () => ''],
    ['it is a private key', ({ strangeKey }) => strangeKey],
    ['it is base64 of PEM', ({ ca }) => Buffer.from(ca).toString('base64')],
    ['it is indented', ({ ca }) => ca.replace(/^(?=.)/gm, '  ')],
    ['it is on one line', ({ ca }) => ca.trim().replace(/\s*\n/g, '')],
    ['it is truncated', ({ ca }) => ca.slice(0, 600)],
    ['it is PKCS #7', ({ ca }) => ca.replaceAll('CERTIFICATE', 'PKCS7')],
  ];
}
