import { InputProblem } from '../../support/problem';
import { wholeNumber } from '../../support/rows';
import { required } from '../../support/table';
import { HTTP_STORE_OPTIONS, type HttpStoreOptions, serviceAccount, storeHost, word } from './common';
import { type SecretValue, secretValue } from './secret-value';
import type { StoreKind } from './store-kind';

/** A container of Azure Blob Storage (https://thanos.io/tip/thanos/storage.md/#azure). */
export interface AzureOptions extends HttpStoreOptions {
  /** Name of the storage account. */
  readonly storageAccount: string;
  /** Name of the container. */
  readonly container: string;
  /**
   * Key of the storage account (`storage_account_key`).
   * @default - connectionString, clientSecret, or Azure's default chain, such as Workload Identity
   */
  readonly accountKey?: SecretValue;
  /**
   * Connection string (`storage_connection_string`).
   * @default - none
   */
  readonly connectionString?: SecretValue;
  /**
   * Client id of a user-assigned managed identity (`user_assigned_id`).
   * @default - none
   */
  readonly userAssignedId?: string;
  /**
   * Tenant of a service principal (`az_tenant_id`); with clientId and clientSecret.
   * @default - none
   */
  readonly tenantId?: string;
  /**
   * Client id of a service principal (`client_id`).
   * @default - none
   */
  readonly clientId?: string;
  /**
   * Secret of a service principal (`client_secret`).
   * @default - none
   */
  readonly clientSecret?: SecretValue;
  /**
   * ServiceAccount of Kubernetes that the granted pods run under, for Workload Identity.
   * @default - the namespace's own, without a token
   */
  readonly serviceAccountName?: string;
  /**
   * Host of the service, without the account.
   * @default - Thanos' own, blob.core.windows.net
   */
  readonly endpoint?: string;
  /**
   * Tries of one request, the first included (`max_retries`).
   * @default - Azure's own
   */
  readonly maxRetries?: number;
}

const PRINCIPAL = ['tenantId', 'clientId', 'clientSecret'] as const;
const PROOFS = ['accountKey', 'connectionString', 'userAssignedId', 'clientId'] as const;

/** Azure Blob Storage. */
export const AZURE: StoreKind<AzureOptions> = {
  type: 'AZURE',
  fields: {
    ...HTTP_STORE_OPTIONS,
    storageAccount: required(word, 'Give the name of the storage account'),
    container: required(word, 'Give the name of the container'),
    accountKey: secretValue,
    connectionString: secretValue,
    userAssignedId: word,
    tenantId: word,
    clientId: word,
    clientSecret: secretValue,
    serviceAccountName: serviceAccount,
    endpoint: storeHost,
    maxRetries: wholeNumber(1),
  },
  config: (azure, secret, oneTry) => ({
    az_tenant_id: azure.tenantId,
    client_id: azure.clientId,
    client_secret: secret('client_secret', azure.clientSecret),
    storage_account: azure.storageAccount,
    storage_account_key: secret('storage_account_key', azure.accountKey),
    storage_connection_string: secret('storage_connection_string', azure.connectionString),
    container: azure.container,
    endpoint: azure.endpoint,
    user_assigned_id: azure.userAssignedId,
    max_retries: oneTry ? 1 : azure.maxRetries,
  }),
  bucketId: ({ storageAccount, container, endpoint = 'blob.core.windows.net' }) =>
    `azure:${storageAccount}.${endpoint}/${container}`,
  keys: ({ serviceAccountName, userAssignedId }) => {
    if (userAssignedId) return `managed identity ${userAssignedId}`;
    return serviceAccountName ? `service-account ServiceAccount/${serviceAccountName}` : "Azure's default chain";
  },
  judge: (azure) => {
    const some = PRINCIPAL.find((prop) => azure[prop]);
    const missing = PRINCIPAL.find((prop) => !azure[prop]);
    if (some && missing)
      throw new InputProblem(`${some}: is given without ${missing}. Give all of tenantId, clientId and clientSecret`);
    const [first, second] = PROOFS.filter((prop) => azure[prop]);
    if (second)
      throw new InputProblem(`${second}: is given together with ${first}; Thanos takes one. Drop one of the two`);
  },
};
