import type { Address } from '../manifest/address';

/** A call that a container is told to make. */
export interface Link {
  readonly to: Address;
  /** What goes over it. */
  readonly carries: string;
  /** `gRPC`; undefined where the address' scheme says it, and HTTP where that says nothing. */
  readonly protocol?: string;
  /** The flag or field that says so. */
  readonly by: string;
}

/** Addresses that stand where the manifests don't show them, in a Secret of somebody else. */
export interface HiddenLink {
  readonly hidden: string;
  readonly carries: string;
  readonly by: string;
}
