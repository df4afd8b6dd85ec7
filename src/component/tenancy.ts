import { argLiteral } from '../support/escape';
import { InputProblem } from '../support/problem';
import { oneOf, struct, text, yesOrNo } from '../support/rows';
import type { StructTable } from '../support/table';
import { headerName } from './header-name';
import { type Arg, written } from './option';
import { labelName } from './external-labels';

/** A field of a client's certificate that names the tenant. */
export enum TenantCertificateField {
  /** `O`. */
  ORGANIZATION = 'organization',
  /** `OU`. */
  ORGANIZATIONAL_UNIT = 'organizationalUnit',
  /** `CN`. */
  COMMON_NAME = 'commonName',
}

/** How a Query tells tenants apart. */
export interface QueryTenancyOptions {
  /**
   * Let each tenant see its own series alone (`--query.enforce-tenancy`). Whoever may set the header may be any tenant: put a
   * proxy before Query that sets it.
   * @default - Thanos' own, false: the tenant is counted in metrics, and sees everything
   */
  readonly enforce?: boolean;
  /**
   * Header that names the tenant (`--query.tenant-header`). A query frontend passes every tenant on as `THANOS-TENANT`: behind
   * one, give the header to the frontend alone.
   * @default - Thanos' own, `THANOS-TENANT`
   */
  readonly header?: string;
  /**
   * Field of the client's certificate that names the tenant, in place of the header; for Query served over mTLS
   * (`--query.tenant-certificate-field`).
   * @default - none: the header
   */
  readonly certificateField?: TenantCertificateField;
  /**
   * Tenant of whoever names none (`--query.default-tenant-id`).
   * @default - Thanos' own, `default-tenant`
   */
  readonly defaultTenant?: string;
  /**
   * Label that holds a series' tenant; that of the receivers (`--query.tenant-label-name`).
   * @default - Thanos' own, `tenant_id`
   */
  readonly label?: string;
}

/** How what names a tenant is read. */
export const TENANT_NAME: StructTable<FrontendTenancyOptions> = {
  header: headerName,
  certificateField: oneOf(TenantCertificateField, 'TenantCertificateField'),
};

const TABLE: StructTable<QueryTenancyOptions> = {
  ...TENANT_NAME,
  enforce: yesOrNo,
  defaultTenant: text,
  label: labelName,
};

/** How they are read. */
export const QUERY_TENANCY = struct(TABLE, oneName);

/** Their flags. */
export function queryTenancyFlags(tenancy: QueryTenancyOptions = {}): Arg[] {
  const { defaultTenant, header } = tenancy;
  return [
    ...written('--query.enforce-tenancy', tenancy.enforce),
    ...written('--query.tenant-header', header && argLiteral(header)),
    ...written('--query.tenant-certificate-field', tenancy.certificateField),
    ...written('--query.default-tenant-id', defaultTenant && argLiteral(defaultTenant)),
    ...written('--query.tenant-label-name', tenancy.label),
  ];
}

/** How a query frontend tells tenants apart. Query gets the tenant as `THANOS-TENANT`. */
export interface FrontendTenancyOptions {
  /**
   * Header that names the tenant (`--query-frontend.tenant-header`); whoever sends none is `default-tenant`.
   * @default - Thanos' own, `THANOS-TENANT`
   */
  readonly header?: string;
  /**
   * Field of the client's certificate that names the tenant, in place of the header
   * (`--query-frontend.tenant-certificate-field`).
   * @default - none: the header
   */
  readonly certificateField?: TenantCertificateField;
}

/** How they are read. */
export const FRONTEND_TENANCY = struct(TENANT_NAME, oneName);

/** Their flags. */
export function frontendTenancyFlags({ header, certificateField }: FrontendTenancyOptions = {}): Arg[] {
  return [
    ...written('--query-frontend.tenant-header', header && argLiteral(header)),
    ...written('--query-frontend.tenant-certificate-field', certificateField),
  ];
}

/** A tenant is named by one of the two. */
export function oneName({ header, certificateField }: FrontendTenancyOptions): void {
  if (header !== undefined && certificateField !== undefined)
    throw new InputProblem('header: has no effect with certificateField; drop one of the two');
}
