import { PORTS } from '../support/identity';

/** A port of a pod. */
export interface PodPort {
  readonly name: string;
  readonly number: number;
}

/** What the Prometheus operator gives the pods that it makes (https://prometheus-operator.dev/docs/api-reference/api/). */
interface OperatedPods {
  readonly labels: (name: string) => Record<string, string>;
  readonly ports: readonly PodPort[];
  /** The command of Thanos in them. */
  readonly command: string;
}

const GRPC = { name: 'grpc', number: PORTS.grpc };

/** By kind. */
export const OPERATED: Readonly<Record<string, OperatedPods | undefined>> = {
  Prometheus: {
    labels: (name) => ({
      'app.kubernetes.io/name': 'prometheus',
      'app.kubernetes.io/managed-by': 'prometheus-operator',
      'app.kubernetes.io/instance': name,
      'operator.prometheus.io/name': name,
      prometheus: name,
    }),
    ports: [{ name: 'web', number: 9090 }, { name: 'http', number: PORTS.http }, GRPC],
    command: 'sidecar',
  },
  ThanosRuler: {
    labels: (name) => ({
      'app.kubernetes.io/name': 'thanos-ruler',
      'app.kubernetes.io/managed-by': 'prometheus-operator',
      'app.kubernetes.io/instance': name,
      'thanos-ruler': name,
    }),
    ports: [{ name: 'web', number: PORTS.http }, GRPC],
    command: 'rule',
  },
};
