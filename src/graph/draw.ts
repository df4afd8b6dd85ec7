import type { Cluster } from '../lint/clusters';
import type { ManifestObject } from '../lint/manifest-object';
import type { Pod } from '../lint/pod';
import { World } from '../lint/world';
import { groupBy } from '../support/group-by';
import { type Address, isLocal } from '../manifest/address';
import { bucketOf, doesWithBlocks } from './bucket';
import { commandLine } from './command-line';
import { flagLinks } from './flag-links';
import type { Graph, GraphEdge, GraphNode } from './graph';
import { holders } from './held';
import { type Autoscalers, autoscalers, howMany } from './how-many';
import type { HiddenLink, Link } from './link';
import { Policies } from './policies';
import type { Called } from './policy-peer';
import { drawAllowed } from './policy-edges';
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
  const scalers = autoscalers(world.objects);
  const nodes = new Map<ManifestObject, GraphNode>();
  const nodeOf = (object: ManifestObject): GraphNode => {
    const pods = workloads.get(object) ?? [];
    const holds = [...new Set(pods.flatMap(held))];
    const known = nodes.get(object) ?? sheet.node(podsNode(cluster, object, pods, holds, scalers));
    nodes.set(object, known);
    return known;
  };
  for (const [object, pods] of workloads) if (pods.some((pod) => isDrawn(pod, held))) nodeOf(object);
  const place: Place = { sheet, world, policies: new Policies(world), nodeOf };
  for (const pod of world.pods) drawCalls(place, pod);
  drawAllowed(sheet, world, place.policies, nodes);
}

function isDrawn(pod: Pod, held: (pod: Pod) => unknown[]): boolean {
  return pod.operator || pod.containers.some(({ thanos }) => thanos) || held(pod).length > 0;
}

function podsNode(
  cluster: string,
  object: ManifestObject,
  pods: readonly Pod[],
  holds: GraphNode['holds'],
  scalers: Autoscalers,
): Omit<GraphNode, 'id'> {
  const runs = pods.flatMap((pod) =>
    pod.containers.filter(({ thanos }) => thanos).map((one) => commandLine(one).command),
  );
  const ports = pods.flatMap(portsOf).map(({ name, number }) => (name === '' ? String(number) : `${name} ${number}`));
  const thanos = [...new Set(runs)].filter((one) => one !== '');
  const lines = [
    howMany(object, scalers),
    thanos.length === 0 ? '' : `thanos ${thanos.join(', ')}`,
    [...new Set(ports)].join(', '),
    holds.length === 0 ? '' : `holds ${holds.join(', ')}`,
  ].filter((line) => line !== '');
  const group = [cluster, object.namespace].filter((part) => part !== '').join(' / ');
  return { shape: 'pods', title: object.name, lines, holds, group: group === '' ? undefined : group };
}

/** Where a cluster is drawn. */
interface Place {
  readonly sheet: Sheet;
  readonly world: World;
  readonly policies: Policies;
  readonly nodeOf: (object: ManifestObject) => GraphNode;
}

function drawCalls(place: Place, pod: Pod): void {
  const { sheet, world, nodeOf } = place;
  for (const container of pod.containers) {
    const line = commandLine(container);
    for (const use of world.usesOf(container)) {
      const { title, lines, port, host } = bucketOf(use);
      const bucket = sheet.node({ shape: 'bucket', title, lines, holds: [] });
      const carries = doesWithBlocks(container.thanos ? line.command : '');
      const call = { from: nodeOf(pod.object).id, to: bucket.id, carries, port, by: use.flag };
      drawEdge(place, pod, undefined, call, host === '' ? undefined : { host, bucket: true });
    }
    const links = container.thanos ? flagLinks(world, container, line) : [];
    for (const link of [...links, ...datasourceLinks(world, container), ...prometheusLinks(world, container)])
      drawCall(place, pod, link);
  }
  for (const link of operatedLinks(pod)) drawCall(place, pod, link);
}

/** A call, and the policies that refuse it. */
function drawEdge(
  { sheet, policies }: Place,
  from: Pod,
  to: Pod | undefined,
  call: Omit<GraphEdge, 'kind' | 'refusedBy'>,
  called?: Called,
): void {
  const port = Number(/\d+$/.exec(call.port)?.[0]);
  const refusing = Number.isNaN(port) ? [] : policies.refusing(from, to, port, called);
  const refusedBy = refusing.length === 0 ? undefined : [...new Set(refusing)].join(', ');
  sheet.edge({ kind: 'call', ...call, refusedBy });
}

function drawCall(place: Place, pod: Pod, link: Link | HiddenLink): void {
  const { sheet, world, nodeOf } = place;
  const from = nodeOf(pod.object).id;
  const { carries, by } = link;
  if ('hidden' in link) {
    const outside = sheet.node({ shape: 'outside', title: carries, lines: [link.hidden], holds: [] });
    return drawEdge(place, pod, undefined, { from, to: outside.id, carries, port: '', by });
  }
  if (isLocal(link.to)) return;
  const found = answering(world, pod.object.namespace, link.to);
  const port = portText(link, found?.port);
  const answers = found?.pods ?? [];
  for (const to of answers) drawEdge(place, pod, to, { from, to: nodeOf(to.object).id, carries, port, by });
  if (answers.length > 0) return;
  const outside = sheet.node({ shape: 'outside', title: link.to.host, lines: ['not in the manifests'], holds: [] });
  drawEdge(place, pod, undefined, { from, to: outside.id, carries, port, by }, { host: link.to.host });
}

function portText({ to, protocol }: Link, port: string | undefined): string {
  return `${protocol ?? schemeOf(to)} ${port ?? to.port ?? ''}`.trim();
}

function schemeOf({ scheme }: Address): string {
  return (scheme ?? 'http').toUpperCase();
}
