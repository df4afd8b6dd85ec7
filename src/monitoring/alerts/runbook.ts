import { found, InputProblem } from '../../support/problem';
import type { Row } from '../../support/table';
import { isHttpUrl } from '../../support/url';

/** How the URL of the runbooks is read: without a slash at its end. */
export const RUNBOOK_URL: Row<string> = (value) => {
  if (isHttpUrl(value)) return value.replace(/\/+$/, '');
  throw new InputProblem(`${found(value)} is not a URL with scheme`);
};

/** The annotation that leads from an alert to its page; none where nobody says where the pages lie. */
export function runbook(alert: string, url: string | undefined): Record<string, string> {
  return url === undefined ? {} : { runbook_url: `${url}/${alert}.md` };
}
