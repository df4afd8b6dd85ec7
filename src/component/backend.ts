import { having } from '../support/rows';
import type { ComponentPort } from './component-kind';

/** Something with a Service that a route can lead to: a component of Thanos, or Grafana. */
export interface IBackend {
  /** Namespace of the Service. */
  readonly namespace: string;
  /** Name of the Service. */
  readonly serviceName: string;
  /**
   * Number of a port of the Service. Without a name the one that people and Prometheus mean: remote-write where it is
   * taken, else HTTP.
   *
   * @throws where the Service has no such port
   */
  servicePort(port?: ComponentPort): number;
}

/** How a reference to one is read. */
export const BACKEND = having<IBackend>(
  { namespace: 'string', serviceName: 'string', servicePort: 'function' },
  'a component of Thanos or a Grafana; of a stack give one part, such as stack.query!',
);
