import type { IConstruct } from 'constructs';
import type { Finished } from '../app/finished';
import { list } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { containersOf, templateOf } from '../manifest/pod-template';
import { SELECTOR_LABELS } from '../support/identity';
import { NAME_LABEL } from '../support/labels';
import { COMMANDS } from '../thanos/command';

/** The pods of a workload. */
export interface PodGroup {
  /** What makes them. */
  readonly object: IConstruct;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly cluster: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** The labels that tell them from other pods. */
  readonly selector: Readonly<Record<string, string>>;
  readonly spec: Json;
}

/** Kinds that make pods of a template. */
export const POD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod'];

/** The pods of a finished object; undefined where it makes none. */
export function podGroup(
  { object, json, kind, name, namespace }: Finished,
  cluster: string | undefined,
): PodGroup | undefined {
  if (!POD_KINDS.includes(kind)) return undefined;
  const template = templateOf(json);
  const labels: Record<string, string> = template?.metadata?.labels ?? {};
  return { object, kind, name, namespace, cluster, labels, selector: selectorOf(json, labels), spec: template?.spec };
}

/** The labels that tell the pods of a workload from others. */
export function selectorOf(json: Json, labels: Readonly<Record<string, string>>): Record<string, string> {
  const matched: Record<string, string> | undefined = json.spec?.selector?.matchLabels;
  if (matched !== undefined && json.kind !== 'Job') return matched;
  // of a Job's labels these are on the pods of every run of it
  const own = Object.entries(labels).filter(([key]) => SELECTOR_LABELS.includes(key));
  return own.length > 0 ? Object.fromEntries(own) : labels;
}

/** Whether they are Grafana's. */
export function isGrafana({ labels }: PodGroup): boolean {
  return labels[NAME_LABEL] === 'grafana';
}

/** What a StackCheck runs. */
const CHECK_PROGRAM = 'cdk8s-thanos';

/** Whether they are a StackCheck's. */
export function isStackCheck({ spec }: PodGroup): boolean {
  return containersOf({ spec }).some(({ command }) => list(command).includes(CHECK_PROGRAM));
}

/** The number of a port that a container names. */
export function portNamed({ spec }: PodGroup, name: string): number | undefined {
  const ports = list(spec?.containers).flatMap((container) => list(container.ports));
  return ports.find((port) => port.name === name)?.containerPort;
}

/** The containers that run Thanos, and what each is told to do. */
export function thanosContainers({ spec }: PodGroup): { readonly container: Json; readonly command: string }[] {
  return [...list(spec?.initContainers), ...containersOf({ spec })].flatMap((container) => {
    const command = list(container.args)
      .map(String)
      .find((word) => COMMANDS.includes(word));
    return command === undefined ? [] : [{ container, command }];
  });
}

/** What the pods are told to do: `query`, `tools`; undefined where no Thanos runs in them. */
export function commandOf(pods: PodGroup): string | undefined {
  return thanosContainers(pods).at(-1)?.command;
}
