import { ObjstoreConfig } from '../../src';
import { lint } from '../../src/lint/lint';
import { message } from '../fixtures/bucket';
import { good, NOW, yamlOf } from '../lint/manifests';
import { chart } from '../render';
import { CA_FILE, configText, type Options, type Proof, storeOptions } from './run';
import type { World } from './world';

/** The message with which synth refuses these options, from the prop on. */
export function refusal(world: World, options: Options): string {
  const text = message(() => new ObjstoreConfig(chart(), 'Objstore', storeOptions(world, options)));
  return text.replace(/^cdk8s-thanos: \S+: /, '');
}

/** Rules of lint that find something in what stands behind a section, beyond what they find in good manifests. */
export function lintRules(world: World, { cases, manifests }: Proof): Set<string> {
  const found = new Set<string>();
  const judge = (all = good()): void => {
    for (const { rule, severity } of lint([{ file: 'm.yaml', text: yamlOf(all) }], NOW))
      if (severity !== 'info') found.add(rule);
  };
  for (const { run } of cases) {
    const given = run(world);
    if (!('config' in given)) continue;
    const ca = given.files?.[CA_FILE];
    const all = { ...good(), config: configText(given) };
    if (ca !== undefined) all.ca.data['ca.crt'] = Buffer.from(ca).toString('base64');
    judge(all);
  }
  for (const change of manifests?.(world) ?? []) {
    const all = good();
    change(all);
    judge(all);
  }
  return found;
}
