import { Size } from 'cdk8s';
import { STORAGE } from '../pod/storage';
import { dnsLabel } from '../support/names';
import { jsonObject, listOf, oneOf, struct, text, textList, wholeNumber } from '../support/rows';
import { required, type StructTable } from '../support/table';
import { type ComponentKind, ComponentPort } from './component-kind';
import type { Kind } from './kind';

const KIND: StructTable<ComponentKind> = {
  component: required(dnsLabel),
  command: required(textList),
  args: listOf(text),
  ports: listOf(oneOf(ComponentPort)),
  replicas: wholeNumber(0),
  dataFlag: text,
  storage: struct(STORAGE),
};

const read = required(struct(KIND), 'Say what the component is: { component, command }');

/** A kind as a class of the users' own describes it. */
export function ownKind(given: unknown, bucket: boolean): Kind<any> {
  const { args, ports = [ComponentPort.HTTP], replicas = 1, dataFlag, storage, ...kind } = read(given);
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
  };
}
