import { FILE_MODE } from '../objstore/paths';
import type { Volume, VolumeMount } from '../support/k8s';
import { dataKey, objectName } from '../support/names';
import { InputProblem } from '../support/problem';
import { having, text } from '../support/rows';
import { readStruct, type Row, type StructTable, within } from '../support/table';
import type { CacheSite } from './cache-plan';

/** A Secret or ConfigMap with the CA of a cache. */
export interface CacheCaOptions {
  /**
   * Key that holds the PEM certificates.
   * @default ca.crt
   */
  readonly key?: string;
  /**
   * Any text that changes with the content. A change rolls the pods: Thanos reads the CA when it starts.
   * @default - a changed CA is used after the next restart
   */
  readonly revision?: string;
}

/**
 * Where the CA lies in a pod, and what brings it there.
 * @internal
 */
export interface CacheCaPlan {
  /** Undefined: the roots of the image. */
  readonly path?: string;
  readonly volume?: Volume;
  readonly mount?: VolumeMount;
  readonly revision?: string;
}

const OPTIONS: StructTable<CacheCaOptions> = { key: dataKey, revision: text };

/** The CA that signed the certificate of a cache's server. It is another one than the bucket's, unless you say so. */
export class CacheCa {
  /**
   * A Secret that exists in the pods' namespace.
   * @param name its name
   */
  public static fromSecretName(name: string, options: CacheCaOptions = {}): CacheCa {
    return new CacheCa((site) => {
      const secretName = within('ca', () => objectName(name));
      return mounted(site, options, (items) => ({ secret: { secretName, defaultMode: FILE_MODE, items } }));
    });
  }

  /**
   * A ConfigMap that exists in the pods' namespace.
   * @param name its name
   */
  public static fromConfigMapName(name: string, options: CacheCaOptions = {}): CacheCa {
    return new CacheCa((site) => {
      const configMap = { name: within('ca', () => objectName(name)), defaultMode: FILE_MODE };
      return mounted(site, options, (items) => ({ configMap: { ...configMap, items } }));
    });
  }

  /** That of the bucket, which the pods have anyway. Only where they open the bucket. */
  public static ofBucket(): CacheCa {
    return new CacheCa(({ bucketCa }) => {
      if (bucketCa !== undefined) return { path: bucketCa };
      throw new InputProblem(
        'ca: is that of the bucket, but these pods have none. Give CacheCa.fromSecretName or CacheCa.fromConfigMapName, or CacheCa.ofImage() for a public CA',
      );
    });
  }

  /** The public CAs that the image trusts. */
  public static ofImage(): CacheCa {
    return new CacheCa(() => ({}));
  }

  readonly #plan: (site: CacheSite) => CacheCaPlan;

  private constructor(plan: (site: CacheSite) => CacheCaPlan) {
    this.#plan = plan;
  }

  /**
   * The CA in the pods of a component.
   * @internal
   */
  public _plan(site: CacheSite): CacheCaPlan {
    return this.#plan(site);
  }
}

/** How it is read. */
export const CACHE_CA: Row<CacheCa> = having<CacheCa>(
  { _plan: 'function' },
  "a CacheCa; write CacheCa.fromSecretName('redis-ca')",
);

type Items = { readonly key: string; readonly path: string }[];

function mounted(
  { cache }: CacheSite,
  given: CacheCaOptions,
  source: (items: Items) => Omit<Volume, 'name'>,
): CacheCaPlan {
  const { key = 'ca.crt', revision } = within('ca', () => readStruct(OPTIONS, given));
  const [name, mountPath] = [`${cache}-ca`, `/etc/thanos/${cache}-ca`];
  return {
    path: `${mountPath}/ca.crt`,
    volume: { name, ...source([{ key, path: 'ca.crt' }]) },
    mount: { name, mountPath, readOnly: true },
    revision,
  };
}
