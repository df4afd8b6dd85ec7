import type { ManifestObject } from '../lint/manifest-object';
import type { Pod } from '../lint/pod';
import type { World } from '../lint/world';
import type { GraphNode } from './graph';
import { type Allowed, opens, peerTitle, type Policies, portsTitle } from './policies';
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
    for (const allowed of policies.allowed(pod, 'Ingress')) drawIn(sheet, world, policies, drawn, pod, allowed);
    for (const allowed of policies.allowed(pod, 'Egress')) {
      const known = allowed.peer !== undefined && allowed.peer.ipBlock === undefined;
      if (known && world.pods.some((other) => policies.isPeer(allowed, other))) continue;
      const peer = outside(sheet, allowed);
      sheet.edge(edge(node, peer, allowed));
    }
  }
}

function drawIn(
  sheet: Sheet,
  world: World,
  policies: Policies,
  drawn: ReadonlyMap<ManifestObject, GraphNode>,
  pod: Pod,
  allowed: Allowed,
): void {
  const node = drawn.get(pod.object)!;
  const selected = allowed.peer !== undefined && allowed.peer.ipBlock === undefined;
  const peers = selected ? world.pods.filter((other) => policies.isPeer(allowed, other)) : [];
  const nodes = new Set(peers.flatMap(({ object }) => drawn.get(object) ?? []));
  const open = portsOf(pod).filter(({ number }) => opens(allowed, pod, number));
  for (const from of nodes) {
    const called = open.some(({ number }) => sheet.calls(from.id, node.id, number));
    if (!called) sheet.edge(edge(from, node, allowed));
  }
  if (peers.length === 0) sheet.edge(edge(outside(sheet, allowed), node, allowed));
}

function outside(sheet: Sheet, allowed: Allowed): GraphNode {
  return sheet.node({ shape: 'outside', title: peerTitle(allowed), lines: [], holds: [] });
}

function edge(from: GraphNode, to: GraphNode, allowed: Allowed): Parameters<Sheet['edge']>[0] {
  const by = `NetworkPolicy ${allowed.policy.name}`;
  return { kind: 'allowed', from: from.id, to: to.id, carries: 'allowed', port: portsTitle(allowed), by };
}
