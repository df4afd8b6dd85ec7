import type { Grant } from '../objstore/grant';
import type { Json } from '../support/json';
import type { Identity } from '../support/identity';
import { KubeServiceAccount } from '../support/k8s';
import { found, InputProblem } from '../support/problem';
import { annotationMap, labelMap, struct } from '../support/rows';
import type { Row } from '../support/table';
import { orNone } from './or-none';

/**
 * A ServiceAccount that is made here, called as `serviceAccountName` says, else as the keys of the objstore do, else as the
 * workload. Its token is not mounted: what a cloud hands out for an account (IRSA, workload
 * identity) reaches the pods without it.
 */
export interface ServiceAccountOptions {
  /**
   * Annotations, such as `eks.amazonaws.com/role-arn`.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
  /**
   * Labels, beside those of the workload.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}

/** How a ServiceAccount is read. */
export const SERVICE_ACCOUNT: Row<ServiceAccountOptions> = struct<ServiceAccountOptions>({
  annotations: annotationMap,
  labels: labelMap,
});

/** What of a component's options says which account it has. */
interface AccountOptions {
  readonly serviceAccountName?: string;
  readonly serviceAccount?: ServiceAccountOptions;
}

/**
 * Name of the account of a workload's pods; undefined: the namespace's default. The keys of an objstore may be those of
 * one account, and pods of another one would not be let in.
 * @internal
 */
export function accountName(options: AccountOptions, workload: string, grant?: Grant): string | undefined {
  const { serviceAccount, serviceAccountName } = options;
  const granted = grant?.serviceAccountName;
  if (serviceAccountName !== undefined && granted !== undefined && granted !== serviceAccountName)
    throw new InputProblem(
      `is ${found(serviceAccountName)}, but the keys of the objstore are those of ServiceAccount ${found(granted)}. Give one name in both, or leave it out here`,
    );
  return serviceAccountName ?? granted ?? (serviceAccount && workload);
}

/**
 * The object.
 * @internal
 */
export function serviceAccountObject(
  name: string,
  { annotations, labels }: ServiceAccountOptions,
  place: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
): Json {
  return KubeServiceAccount.manifest({
    metadata: {
      name,
      namespace: place.namespace,
      labels: { ...labels, ...place.labels },
      annotations: orNone(annotations),
    },
    automountServiceAccountToken: false,
  });
}

/** Where the account of a component lies. */
export function accountPlace({ namespace, selector }: Identity) {
  return { namespace, labels: selector };
}
