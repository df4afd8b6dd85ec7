import { readFileSync } from 'node:fs';
import { ApiObject } from 'cdk8s';
import { isDataKey } from '../support/names';
import { found, InputProblem } from '../support/problem';
import { lookedFor } from '../support/unreadable';
import { listOf } from '../support/rows';
import { within } from '../support/table';
import { firstTwice } from '../support/twice';
import { yamlPackage } from '../support/yaml-package';
import { ruleFile } from './given-rules';
import { CONFIG_MAP_BYTES } from './rules';

/**
 * PrometheusRules that others write, for a Ruler, which reads files: they are read at synth, so neither a watcher nor its
 * permissions are needed in the cluster.
 *
 * To follow objects of a cluster without a synth, let the Prometheus operator do it: it keeps the rules that a Prometheus
 * selects in ConfigMaps `prometheus-<name>-rulefiles-0`, which `ruleConfigMaps` and `ruleReload` take.
 */
export class PrometheusRuleSource {
  /** A PrometheusRule of this app, whoever made it, as it stands now. */
  public static fromObject(object: ApiObject): PrometheusRuleSource {
    return new PrometheusRuleSource(() => {
      if (!ApiObject.isApiObject(object))
        throw new InputProblem(`is ${found(object)}, not an ApiObject. Give the object itself, or ApiObject.of(it)`);
      return [object.toJson()];
    });
  }

  /** YAML of PrometheusRules: one or several documents, or a list as `kubectl get prometheusrules -o yaml` prints it. */
  public static fromYaml(yaml: string): PrometheusRuleSource {
    return new PrometheusRuleSource(() => objectsOf(yaml));
  }

  /** A file of such YAML. */
  public static fromFile(path: string): PrometheusRuleSource {
    return new PrometheusRuleSource(() => within(`the file ${found(path)}`, () => objectsOf(textOf(path))));
  }

  readonly #objects: () => unknown[];

  private constructor(objects: () => unknown[]) {
    this.#objects = objects;
  }

  /**
   * The files of the objects, by their names.
   * @internal
   */
  public _files(): (readonly [name: string, file: string])[] {
    return this.#objects().map(ruleFile);
  }
}

/** How several are read: a file for each object, in one ConfigMap. */
export function ruleFiles(sources: PrometheusRuleSource[]): Record<string, string> {
  const files = listOf((source: PrometheusRuleSource) => {
    if (source instanceof PrometheusRuleSource) return source._files();
    throw new InputProblem(
      `is ${found(source)}, not a PrometheusRuleSource; write PrometheusRuleSource.fromFile(path)`,
    );
  })(sources).flat();
  const names = files.map(([name]) => name);
  const twice = firstTwice(names);
  if (twice !== undefined) throw new InputProblem(`the object of ${found(twice)} appears twice`);
  const long = names.find((name) => !isDataKey(name));
  if (long !== undefined)
    throw new InputProblem(`${found(long)} is too long for a key of a ConfigMap; rename the object`);
  const size = files.flat().reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (size <= CONFIG_MAP_BYTES) return Object.fromEntries(files);
  throw new InputProblem(
    `make files of ${size} bytes, over the ${CONFIG_MAP_BYTES} of a ConfigMap; put some into ConfigMaps of their own, and name them in ruleConfigMaps`,
  );
}

function objectsOf(text: unknown): unknown[] {
  if (typeof text !== 'string') throw new InputProblem(`is ${found(text)}, not YAML text`);
  const documents = yamlPackage().parseAllDocuments(text, { logLevel: 'error' });
  const broken = [...documents].find(({ errors }) => errors.length > 0);
  if (broken) throw new InputProblem(`is not YAML (${broken.errors[0].message.split('\n')[0]})`);
  const objects = [...documents].map((document) => document.toJS()).filter((object) => object !== null);
  const all = objects.flatMap((object) => (Array.isArray(object?.items) ? object.items : [object]));
  if (all.length === 0) throw new InputProblem('holds no PrometheusRule');
  return all;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputProblem(`can't be read (${code ?? 'unknown error'})${lookedFor(path, code)}`);
  }
}
