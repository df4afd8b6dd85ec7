import type { Json } from '../render';
import { drawn } from './drawn';

/** A Deployment of one container that runs Thanos, and its Service. */
export function component(name: string, args: string[]): Json[] {
  const labels = { app: name };
  const ports = [
    { name: 'http', containerPort: 10902 },
    { name: 'grpc', containerPort: 10901 },
  ];
  const containers = [{ name, image: 'thanos', args, ports }];
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'm' },
      spec: { template: { metadata: { labels }, spec: { containers } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'm' },
      spec: { selector: labels, ports: [{ port: 10901, targetPort: 'grpc' }] },
    },
  ];
}

/** A Query that asks a store, which opens a bucket. */
export const STACK = [
  ...component('query', ['query', '--endpoint=store:10901']),
  ...component('store', ['store', '--objstore.config={type: S3, config: {bucket: b, endpoint: "e:9000"}}']),
];
export const pods = (app: string): Json => ({ podSelector: { matchLabels: { app } } });

/** A NetworkPolicy for one of them. */
export function policy(app: string, spec: Json): Json {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `only-${app}`, namespace: 'm' },
    spec: { ...pods(app), ...spec },
  };
}

/** What is said of each arrow, by the titles of its ends. */
export function arrows(...policies: Json[]): string[] {
  const { nodes, edges } = drawn([...STACK, ...policies]);
  const title = (id: string): string => nodes.find((node) => node.id === id)!.title;
  return edges.map(({ kind, from, to, port, refusedBy }) =>
    [kind, `${title(from)} -> ${title(to)}`, port, refusedBy ?? ''].join('; '),
  );
}
