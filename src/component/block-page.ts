import { argLiteral } from '../support/escape';
import { InputProblem } from '../support/problem';
import { anyText, struct, text, yesOrNo } from '../support/rows';
import type { Row, StructTable } from '../support/table';
import { headerName } from './header-name';
import { type Arg, written } from './option';

/** The page of blocks that a compactor or store gateway shows on its HTTP port; a compactor's shows its progress too. */
export interface BlockPageOptions {
  /**
   * Whether there is one (`--web.disable`).
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Let visitors mark blocks for deletion or against compaction (`--disable-admin-operations`).
   * @default - Thanos' own, true
   */
  readonly adminOperations?: boolean;
  /**
   * External label by which blocks are grouped (`--bucket-web-label`).
   * @default - none
   */
  readonly label?: string;
  /**
   * Where the page is seen from, behind a proxy that strips it: a path, or a whole URL (`--web.external-prefix`).
   * @default - as it is served
   */
  readonly externalPrefix?: string;
  /**
   * Header that names the prefix for each request. Only behind a proxy that sets it anew (`--web.prefix-header`).
   * @default - none
   */
  readonly prefixHeader?: string;
  /**
   * Answer scripts of other origins (`--web.disable-cors`).
   * @default - Thanos' own, true
   */
  readonly cors?: boolean;
}

const BLOCK_PAGE: StructTable<BlockPageOptions> = {
  enabled: yesOrNo,
  adminOperations: yesOrNo,
  label: anyText,
  externalPrefix: text,
  prefixHeader: headerName,
  cors: yesOrNo,
};

/** How it is read. */
export const BLOCK_PAGE_ROW: Row<BlockPageOptions> = struct(BLOCK_PAGE, ({ enabled = true, ...rest }) => {
  const [idle] = Object.keys(rest);
  if (!enabled && idle !== undefined)
    throw new InputProblem(`${idle} has no effect where enabled is false; drop one of the two`);
});

/** What the command is told of it. */
export function blockPageArgs(page: BlockPageOptions = {}): Arg[] {
  const { enabled = true, adminOperations = true, cors = true } = page;
  return [
    ...written('--web.disable', !enabled),
    ...written('--disable-admin-operations', !adminOperations),
    ...written('--bucket-web-label', page.label && argLiteral(page.label)),
    ...written('--web.external-prefix', page.externalPrefix && argLiteral(page.externalPrefix)),
    ...written('--web.prefix-header', page.prefixHeader && argLiteral(page.prefixHeader)),
    ...written('--web.disable-cors', !cors),
  ];
}
