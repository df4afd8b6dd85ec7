import { argLiteral } from '../support/escape';
import { struct, text } from '../support/rows';
import type { StructTable } from '../support/table';
import { labelName } from './external-labels';
import { type Arg, written } from './option';
import { oneName, TENANT_NAME, type TenantCertificateField } from './tenancy';

/** How a ReceiveRouter learns the tenant of a write. */
export interface RouterTenancyOptions {
  /**
   * Header that names the tenant (`--receive.tenant-header`). Whoever may set it may write as any tenant.
   * @default - Thanos' own, `THANOS-TENANT`
   */
  readonly header?: string;
  /**
   * Field of the client's certificate that names the tenant, in place of the header; for remote-write over mTLS
   * (`--receive.tenant-certificate-field`).
   * @default - none: the header
   */
  readonly certificateField?: TenantCertificateField;
  /**
   * Tenant of whoever names none (`--receive.default-tenant-id`).
   * @default - Thanos' own, `default-tenant`
   */
  readonly defaultTenant?: string;
  /**
   * Label whose value is the tenant, series by series, before the header (`--receive.split-tenant-label-name`).
   * @default - none: a write is of one tenant
   */
  readonly splitLabel?: string;
}

/** How a Receiver learns the tenant of a write, and where it keeps it. */
export interface ReceiverTenancyOptions extends RouterTenancyOptions {
  /**
   * Label of the blocks that holds the tenant (`--receive.tenant-label-name`); Query's `tenancy.label` is the same.
   * @default - Thanos' own, `tenant_id`
   */
  readonly label?: string;
}

const ROUTER: StructTable<RouterTenancyOptions> = {
  ...TENANT_NAME,
  defaultTenant: text,
  splitLabel: labelName,
};

const RECEIVER: StructTable<ReceiverTenancyOptions> = { ...ROUTER, label: labelName };

/** How a router's are read. */
export const ROUTER_TENANCY = struct(ROUTER, oneName);

/** How a receiver's are read. */
export const RECEIVER_TENANCY = struct(RECEIVER, oneName);

/** Their flags. */
export function receiveTenancyFlags(tenancy: ReceiverTenancyOptions = {}): Arg[] {
  const { defaultTenant, header } = tenancy;
  return [
    ...written('--receive.tenant-header', header && argLiteral(header)),
    ...written('--receive.tenant-certificate-field', tenancy.certificateField),
    ...written('--receive.default-tenant-id', defaultTenant && argLiteral(defaultTenant)),
    ...written('--receive.tenant-label-name', tenancy.label),
    ...written('--receive.split-tenant-label-name', tenancy.splitLabel),
  ];
}
