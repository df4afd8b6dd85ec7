import type { Cluster } from '../lint/clusters';
import type { ManifestObject } from '../lint/manifest-object';
import type { Pod } from '../lint/pod';
import { World } from '../lint/world';
import { groupBy } from '../support/group-by';
import { type Address, isLocal } from './address';
import { bucketOf, doesWithBlocks } from './bucket';
import { commandLine } from './command-line';
import { flagLinks } from './flag-links';
import type { Graph, GraphNode } from './graph';
import { holders } from './held';
import type { HiddenLink, Link } from './link';
import { OPERATED } from './operated';
import { datasourceLinks, operatedLinks, prometheusLinks } from './other-links';
import { answering, portsOf } from './services';
import { Sheet } from './sheet';

/** Draws what runs Thanos, what holds its CA and keys, and whom they call; of several clusters, on one sheet. */
export function draw(clusters: readonly Cluster[], now: Date): Graph {
  const sheet = new Sheet();
  const several = clusters.length > 1;
  for (const { name, objects } of clusters) drawCluster(sheet, several ? name : '', new World(objects, now));
  return sheet.graph();
}

function drawCluster(sheet: Sheet, cluster: string, world: World): void {
  const workloads = groupBy(world.pods, ({ object }) => object);
  const held = holders(world);
  const nodes = new Map<ManifestObject, GraphNode>();
  const nodeOf = (object: ManifestObject): GraphNode => {
    const pods = workloads.get(object) ?? [];
    const known = nodes.get(object) ?? sheet.node(podsNode(cluster, object, pods, [...new Set(pods.flatMap(held))]));
    nodes.set(object, known);
    return known;
  };
  for (const [object, pods] of workloads) if (pods.some((pod) => isDrawn(pod, held))) nodeOf(object);
  for (const pod of world.pods) drawCalls(sheet, world, pod, nodeOf);
}

function isDrawn(pod: Pod, held: (pod: Pod) => unknown[]): boolean {
  return pod.operator || pod.containers.some(({ thanos }) => thanos) || held(pod).length > 0;
}

function podsNode(
  cluster: string,
  object: ManifestObject,
  pods: readonly Pod[],
  holds: GraphNode['holds'],
): Omit<GraphNode, 'id'> {
  const runs = pods.flatMap((pod) => pod.containers.filter(({ thanos }) => thanos).map(commandOf));
  const ports = pods.flatMap(portsOf).map(({ name, number }) => (name === '' ? String(number) : `${name} ${number}`));
  const thanos = [...new Set(runs)].filter((one) => one !== '');
  const lines = [
    howMany(object),
    thanos.length === 0 ? '' : `thanos ${thanos.join(', ')}`,
    [...new Set(ports)].join(', '),
    holds.length === 0 ? '' : `holds ${holds.join(', ')}`,
  ].filter((line) => line !== '');
  const group = [cluster, object.namespace].filter((part) => part !== '').join(' / ');
  return { shape: 'pods', title: object.name, lines, holds, group: group === '' ? undefined : group };
}

function commandOf(container: Pod['containers'][number]): string {
  const operated = container.pod.operator ? OPERATED[container.pod.object.kind]?.command : undefined;
  return operated ?? commandLine(container).command;
}

function howMany({ kind, json }: ManifestObject): string {
  const replicas = json.spec?.replicas ?? (['Deployment', 'StatefulSet', 'Prometheus'].includes(kind) ? 1 : undefined);
  if (typeof replicas !== 'number') return kind;
  return `${kind}, ${replicas} ${replicas === 1 ? 'pod' : 'pods'}`;
}

type NodeOf = (object: ManifestObject) => GraphNode;

function drawCalls(sheet: Sheet, world: World, pod: Pod, nodeOf: NodeOf): void {
  for (const container of pod.containers) {
    const line = { ...commandLine(container), command: commandOf(container) };
    for (const use of world.usesOf(container)) {
      const { title, lines, port } = bucketOf(use);
      const bucket = sheet.node({ shape: 'bucket', title, lines, holds: [] });
      const carries = doesWithBlocks(container.thanos ? line.command : '');
      sheet.edge({ from: nodeOf(pod.object).id, to: bucket.id, carries, port, by: use.flag });
    }
    const links = container.thanos ? flagLinks(world, container, line) : [];
    for (const link of [...links, ...datasourceLinks(world, container), ...prometheusLinks(world, container)])
      drawCall(sheet, world, pod, link, nodeOf);
  }
  for (const link of operatedLinks(pod)) drawCall(sheet, world, pod, link, nodeOf);
}

function drawCall(sheet: Sheet, world: World, pod: Pod, link: Link | HiddenLink, nodeOf: NodeOf): void {
  const from = nodeOf(pod.object).id;
  const { carries, by } = link;
  if ('hidden' in link) {
    const outside = sheet.node({ shape: 'outside', title: carries, lines: [link.hidden], holds: [] });
    return sheet.edge({ from, to: outside.id, carries, port: '', by });
  }
  if (isLocal(link.to)) return;
  const found = answering(world, pod.object.namespace, link.to);
  const port = portText(link, found?.port);
  const targets = new Set((found?.pods ?? []).map(({ object }) => object));
  for (const object of targets) sheet.edge({ from, to: nodeOf(object).id, carries, port, by });
  if (targets.size > 0) return;
  const outside = sheet.node({ shape: 'outside', title: link.to.host, lines: ['not in the manifests'], holds: [] });
  sheet.edge({ from, to: outside.id, carries, port, by });
}

function portText({ to, protocol }: Link, port: string | undefined): string {
  return `${protocol ?? schemeOf(to)} ${port ?? to.port ?? ''}`.trim();
}

function schemeOf({ scheme }: Address): string {
  return (scheme ?? 'http').toUpperCase();
}
