/** How the bucket's blocks are found (`--block-discovery-strategy`). */
export enum BlockDiscovery {
  /** One request for each block, many at once. */
  CONCURRENT = 'concurrent',
  /** All objects in one listing: fewer requests, which take longer. */
  RECURSIVE = 'recursive',
}

/** Hash of a block's files (`--hash-func`). */
export enum HashFunc {
  /** SHA-256, kept in meta.json. */
  SHA256 = 'SHA256',
}
