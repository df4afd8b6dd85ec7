import { Size } from 'cdk8s';
import { STORAGE } from '../pod/storage';
import { dnsLabel } from '../support/names';
import { found, InputProblem } from '../support/problem';
import { int32, jsonObject, listOf, oneOf, struct, text } from '../support/rows';
import { required, type StructTable } from '../support/table';
import { judgeCompaction } from './compaction';
import { type ComponentKind, ComponentPort } from './component-kind';
import type { Kind } from './kind';

const KIND: StructTable<ComponentKind> = {
  component: required(componentName),
  command: required(words),
  args: listOf(text),
  ports: servedPorts,
  replicas: int32(0),
  dataFlag: valueFlag,
  storage: struct(STORAGE),
};

/** Words alone: a flag among them would go around what is known of flags, the Grant's own included. */
function words(value: unknown): string[] {
  const command = listOf(word)(value);
  if (command.length > 0) return command;
  throw new InputProblem('is empty; write ["receive"] or ["tools", "bucket", "replicate"]');
}

function word(value: unknown): string {
  if (typeof value === 'string' && /^[a-z][a-z0-9-]*$/.test(value)) return value;
  throw new InputProblem(`${found(value)} is not a word of a command; flags are args`);
}

function valueFlag(value: unknown): string {
  if (typeof value === 'string' && /^--[a-z][a-z0-9.-]*$/.test(value) && !value.startsWith('--objstore')) return value;
  throw new InputProblem(`${found(value)} is not the flag of a directory; write "--data-dir"`);
}

/** Longest name of a component, so that an instance of some length fits before it. */
const COMPONENT_LENGTH = 32;

function componentName(name: string): string {
  if (dnsLabel(name, COMPONENT_LENGTH) !== 'preflight') return name;
  throw new InputProblem('"preflight" is the container that proves the bucket; choose another name');
}

function servedPorts(value: unknown): ComponentPort[] {
  const ports = listOf(oneOf(ComponentPort, 'ComponentPort'))(value);
  if (new Set(ports).size < ports.length) throw new InputProblem('names a port twice');
  if (ports.includes(ComponentPort.HTTP)) return ports;
  throw new InputProblem('lacks http, which the probes ask');
}

function requireData(flag: string | undefined, storage: unknown, args: readonly string[] = []): void {
  if (flag === undefined && storage !== undefined)
    throw new InputProblem('storage: has no effect without dataFlag, which makes the volume');
  const again = args.find((arg) => flag !== undefined && (arg === flag || arg.startsWith(`${flag}=`)));
  if (again !== undefined) throw new InputProblem(`args: ${found(again)} is set by dataFlag. Drop it`);
}

const read = required(struct(KIND), 'Say what the component is: { component, command }');

/** A kind as a class of the users' own describes it. */
export function ownKind(given: unknown, bucket: boolean): Kind<any> {
  const { args, ports = [ComponentPort.HTTP], replicas = 1, dataFlag, storage, ...kind } = read(given);
  requireData(dataFlag, storage, args);
  return {
    ...kind,
    args,
    ports,
    replicas,
    workload: dataFlag === undefined ? 'Deployment' : 'StatefulSet',
    volume: dataFlag === undefined ? undefined : Size.gibibytes(10),
    bucket: bucket ? 'optional' : undefined,
    requests: { cpu: '25m', memory: Size.mebibytes(128) },
    patience: 4,
    graceSeconds: 120,
    options: {
      kind: {
        read: jsonObject,
        args: (_, { identity }) => (dataFlag === undefined ? [] : [[dataFlag, identity.dataPath]]),
      },
    },
    plan: () => ({ storage }),
    judge: kind.command[0] === 'compact' ? judgeCompaction : undefined,
  };
}
