import type { Board } from './board';
import { BUCKET_BOARD } from './bucket-board';
import { COMPACT_BOARD } from './compact-board';
import { OVERVIEW_BOARD } from './overview-board';
import { QUERY_BOARD } from './query-board';
import { RECEIVE_BOARD } from './receive-board';
import { RULE_BOARD } from './rule-board';
import { STORE_BOARD } from './store-board';

/** All of them but that of certificates, which depends on more than the parts. */
export const BOARDS: readonly Board[] = [
  OVERVIEW_BOARD,
  RECEIVE_BOARD,
  STORE_BOARD,
  COMPACT_BOARD,
  QUERY_BOARD,
  RULE_BOARD,
  BUCKET_BOARD,
];
