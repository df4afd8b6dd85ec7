import type { ObjstoreOptions } from '../s3-options';
import { AZURE, type AzureOptions } from './azure';
import { BOS, type BosOptions } from './bos';
import { COS, type CosOptions } from './cos';
import { FILESYSTEM, type FilesystemOptions } from './filesystem';
import { GCS, type GcsOptions } from './gcs';
import { OBS, type ObsOptions } from './obs';
import { OCI, type OciOptions } from './oci';
import { OSS, type OssOptions } from './oss';
import type { OwnObjstore, OwnObjstoreOptions } from './own-objstore';
import type { StoreKind } from './store-kind';
import { SWIFT, type SwiftOptions } from './swift';

/** What an ObjectStorage is, for the construct that takes it. */
export type ObjectStorageSource =
  | { readonly s3: ObjstoreOptions }
  | { readonly kind: StoreKind<any>; readonly options: object }
  | { readonly own: OwnObjstore };

/**
 * The object store of Thanos, of any kind that it knows (https://thanos.io/tip/thanos/storage.md/), or an objstore.yml that
 * exists. Secrets are only ever named: the pods get them as variables that objstore.yml names, or as files.
 */
export class ObjectStorage {
  /** S3, as `objstore` of a stack takes it. */
  public static s3(options: ObjstoreOptions): ObjectStorage {
    return new ObjectStorage({ s3: options });
  }

  /** Google Cloud Storage. */
  public static gcs(options: GcsOptions): ObjectStorage {
    return new ObjectStorage({ kind: GCS, options });
  }

  /** Azure Blob Storage. */
  public static azure(options: AzureOptions): ObjectStorage {
    return new ObjectStorage({ kind: AZURE, options });
  }

  /** OpenStack Swift. */
  public static swift(options: SwiftOptions): ObjectStorage {
    return new ObjectStorage({ kind: SWIFT, options });
  }

  /** Tencent COS. */
  public static cos(options: CosOptions): ObjectStorage {
    return new ObjectStorage({ kind: COS, options });
  }

  /** Aliyun OSS. */
  public static oss(options: OssOptions): ObjectStorage {
    return new ObjectStorage({ kind: OSS, options });
  }

  /** Baidu BOS. */
  public static bos(options: BosOptions): ObjectStorage {
    return new ObjectStorage({ kind: BOS, options });
  }

  /** Oracle Cloud. */
  public static oci(options: OciOptions): ObjectStorage {
    return new ObjectStorage({ kind: OCI, options });
  }

  /** Huawei OBS. */
  public static obs(options: ObsOptions): ObjectStorage {
    return new ObjectStorage({ kind: OBS, options });
  }

  /** A volume. */
  public static filesystem(options: FilesystemOptions): ObjectStorage {
    return new ObjectStorage({ kind: FILESYSTEM, options });
  }

  /**
   * A Secret that exists, in the namespace of the pods, and holds a whole objstore.yml. Synth can't see what it says: endpoint,
   * bucket and keys are first judged by a preflight.
   * @param name name of the Secret
   */
  public static fromSecretName(name: string, options: OwnObjstoreOptions = {}): ObjectStorage {
    return new ObjectStorage({ own: { kind: 'Secret', name, options } });
  }

  /**
   * A ConfigMap that exists, in the namespace of the pods, and holds a whole objstore.yml without keys.
   * @param name name of the ConfigMap
   */
  public static fromConfigMapName(name: string, options: OwnObjstoreOptions = {}): ObjectStorage {
    return new ObjectStorage({ own: { kind: 'ConfigMap', name, options } });
  }

  readonly #source: ObjectStorageSource;

  private constructor(source: ObjectStorageSource) {
    this.#source = source;
  }

  /** @internal */
  public _source(): ObjectStorageSource {
    return this.#source;
  }
}
