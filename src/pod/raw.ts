import type { Json } from '../support/json';
import { dnsLabel } from '../support/names';
import { anyText, jsonList, jsonObject, listOf, text } from '../support/rows';
import { readStruct, required, type Row, type StructTable, within } from '../support/table';

/**
 * Raw Kubernetes JSON of the users': what this library itself reads of it is checked, and what the API server refuses of
 * any pod. The rest goes through, fields that are newer than this library included; of an affinity there are but three.
 */

type Fields = Readonly<Record<string, Row<any>>>;

/** Fields that must be there, and those that must have a form where they are. */
function raw(needed: Fields, optional: Fields): Row<Json> {
  return (value) => {
    const json = jsonObject(value);
    for (const [field, row] of Object.entries(needed)) within(field, () => required(row)(json[field]));
    for (const [field, row] of Object.entries(optional))
      if (json[field] !== undefined && json[field] !== null) within(field, () => row(json[field]));
    return json;
  };
}

const VOLUME = raw({ name: dnsLabel }, {});
const MOUNT = raw({ name: text, mountPath: text }, {});
const CONTAINER = raw(
  { name: dnsLabel, image: text },
  {
    args: listOf(anyText),
    command: listOf(anyText),
    env: listOf(raw({ name: text }, { value: anyText })),
    envFrom: jsonList,
    ports: jsonList,
    volumeMounts: listOf(MOUNT),
    securityContext: jsonObject,
  },
);

/** What runs after the start of a container and before its end. */
export const RAW_LIFECYCLE: Row<Json> = raw({}, { postStart: jsonObject, preStop: jsonObject });

/** Volumes of a pod. */
export const RAW_VOLUMES: Row<Json[]> = listOf(VOLUME);

/** Containers of a pod. */
export const RAW_CONTAINERS: Row<Json[]> = listOf(CONTAINER);

interface Affinity {
  readonly nodeAffinity?: Json;
  readonly podAffinity?: Json;
  readonly podAntiAffinity?: Json;
}

const AFFINITY: StructTable<Affinity> = {
  nodeAffinity: jsonObject,
  podAffinity: jsonObject,
  podAntiAffinity: jsonObject,
};

/** The affinity of a pod. */
export const RAW_AFFINITY: Row<Json> = (value) => readStruct(AFFINITY, value);
