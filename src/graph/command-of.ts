import type { Container } from '../lint/pod';
import { commandLine } from './command-line';
import { OPERATED } from './operated';

/** The command of Thanos in a container, `receive`; that of a pod which an operator makes goes without saying. */
export function commandOf(container: Container): string {
  const operated = container.pod.operator ? OPERATED[container.pod.object.kind]?.command : undefined;
  return operated ?? commandLine(container).command;
}
