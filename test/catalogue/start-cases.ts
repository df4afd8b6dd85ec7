import { Duration } from 'cdk8s';
import { S3Credentials, S3Encryption } from '../../src';
import { ROOT_KEYS } from '../programs/minio';
import { type ByHand, type Case, CA_FILE, CONFIG_FILE, type Proof, type Proofs } from './run';
import type { World } from './world';

/** A config that is good but for this. */
function config(when: string, fields: object, more: Partial<ByHand> = {}): Case {
  const run = (world: World): ByHand => {
    const store = { bucket: 'thanos', endpoint: `localhost:${world.minio.port}` };
    const tls = { http_config: { tls_config: { ca_file: CA_FILE } } };
    return { config: { ...store, ...tls, ...fields }, files: { [CA_FILE]: world.ca }, ...more };
  };
  return { when, run };
}

function http(fields: object): object {
  return { http_config: { tls_config: { ca_file: CA_FILE }, ...fields } };
}

/** A file that is wrong as a whole, or arguments that are. */
function file(when: string, text: string, args?: string[]): Case {
  return { when, run: () => ({ config: text, args }) };
}

function endpoints(...given: string[]): Proof {
  return {
    cases: given.map((endpoint) => config(`it is ${endpoint}`, { endpoint })),
    refused: () => given.map((endpoint) => ({ endpoint })),
  };
}

const MINIO_KEYS = { access_key: ROOT_KEYS.AWS_ACCESS_KEY_ID, secret_key: ROOT_KEYS.AWS_SECRET_ACCESS_KEY };
const LS = ['tools', 'bucket', 'ls'];
const FLAG = `--objstore.config-file=${CONFIG_FILE}`;
const COMPACT = ['compact', '--data-dir=/etc/thanos/data', '--http-address=127.0.0.1:0', FLAG];

/** Texts with which Thanos ends at start, before it asks the store anything. */
export const START_PROOFS: Proofs = {
  'Endpoint with a scheme or path': endpoints(
    'https://s3.minio.example.com:9000',
    'http://s3.minio.example.com:9000',
    's3.minio.example.com:9000/thanos',
  ),
  'Endpoint not a name': endpoints('_minio:9000', '*.example.com:9000'),
  'Endpoint not parsed': endpoints('s3.minio.example.com:nine', 's3 minio:9000'),
  'Endpoint missing': {
    cases: [config('it is empty', { endpoint: '' })],
    refused: () => [{ endpoint: '' }],
  },
  'Half of the keys': {
    cases: [
      config('secret_key alone', { secret_key: 'minio123' }),
      config('access_key alone', { access_key: 'minio' }),
    ],
    refused: () => [{ credentials: S3Credentials.unsafePlainText({ accessKey: 'minio', secretKey: '' }) }],
  },
  'Two sources of keys': {
    cases: [config('both are set', { aws_sdk_auth: true, ...MINIO_KEYS })],
  },
  'Half a client certificate': {
    cases: [
      config('key_file is missing', http({ tls_config: { ca_file: CA_FILE, cert_file: '/etc/thanos/tls.crt' } })),
      config('cert_file is missing', http({ tls_config: { ca_file: CA_FILE, key_file: '/etc/thanos/tls.key' } })),
    ],
  },
  'Unknown lookup type': {
    cases: [config('it is dns', { bucket_lookup_type: 'dns' })],
    refused: () => [{ lookup: 'dns' as never }],
  },
  'Unknown list version': {
    cases: [config('it is v3', { list_objects_version: 'v3' })],
    refused: () => [{ listObjectsVersion: 'v3' as never }],
  },
  'Bad encryption settings': {
    cases: [
      config('its type is in small letters', { sse_config: { type: 'sse-s3' } }),
      config('SSE-KMS without a key id', { sse_config: { type: 'SSE-KMS' } }),
      config('SSE-C without a key file', { sse_config: { type: 'SSE-C' } }),
    ],
    refused: () => [{ encryption: S3Encryption.kms('') }],
  },
  'Bad duration': {
    cases: [
      config('it has no unit', http({ idle_conn_timeout: '90' })),
      config('it is a fraction', http({ idle_conn_timeout: '1.5h' })),
    ],
    refused: () => [{ http: { idleConnTimeout: '90' as never } }, { http: { idleConnTimeout: Duration.millis(0.5) } }],
  },
  'Value of the wrong type': {
    cases: [
      config('a size has a unit', { part_size: '64MB' }),
      config('a switch is a text', { insecure: 'true' }),
      file('the file is one word', 'thanos\n'),
    ],
    refused: () => [{ insecure: 'true' as never }, { partSize: '64MB' as never }],
  },
  'Unknown key': {
    cases: [
      config('a key is misspelt', { bukkit: 'thanos' }),
      config('hedging_config, which the docs have', { hedging_config: { enabled: true } }),
      config('ca_file is one level too high', http({ ca_file: CA_FILE })),
      config('servername for server_name', http({ tls_config: { ca_file: CA_FILE, servername: 'x' } })),
      file('bucket stands beside config', 'type: S3\nbucket: thanos\n'),
    ],
    refused: () => [{ bukkit: 'thanos' } as never],
  },
  'Key given twice': {
    cases: [file('two buckets', 'type: S3\nconfig:\n  bucket: a\n  bucket: b\n')],
  },
  'Not YAML': {
    cases: [file('it is indented with a tab', 'type: S3\nconfig:\n\tbucket: thanos\n')],
  },
  'Type not supported': {
    cases: [file('it is MINIO', 'type: MINIO\nconfig: {}\n')],
  },
  'Config file empty or not given': {
    cases: [
      file('the file is empty', ''),
      file('there is no flag', '', LS),
      { when: 'the file is empty, and it is the compactor', run: () => ({ config: '', args: COMPACT }) },
    ],
    manifests: () => [(m) => (m.config = '')],
  },
  'Config given twice': {
    cases: [file('as file and as text', 'type: S3\n', [...LS, FLAG, '--objstore.config=type: S3'])],
    manifests: () => [(m) => m.store.spec.template.spec.containers[0].args.push('--objstore.config=type: S3')],
  },
  'Config file not there': {
    cases: [file('the path is another', 'type: S3\n', [...LS, '--objstore.config-file=/etc/thanos/objstore.yml'])],
    manifests: () => [
      (m) => (m.store.spec.template.spec.containers[0].args[1] = '--objstore.config-file=/etc/thanos/objstore.yml'),
    ],
  },
  'Variable not set': {
    cases: [config('the Secret of the keys is not in env', { access_key: '$(S3_ACCESS_KEY)', secret_key: 'x' })],
  },
};
