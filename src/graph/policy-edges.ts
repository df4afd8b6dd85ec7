import type { ManifestObject } from '../lint/manifest-object';
import type { Pod } from '../lint/pod';
import type { World } from '../lint/world';
import type { GraphNode } from './graph';
import { type Policies, titleOf } from './policies';
import { type Allowed, opens, portsTitle } from './policy-peer';
import { portsOf } from './services';
import type { Sheet } from './sheet';

/** What the policies let in and out of the drawn pods beyond the calls that are drawn. */
export function drawAllowed(
  sheet: Sheet,
  world: World,
  policies: Policies,
  drawn: ReadonlyMap<ManifestObject, GraphNode>,
): void {
  for (const pod of world.pods) {
    const node = drawn.get(pod.object);
    if (node === undefined) continue;
    for (const allowed of policies.allowed(pod, 'Ingress')) drawIn(sheet, world, drawn, pod, allowed);
    for (const allowed of policies.allowed(pod, 'Egress')) {
      if (allowed.peer.named && world.pods.some((other) => allowed.peer.isPod(other) === true)) continue;
      const peer = outside(sheet, allowed);
      sheet.edge(edge(node, peer, allowed));
    }
  }
}

function drawIn(
  sheet: Sheet,
  world: World,
  drawn: ReadonlyMap<ManifestObject, GraphNode>,
  pod: Pod,
  allowed: Allowed,
): void {
  const node = drawn.get(pod.object)!;
  const peers = allowed.peer.named ? world.pods.filter((other) => allowed.peer.isPod(other) === true) : [];
  const nodes = new Set(peers.flatMap(({ object }) => drawn.get(object) ?? []));
  const open = portsOf(pod).filter(({ number }) => opens(allowed, pod, number));
  for (const from of nodes) {
    const called = open.some(({ number }) => sheet.calls(from.id, node.id, number));
    if (!called) sheet.edge(edge(from, node, allowed));
  }
  if (peers.length === 0) sheet.edge(edge(outside(sheet, allowed), node, allowed));
}

function outside(sheet: Sheet, allowed: Allowed): GraphNode {
  return sheet.node({ shape: 'outside', title: allowed.peer.title, lines: [], holds: [] });
}

function edge(from: GraphNode, to: GraphNode, allowed: Allowed): Parameters<Sheet['edge']>[0] {
  const by = `NetworkPolicy ${titleOf(allowed.policy)}`;
  return { kind: 'allowed', from: from.id, to: to.id, carries: 'allowed', port: portsTitle(allowed), by };
}
