import type { IConstruct } from 'constructs';
import { requireAllAsked } from '../app/same-app';
import type { QueryOptions } from '../component/query-options';
import { type IStoreApi, STORE_API } from '../component/store-api';
import { listOf } from '../support/rows';
import { within } from '../support/table';

/** What the Query of a stack can be told. */
export interface StackQueryOptions extends QueryOptions {
  /**
   * StoreAPIs that are asked beside the stack's own receivers, stores and rulers, such as a ThanosSidecar. What is not of this
   * app, or of another cluster, is one of the `endpoints`, by its address from outside.
   * @default - none
   */
  readonly sources?: IStoreApi[];
}

/** How the further ones are read. */
export function furtherSources(stack: IConstruct, sources: unknown = []): IStoreApi[] {
  return within('sources', () => {
    const all = listOf(STORE_API)(sources);
    requireAllAsked(stack, all, 'endpoints');
    return all;
  });
}
