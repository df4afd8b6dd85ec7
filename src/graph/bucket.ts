import type { ObjstoreUse } from '../lint/objstore-uses';
import { text } from '../lint/shape';
import { storeAddress } from '../manifest/store-address';

/** A bucket as it is drawn. */
export interface Bucket {
  readonly title: string;
  readonly lines: readonly string[];
  readonly port: string;
  /** Empty where no config names it. */
  readonly host: string;
}

/** What the keys of a config call the bucket, in the order of the stores of Thanos. */
const NAMES = ['bucket', 'container', 'container_name', 'directory'];

/** The bucket of an objstore config; of one whose text the manifests don't show, who holds it. */
export function bucketOf({ config, ref, file }: ObjstoreUse): Bucket {
  if (config === undefined || config.type === '') {
    const where = ref === undefined ? (file ?? 'a config') : `${ref.kind} ${ref.name}`;
    return { title: 'bucket', lines: [`named in ${where}`], port: '', host: '' };
  }
  const name = NAMES.map((key) => text(config.config[key])).find((found) => found !== '') ?? '(no name)';
  if (config.type === 'FILESYSTEM') return { title: `folder ${name}`, lines: [], port: '', host: '' };
  const title = `${config.type} bucket ${name}`;
  const protocol = config.config.insecure === true ? 'http' : 'https';
  const address = storeAddress(config.config);
  const shown = address?.host ?? text(config.config.region);
  const port = address?.port ?? '443';
  const lines = shown === '' ? [] : [shown];
  return { title, lines, port: `${protocol.toUpperCase()} ${port}`, host: address?.host ?? '' };
}

/** What each command does with the blocks. */
const DOES: Readonly<Record<string, string>> = {
  receive: 'uploads blocks',
  rule: 'uploads blocks',
  sidecar: 'uploads blocks',
  store: 'reads blocks',
  compact: 'merges and deletes blocks',
  'tools bucket web': 'lists blocks',
  'tools bucket ls': 'lists blocks',
  'tools bucket verify': 'verifies blocks',
  'tools bucket inspect': 'lists blocks',
  'tools bucket cleanup': 'deletes blocks',
  'tools bucket downsample': 'downsamples blocks',
  'tools bucket replicate': 'copies blocks',
  'tools bucket retention': 'deletes blocks',
  'tools bucket rewrite': 'rewrites blocks',
  'tools bucket mark': 'marks blocks',
};

/** What a container does with the blocks. */
export function doesWithBlocks(command: string): string {
  return Object.hasOwn(DOES, command) ? DOES[command] : 'opens the bucket';
}
