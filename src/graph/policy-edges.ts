import type { ManifestObject } from '../lint/manifest-object';
import type { Pod } from '../lint/pod';
import type { World } from '../lint/world';
import type { GraphNode } from './graph';
import { type Policies, titleOf } from './policies';
import { type Allowed, opens, type Peer, portsTitle } from './policy-peer';
import { portsOf } from './services';
import type { Sheet } from './sheet';

/** An arrow from each of more workloads shows nothing: they are drawn as one. */
const MANY = 12;

/** What the policies let in and out of the drawn pods beyond the calls that are drawn. */
export function drawAllowed(
  sheet: Sheet,
  world: World,
  policies: Policies,
  drawn: ReadonlyMap<ManifestObject, GraphNode>,
): void {
  const known = new Map<Peer, Meant>();
  const meant = (peer: Peer): Meant => {
    const found = known.get(peer) ?? meantBy(peer, world, policies, drawn);
    known.set(peer, found);
    return found;
  };
  for (const pod of world.pods) {
    const node = drawn.get(pod.object);
    if (node === undefined) continue;
    for (const allowed of policies.allowed(pod, 'Ingress')) {
      const { isOutside, nodes } = meant(allowed.peer);
      const beyond = [...nodes.keys()].filter((other) => !isCalled(sheet, allowed, other, node, [pod]));
      for (const other of atOnce(sheet, allowed, beyond)) sheet.edge(edge(other, node, allowed));
      if (isOutside) sheet.edge(edge(outside(sheet, allowed), node, allowed));
    }
    for (const allowed of policies.allowed(pod, 'Egress')) {
      const { isOutside, open } = meant(allowed.peer);
      const beyond = [...open].flatMap(([other, pods]) => (isCalled(sheet, allowed, node, other, pods) ? [] : [other]));
      for (const other of atOnce(sheet, allowed, beyond)) sheet.edge(edge(node, other, allowed));
      if (isOutside) sheet.edge(edge(node, outside(sheet, allowed), allowed));
    }
  }
}

/** Whom a peer means among what is drawn. */
interface Meant {
  /** No pod of the manifests. */
  readonly isOutside: boolean;
  readonly nodes: ReadonlyMap<GraphNode, readonly Pod[]>;
  /** Those that no policy closes: whom one closes lets in what that says, and it is drawn there. */
  readonly open: ReadonlyMap<GraphNode, readonly Pod[]>;
}

function meantBy(peer: Peer, world: World, policies: Policies, drawn: ReadonlyMap<ManifestObject, GraphNode>): Meant {
  const pods = peer.named ? world.pods.filter((pod) => peer.isPod(pod) === true) : [];
  const open = pods.filter((pod) => policies.of(pod, 'Ingress').length === 0);
  return { isOutside: pods.length === 0, nodes: drawnOf(pods, drawn), open: drawnOf(open, drawn) };
}

/** The nodes of pods, each with its own. */
function drawnOf(pods: readonly Pod[], drawn: ReadonlyMap<ManifestObject, GraphNode>): Map<GraphNode, Pod[]> {
  const nodes = new Map<GraphNode, Pod[]>();
  for (const pod of pods) {
    const node = drawn.get(pod.object);
    if (node !== undefined) nodes.set(node, [...(nodes.get(node) ?? []), pod]);
  }
  return nodes;
}

/** Whether what is allowed is a call that is drawn. */
function isCalled(sheet: Sheet, allowed: Allowed, from: GraphNode, to: GraphNode, pods: readonly Pod[]): boolean {
  const open = pods.flatMap((pod) => portsOf(pod).filter(({ number }) => opens(allowed, pod, number)));
  return open.some(({ number }) => sheet.calls(from.id, to.id, number));
}

function atOnce(sheet: Sheet, { peer }: Allowed, nodes: readonly GraphNode[]): readonly GraphNode[] {
  if (nodes.length <= MANY) return nodes;
  const lines = [`${nodes.length} of the workloads here`];
  return [sheet.node({ shape: 'outside', title: peer.title, lines, holds: [] })];
}

function outside(sheet: Sheet, { peer }: Allowed): GraphNode {
  return sheet.node({ shape: 'outside', title: peer.title, lines: [], holds: [] });
}

function edge(from: GraphNode, to: GraphNode, allowed: Allowed): Parameters<Sheet['edge']>[0] {
  const by = `NetworkPolicy ${titleOf(allowed.policy)}`;
  return { kind: 'allowed', from: from.id, to: to.id, carries: 'allowed', port: portsTitle(allowed), by };
}
