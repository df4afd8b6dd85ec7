import type { Json } from '../../../render';
import { list } from '../kubectl';
import { pause } from '../progress';
import { COMPONENT, componentOf } from '../pods';
import type { ApiProxy } from './api-proxy';

const EVERY = 3000;
const UNITS: Record<string, number> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** Looks at the working sets of a namespace's pods, as the kubelet tells them. */
export class Memory {
  readonly #highest = new Map<string, number>();
  readonly #components = new Map<string, string>();
  readonly #requests = new Map<string, number>();
  #running = true;
  #done?: Promise<void>;

  constructor(
    private readonly api: ApiProxy,
    private readonly namespace: string,
    private readonly unmeasured: readonly string[] = [],
  ) {}

  public start(): void {
    this.#done = this.#loop();
  }

  public async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
  }

  /** The highest working set of a pod of each kind since the last call, as a part of what its container requests. */
  public take(): Record<string, number> {
    const measured = [...this.#highest].filter(([kind]) => !this.unmeasured.includes(kind));
    const shares = measured.map(([kind, bytes]) => [kind, bytes / this.#requests.get(kind)!]);
    this.#highest.clear();
    return Object.fromEntries(shares);
  }

  /** The kinds of pods that must have been measured. */
  public kinds(): string[] {
    return [...this.#requests.keys()].filter((kind) => !this.unmeasured.includes(kind));
  }

  async #loop(): Promise<void> {
    while (this.#running) {
      await this.#look().catch(() => undefined);
      await pause(EVERY);
    }
  }

  async #look(): Promise<void> {
    const pods = await list(this.namespace, 'pods', '-l', COMPONENT);
    for (const pod of pods) {
      const kind = componentOf(pod);
      this.#components.set(pod.metadata.name, kind);
      this.#requests.set(kind, bytes(pod.spec.containers[0].resources.requests.memory));
    }
    const nodes = new Set(pods.map((pod) => pod.spec.nodeName).filter((name) => name !== undefined));
    for (const node of nodes) {
      const answer = await fetch(this.api.url(`/api/v1/nodes/${node}/proxy/stats/summary`));
      const summary = (await answer.json()) as Json;
      for (const { podRef, containers } of summary.pods) {
        const kind = podRef.namespace === this.namespace ? this.#components.get(podRef.name) : undefined;
        const used = containers?.[0]?.memory?.workingSetBytes;
        if (kind !== undefined && used !== undefined)
          this.#highest.set(kind, Math.max(used, this.#highest.get(kind) ?? 0));
      }
    }
  }
}

function bytes(quantity: string): number {
  const [, number, unit] = /^(\d+)(Ki|Mi|Gi)$/.exec(quantity) ?? [];
  if (unit === undefined) throw new Error(`${quantity} is no size in Ki, Mi or Gi`);
  return Number(number) * UNITS[unit];
}
