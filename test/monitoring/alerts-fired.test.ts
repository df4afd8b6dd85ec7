import { NOT_FIRED, PLAIN_FAULTS, SLOW_FAULTS } from '../e2e/support/alerts-fired';
import type { Json } from '../render';
import { objects } from '../stack/stacks';

const rules: Json[] = objects({ monitoring: { alerts: {} }, certificateAlerts: {} })
  .filter(({ kind }) => kind === 'PrometheusRule')
  .flatMap(({ spec }) => spec.groups.flatMap((group: Json) => group.rules))
  .filter(({ alert }: Json) => alert !== undefined);
const fired: string[] = Object.values({ ...PLAIN_FAULTS, ...SLOW_FAULTS }).flat();

/** Whether what fires in a fault may be of a rule: by its name, its labels, and the jobs that it reads. */
function isOf(fires: string, { alert, labels, expr }: Json): boolean {
  const [name, ...words] = fires.split(' ');
  const known = [...Object.values(labels), ...expr.matchAll(/job=~?"([^"]+)"/g)].flatMap((one: any) =>
    typeof one === 'string' ? [one] : one[1].split('|'),
  );
  return name === alert && words.every((word) => known.includes(word));
}

test('each alert fires in a fault on the cluster, with each of its windows and severities, or it is said why not', () => {
  const severities = (alert: string): string[] => [
    ...new Set(rules.filter((rule) => rule.alert === alert).map(({ labels }) => labels.severity)),
  ];
  const wanted = rules.map(({ alert, labels: { window, severity } }) =>
    [alert, window ?? (severities(alert).length > 1 ? severity : '')].join(' ').trim(),
  );
  const tried = (text: string): boolean =>
    fired.some((fires) => text.split(' ').every((word) => fires.split(' ').includes(word)));
  const without = [...new Set(wanted)].filter((text) => !tried(text));
  expect(without.filter((text) => NOT_FIRED[text] === undefined)).toEqual([]);
  expect(Object.keys(NOT_FIRED).filter((text) => !without.includes(text))).toEqual([]);
  expect(new Set(wanted).size).toBeGreaterThan(25);
});

test('what fires in a fault is an alert of the library', () => {
  expect(fired.filter((fires) => !rules.some((rule) => isOf(fires, rule)))).toEqual([]);
});
