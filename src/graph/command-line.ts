import type { Json } from '../support/json';
import { fileAt, textOf, type KeyRef } from '../lint/files';
import type { Container } from '../lint/pod';
import { list, text } from '../lint/shape';
import type { World } from '../lint/world';
import { type CommandLine, readCommandLine } from '../thanos/command-line';
import { OPERATED } from './operated';

/** What a container tells Thanos; the command of a pod that an operator makes goes without saying. */
export function commandLine(container: Container): CommandLine {
  const { command, flags } = readCommandLine(container.words.map(({ word }) => word));
  const operated = container.pod.operator ? OPERATED[container.pod.object.kind]?.command : undefined;
  const filled = [...flags].map(([flag, values]) => [flag, values.map((value) => withEnv(value, container))] as const);
  return { command: operated ?? command, flags: new Map(filled) };
}

/** `$(NAME)` as the kubelet fills it in, where the manifests say with what. */
function withEnv(value: string, container: Container): string {
  return value.replace(/\$\((\w+)\)/g, (whole, name) => {
    const env: Json = list(container.json.env).find((one) => one.name === name);
    if (typeof env?.value === 'string') return env.value;
    const { namespace } = container.pod.object;
    return text(env?.valueFrom?.fieldRef?.fieldPath) === 'metadata.namespace' && namespace !== '' ? namespace : whole;
  });
}

/** A config that a flag gives: its text, or the Secret or ConfigMap whose text is not in the manifests. */
export interface GivenConfig {
  readonly flag: string;
  readonly text?: string;
  readonly ref?: KeyRef;
}

/** The configs that a flag and its `-file` twin give. */
export function configsOf(world: World, container: Container, line: CommandLine, flag: string): GivenConfig[] {
  const given = (line.flags.get(flag) ?? []).map((value) => ({ flag, text: value }));
  const files = (line.flags.get(`${flag}-file`) ?? []).map((file) =>
    fileConfig(world, container, `${flag}-file`, file),
  );
  return [...given, ...files];
}

/** The config at a path of a container. */
export function fileConfig(world: World, container: Container, flag: string, file: string): GivenConfig {
  const found = fileAt(world, container, file);
  return found.state === 'found' ? { flag, ref: found.ref, text: textOf(found.ref) } : { flag };
}
