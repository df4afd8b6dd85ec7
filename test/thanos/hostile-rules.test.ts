import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { type RuleGroup, Ruler } from '../../src';
import { chart, find, type Json, render } from '../render';
import { HOSTILE, HOSTILE_MAP } from './hostile';
import { PodOnDisk } from './pod-on-disk';
import { describeThanos, runThanos, serveThanos } from '../programs/thanos';

describeThanos('a hostile text in rules', () => {
  /** What a ruler says of the rules that it was given as a file. */
  async function loaded(rules: RuleGroup[]): Promise<Json[]> {
    const scope = chart();
    new Ruler(scope, 'ruler', { queries: ['127.0.0.1:1'], rules });
    const objects = render(scope);
    const pod = new PodOnDisk(objects, find(objects, 'StatefulSet'));
    const files = pod.args.filter((arg) => arg.startsWith('--rule-file='));
    expect(
      await runThanos(['tools', 'rules-check', ...files.map((f) => f.replace('rule-file', 'rules'))]),
    ).toMatchObject({ code: 0 });
    const serving = await serveThanos(pod.args, { ...pod.env, X: 'expanded' });
    try {
      return await serving.until('rules', async () => {
        const { groups } = await serving.api('/api/v1/rules');
        return groups.length === rules.length ? groups : undefined;
      });
    } finally {
      await serving.stop();
      pod.remove();
    }
  }

  test('arrives as it is: labels and annotations', async () => {
    const rule = { expr: 'vector(1)', labels: HOSTILE_MAP };
    const [group] = await loaded([
      {
        name: 'g',
        rules: [
          { alert: 'A', ...rule, annotations: HOSTILE_MAP },
          { record: 'r', ...rule },
        ],
      },
    ]);
    expect(group.rules[0]).toMatchObject({ labels: HOSTILE_MAP, annotations: HOSTILE_MAP });
    expect(group.rules[1]).toMatchObject({ name: 'r', labels: HOSTILE_MAP });
  });

  test('arrives as it is: names of groups, names of alerts', async () => {
    const groups = await loaded(HOSTILE.map((text) => ({ name: text, rules: [{ alert: text, expr: 'vector(1)' }] })));
    expect(groups.map(({ name }) => name).sort()).toEqual([...HOSTILE].sort());
    expect(groups.map(({ rules }) => rules[0].name).sort()).toEqual([...HOSTILE].sort());
  });

  test('arrives as it is: strings of an expression', async () => {
    const texts = HOSTILE.filter((text) => /^[\x20-\x7e]*$/.test(text));
    const rules = texts.map((text) => ({ record: 'r', expr: `up{l=${JSON.stringify(text)}}` }));
    const [group] = await loaded([{ name: 'g', rules }]);
    expect(group.rules.map(({ query }: Json) => query).sort()).toEqual(rules.map(({ expr }) => expr).sort());
  });

  test('written by hand is another value, or no rule file (controls)', async () => {
    const pod = new PodOnDisk([], { spec: { template: { spec: { containers: [{ args: [] }] } } } });
    const check = (file: string, text: string) => {
      writeFileSync(path.join(pod.directory, file), text);
      return runThanos(['tools', 'rules-check', `--rules=${path.join(pod.directory, file)}`]);
    };
    const group = (rule: string): string => `groups: [{ name: g, rules: [{ record: r, expr: up, ${rule} }] }]`;
    expect((await check('good.yaml', group('labels: { a: "b" }'))).code).toBe(0);
    expect((await check('star.yaml', group('labels: { a: *a }'))).code).toBe(1);
    expect((await check('typo.yaml', group('lables: { a: "b" }'))).code).toBe(1);
    pod.remove();
  });
});
