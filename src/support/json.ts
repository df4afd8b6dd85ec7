/** Kubernetes' JSON: a manifest or a part of one, of any shape until it was looked at. */
export type Json = any;
