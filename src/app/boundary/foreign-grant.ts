import { operated, operatedFlag } from '../../manifest/operated';
import { containers, type FoundPodSpec } from '../../manifest/pod-specs';
import type { Finished } from '../finished';
import type { GrantRecord } from '../registry';
import { type Verdict, warningAt } from './verdict';

/** Whether a workload of the user's that was let in can make use of it. */
export function foreignGrant(one: Finished, specs: readonly FoundPodSpec[], grant: GrantRecord): Verdict {
  const names = grant.containers;
  const granted = specs
    .flatMap(({ path, spec }) => containers(path, spec))
    .filter(({ container }) => names.includes(container.name));
  return { problems: [], warnings: [...unreadable(one, specs), ...unused(one, granted, grant.facts.configPath)] };
}

function unreadable(one: Finished, specs: readonly FoundPodSpec[]): string[] {
  const pod = specs.find(({ spec }) => spec.containers && spec.securityContext?.fsGroup === undefined);
  // the operator sets a group where the resource says nothing of security
  if (operated(one.json) && pod?.spec.securityContext === undefined) return [];
  const text =
    'sets no fsGroup, so only root can read the mounted files (mode 0440). Set fsGroup: 65534, unless the platform sets one, as OpenShift does';
  return pod ? [warningAt(one, `${pod.path}.securityContext`, text)] : [];
}

/** It holds config, CA and keys, and names the config nowhere. */
function unused(one: Finished, granted: readonly ReturnType<typeof containers>[number][], config: string): string[] {
  const names = granted.some(({ container }) =>
    JSON.stringify([container.command, container.args, container.env]).includes(config),
  );
  if (names || granted.length === 0 || operatedFlag(one.json)?.endsWith(`=${config}`)) return [];
  const text = `no argument names ${config}: it holds the CA and the keys, but does not open the bucket with them`;
  return [warningAt(one, granted[0].at, text)];
}
