import { Duration } from 'cdk8s';
import { S3Ca, S3ClientCertificate } from '../../src';
import { type ByLibrary, CA_FILE, CONFIG_FILE, type Options, type Proofs } from './run';
import type { Port, World } from './world';

const CLIENT = S3ClientCertificate.fromSecretName('client');
const SECOND = Duration.seconds(1);

function at(port: Port, options: Options = {}) {
  return (world: World): ByLibrary => ({ options: { port: world.ports[port], ...options } });
}

function withClient(secret: (world: World) => Record<string, string>, missing?: string) {
  return (world: World): ByLibrary => ({
    options: { port: world.ports.demanding, clientCertificate: CLIENT },
    secrets: { client: secret(world) },
    missing,
  });
}

function byHand(port: Port, more: object = {}, flags: string[] = []) {
  return (world: World) => ({
    config: {
      bucket: 'thanos',
      endpoint: `localhost:${world.ports[port]}`,
      http_config: { tls_config: { ca_file: CA_FILE } },
      ...more,
    },
    files: { [CA_FILE]: world.ca },
    args: ['tools', 'bucket', 'ls', `--objstore.config-file=${CONFIG_FILE}`, ...flags],
  });
}

/** Texts about the TLS handshake before any certificate is judged. */
export const HANDSHAKE_PROOFS: Proofs = {
  'Plain HTTP on the port': {
    cases: [
      { when: 'the port speaks HTTP', run: at('http') },
      {
        when: 'the port speaks something else',
        run: at('babble'),
        verifyDiffers: 'Node tells no difference between HTTP and anything else',
      },
    ],
  },
  'TLS on the port, plain HTTP spoken': {
    cases: [
      { when: 'insecure is set, and the store is MinIO', run: () => ({ options: { insecure: true } }) },
      {
        when: 'insecure is set, and the server hangs up',
        run: at('good', { insecure: true }),
        verifyDiffers: 'what a server says to plain HTTP on its TLS port is its own affair',
      },
    ],
    refused: (world) => [{ insecure: true, ca: S3Ca.fromPem(world.ca) }],
    manifests: () => [(m) => (m.config.config.insecure = true)],
  },
  'Client certificate wanted': {
    cases: [{ when: 'the server asks for one, and none is given', run: at('demanding') }],
  },
  'Client certificate unusable': {
    cases: [
      {
        when: 'the key is that of another certificate',
        run: withClient((world) => ({ 'tls.crt': world.client.pem, 'tls.key': world.strangeKey })),
      },
      {
        when: 'the key is not PEM',
        run: withClient((world) => ({ 'tls.crt': world.client.pem, 'tls.key': 'not a key' })),
      },
      {
        when: 'the key is not there',
        run: withClient(
          (world) => ({ 'tls.crt': world.client.pem, 'tls.key': world.client.keyPem }),
          '/etc/thanos/client-tls/tls.key',
        ),
      },
    ],
  },
  'Old TLS only': {
    cases: [{ when: 'the server speaks TLS 1.1 at most', run: at('old') }],
  },
};

/** Texts about the way to the store. */
export const NETWORK_PROOFS: Proofs = {
  'Connection refused': {
    cases: [{ when: 'nothing listens', run: at('closed') }],
  },
  'Connection reset': {
    cases: [
      {
        when: 'the server breaks off in the handshake',
        run: at('hangUp'),
        verifyDiffers: 'it names both forms of a connection that ends',
      },
    ],
  },
  'No such host': {
    cases: [
      {
        when: 'the name can not be in any DNS',
        run: () => ({ options: { endpoint: 'nothing.invalid:9000' }, host: `${'x'.repeat(64)}.invalid` }),
        verifyDiffers: 'the name of a DNS server that answers may stand in it',
      },
    ],
  },
  'Port out of range': {
    cases: [{ when: 'the port is above 65535', run: byHand('good', { endpoint: 'localhost:99999' }) }],
    refused: () => [{ endpoint: 'localhost:99999' }],
  },
  'Packets dropped': {
    cases: [
      {
        when: 'nobody answers, and Thanos may wait',
        run: byHand('dropping'),
        slow: true,
      },
    ],
  },
  'Timeout of the command': {
    cases: [
      {
        when: 'packets are dropped, and the preflight gives up',
        run: at('dropping'),
        slow: true,
        verifyDiffers: 'it waits for the connection alone, and can tell',
      },
      {
        when: 'the port never answers',
        run: byHand('silent', {}, ['--timeout=1s']),
        verifyDiffers: 'it sees that the connection stands',
      },
    ],
  },
  'No answer in the handshake': {
    cases: [
      { when: 'the port accepts and never answers', run: at('silent', { http: { tlsHandshakeTimeout: SECOND } }) },
    ],
  },
  'No answer to the request': {
    cases: [{ when: 'the server takes the request', run: at('good', { http: { responseHeaderTimeout: SECOND } }) }],
  },
};
