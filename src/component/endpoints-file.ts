import type { Duration } from 'cdk8s';
import { dataKey, objectName } from '../support/names';
import { duration } from '../support/rows';
import { readStruct, type StructTable } from '../support/table';

/** How a file of endpoints is read. */
export interface EndpointsFileOptions {
  /**
   * How often the pods look at it (`--endpoint.sd-config-reload-interval`).
   * @default - Thanos' own, 5 minutes
   */
  readonly reloadInterval?: Duration;
}

/** How a ConfigMap of one's own is read. */
export interface EndpointsConfigMapOptions extends EndpointsFileOptions {
  /**
   * Its key.
   * @default "endpoints.yml"
   */
  readonly key?: string;
}

/** What was chosen. */
interface Chosen extends EndpointsConfigMapOptions {
  /** Undefined: made here. */
  readonly name?: string;
}

const OPTIONS: StructTable<EndpointsFileOptions> = { reloadInterval: duration };
const OWN: StructTable<EndpointsConfigMapOptions> = { ...OPTIONS, key: dataKey };

/** Key of the ConfigMap that is made here, and of one's own where nothing else is said. */
export const ENDPOINTS_KEY = 'endpoints.yml';

/** A file of endpoints (`--endpoint.sd-config-file`), which running pods re-read: a changed list rolls none of them. */
export class EndpointsFile {
  /** A ConfigMap that is made here, of sources and endpoints. */
  public static generated(options: EndpointsFileOptions = {}): EndpointsFile {
    return new EndpointsFile(() => readStruct(OPTIONS, options));
  }

  /**
   * A ConfigMap that exists, kept by you or by another tool: `endpoints: [{ address: … }]`. Sources and endpoints are asked
   * beside what it lists, told by the flags that Thanos calls deprecated since 0.38.
   */
  public static fromConfigMapName(name: string, options: EndpointsConfigMapOptions = {}): EndpointsFile {
    return new EndpointsFile(() => ({ ...readStruct(OWN, options), name: objectName(name) }));
  }

  readonly #choice: () => Chosen;

  private constructor(choice: () => Chosen) {
    this.#choice = choice;
  }

  /**
   * What was chosen, read.
   * @internal
   */
  public _chosen(): Chosen {
    return this.#choice();
  }
}
