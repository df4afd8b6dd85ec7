import { type FoundPodSpec, mounts, type Mount, type Reference, references } from '../../manifest/pod-specs';
import type { Finished } from '../finished';
import { isOurs } from '../place';
import type { Standing, GrantRecord, GuardedObject, ShareRecord } from '../registry';
import type { Copies } from './copies';
import type { GuardIndex } from './guard-index';
import { HELD } from './holdings';
import { letsIn } from './let-in';
import { isMonitor, isOperated } from './pod-kinds';
import { NOTHING, problemAt, together, type Verdict, warningAt } from './verdict';

/** What a reference leads to. */
interface Target {
  readonly guards: readonly GuardedObject[];
  /** "the CA (Secret x)". */
  readonly held: string;
}

/** References to guarded objects, and to copies of them, by whoever was not let in. */
export class Leaks {
  constructor(
    private readonly app: Standing,
    private readonly guards: GuardIndex,
    private readonly copies: Copies,
  ) {}

  /** Whether pods that open a bucket may run on the nodes of an object's pods. */
  public areNear({ object }: Finished): boolean {
    return this.guards.inCluster(this.app.clusterOf(object)).length > 0;
  }

  /** References of a pod, or of what an operator turns into one. */
  public ofPod(
    one: Finished,
    pod: FoundPodSpec,
    granted: readonly GrantRecord[],
    shared: readonly ShareRecord[],
  ): Verdict {
    const verdicts = references(pod).map((reference) => {
      const target = this.#target(one, reference);
      if (target === undefined || this.#isShared(target, shared)) return NOTHING;
      const grants = granted.filter((grant) => target.guards.some((guard) => letsIn(this.app, grant, guard)));
      if (grants.length === 0) return problem(outsider(one, reference, target.held));
      const allowed = grants.flatMap((grant) => grant.containers);
      if (reference.container !== undefined) {
        if (allowed.includes(reference.container)) return NOTHING;
        return problem(strangerInPod(one, reference.path, reference.container, target.held));
      }
      const used = mounts(pod).filter((mount) => mount.volume === reference.volume);
      return together(used.map((mount) => badMount(one, mount, target.held, allowed, grants)));
    });
    return together(verdicts);
  }

  /**
   * References that stand in no pod. Where an operator runs pods with them they are errors; anything else may only read
   * the object to pass it on (a Bundle, a PushSecret, a Probe), or make it (a Certificate): a warning.
   */
  public ofObject(one: Finished, refs: readonly Reference[], shared: readonly ShareRecord[]): Verdict {
    const monitor = isMonitor(one.json);
    const verdicts = refs.map((reference) => {
      const target = this.#target(one, reference);
      if (target === undefined || this.#isShared(target, shared)) return NOTHING;
      const { guards, held } = target;
      // whom else Prometheus scrapes with a CA that others may have is not known
      if (monitor && guards.every((guard) => guard.shared)) return NOTHING;
      if (isOperated(one.json) || (monitor && (isOurs(one.object) || guards.some(({ holds }) => holds !== 'ca')))) {
        const instead = isOurs(one.object) ? '' : `, or let the ${one.json.kind} in with share`;
        const text = `uses ${held}, which only pods that open the bucket may. Remove it${instead}`;
        return problem(problemAt(one, reference.path, withHint(one, reference, text)));
      }
      const text = `names ${held}; what it makes of it is not seen here. If it may have it, say so with share`;
      return { problems: [], warnings: [warningAt(one, reference.path, text)] };
    });
    return together(verdicts);
  }

  #isShared({ guards }: Target, shared: readonly ShareRecord[]): boolean {
    return shared.some((share) => guards.some((guard) => letsIn(this.app, share, guard)));
  }

  #target(one: Finished, reference: Reference): Target | undefined {
    const { object, namespace } = one;
    const cluster = this.app.clusterOf(object);
    const where = `${reference.kind} ${reference.name}`;
    const matching = this.guards.find(`${reference.kind}/${reference.name}`, namespace, cluster);
    const strict = matching.filter((guard) => !guard.shared);
    // a CA that is only referenced is shared with others' workloads, but with no component of this library
    const guards = strict.length > 0 || !isOurs(object) ? strict : matching;
    if (guards.length > 0) return { guards, held: `${HELD[guards[0].holds]} (${where})` };
    if (matching.length > 0) return undefined;
    const copied = this.copies.of(reference, one);
    if (copied.length === 0) return undefined;
    const [{ guard, how }] = copied;
    const held = `${where}, a copy of ${HELD[guard.holds]} of ${guard.kind} ${guard.name} ${how}`;
    return { guards: copied.map((one) => one.guard), held };
  }
}

function problem(text: string): Verdict {
  return { problems: [text], warnings: [] };
}

function outsider(one: Finished, reference: Reference, held: string): string {
  // a component of this library takes the bucket as a prop, or not at all
  const instead = isOurs(one.object) ? '' : ', or let the workload in with grantTo';
  const text = `uses ${held}, which only pods that open the bucket may. Remove it${instead}`;
  return problemAt(one, reference.path, withHint(one, reference, text));
}

/** An object without a namespace goes wherever kubectl is told to put it. */
function withHint({ namespace }: Finished, { kind }: Reference, text: string): string {
  if (namespace !== undefined) return text;
  return `${text}. The object has no namespace; give it one if it means another ${kind}`;
}

function badMount(
  one: Finished,
  mount: Mount,
  held: string,
  allowed: readonly string[],
  grants: readonly GrantRecord[],
): Verdict {
  if (!allowed.includes(mount.container)) return problem(strangerInPod(one, mount.path, mount.container, held));
  // the library's own pods are judged whole, the shared CAs in them too
  if (mount.subPath === undefined || grants.some((grant) => grant.own)) return NOTHING;
  const text = `mounts ${held} by subPath, which never sees an update. Mount the directory`;
  return problem(problemAt(one, mount.path, text));
}

function strangerInPod(one: Finished, path: string, container: string, held: string): string {
  return problemAt(one, path, `gives ${held} to the container ${container}, which doesn't open the bucket. Remove it`);
}
