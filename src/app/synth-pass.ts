import { ApiObject, App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Json } from '../support/json';
import { sameJson } from '../manifest/same-json';
import { isLooking, rendered, type Rendering } from './finished';

type Judge = (app: readonly Rendering[]) => string[];

/**
 * Adds a validation of the whole app. cdk8s asks for it once for each chart; while one synth runs it is worked out once. What
 * comes in between (a chart that renders itself in a way of its own, a validation that changes something, an app that
 * synthesizes twice) is found in the end: whatever was written that was not judged is judged then.
 *
 * Asked outside of `synth` and `synthYaml` (by `Testing.synth`, say) it is worked out anew each time.
 */
export function judgeAtSynth(root: IConstruct, judge: Judge): void {
  let running = 0;
  // set within a synth alone
  let before: Verdict | undefined;
  const { synth, synthYaml } = root instanceof App ? root : App.prototype;
  const ofCdk8s = synth === App.prototype.synth && synthYaml === App.prototype.synthYaml;
  const now = (): Verdict => {
    const app = rendered(root);
    return { app, byObject: new Map(app), problems: judge(app), quiet: ofCdk8s && isQuiet(root) };
  };
  const validation = {
    validate: () => {
      if (running === 0) return now().problems;
      // after errors a synth ends: what asks again has mended something
      if (before === undefined || before.problems.length > 0) before = now();
      return before.problems;
    },
  };
  root.node.addValidation(validation);
  PASSES.set(root, {
    forget: () => (before = undefined),
    judged: () => (validationsOf(root)?.at(-1) === validation ? before?.byObject : undefined),
  });
  const inOneSynth = <T>(run: () => T): T => {
    if (running > 0) return run();
    running = 1;
    const record = recorded(root, () => (before?.quiet ? before.byObject : undefined));
    try {
      const result = run();
      if (before || record.heard()) requireJudged(before?.app ?? [], record.written(), judge);
      return result;
    } finally {
      record.stop();
      running = 0;
      before = undefined;
    }
  };
  if (root instanceof App) {
    // on the instance: a subclass may have its own
    root.synth = () => inOneSynth(() => synth.call(root));
    root.synthYaml = () => inOneSynth(() => synthYaml.call(root));
  }
}

/**
 * Whether nobody's code runs between the verdict and the files: an App of cdk8s itself, whose charts render in cdk8s' way,
 * and no validation but this one. Then what was judged is written as it is, where it was rendered in the order of the files
 * too: of objects that depend on each other, and of charts in charts, an object that changes another one may come first.
 */
function isQuiet(root: IConstruct): boolean {
  if (Object.getPrototypeOf(root) !== App.prototype) return false;
  return root.node.findAll().every((construct) => {
    const validations = validationsOf(construct);
    if (validations === undefined || validations.length > (construct === root ? 1 : 0)) return false;
    if (construct.node.dependencies.length > 0) return false;
    if (!Chart.isChart(construct)) return true;
    const { node, toJson }: Chart = construct;
    return toJson === Chart.prototype.toJson && node.scopes.filter((scope) => Chart.isChart(scope)).length === 1;
  });
}

/** constructs keeps validations to itself; undefined where they can't be told, and everything is rendered again. */
function validationsOf({ node }: IConstruct): unknown[] | undefined {
  const { _validations: validations } = node as unknown as { readonly _validations?: unknown };
  return Array.isArray(validations) ? validations : undefined;
}

/** What was judged, and what was found. */
interface Verdict {
  readonly app: readonly Rendering[];
  readonly byObject: ReadonlyMap<IConstruct, Json>;
  readonly problems: string[];
  /** Whether it may be written as it is. */
  readonly quiet: boolean;
}

/** The verdict of a synth that runs. */
interface Pass {
  forget(): void;
  judged(): ReadonlyMap<IConstruct, Json> | undefined;
}

const PASSES = new WeakMap<IConstruct, Pass>();

/** The next validation judges anew, whatever was kept in this synth. */
export function forgetVerdict(root: IConstruct): void {
  PASSES.get(root)?.forget();
}

/**
 * The manifests that were judged in the synth that runs, by their objects; undefined where nothing judges this app, or where
 * another validation of the app comes later. Good for whoever lets the app judge last and writes then, with nobody's code in
 * between.
 */
export function judgedManifests(root: IConstruct): ReadonlyMap<IConstruct, Json> | undefined {
  return PASSES.get(root)?.judged();
}

/** Throws where what was written differs from what was judged, and would not have passed. */
function requireJudged(judged: readonly Rendering[], written: readonly Rendering[], judge: Judge): void {
  if (judged.length === written.length && judged.every(([object, json], i) => isSame(written[i], object, json))) return;
  const problems = judge(written);
  if (problems.length === 0) return;
  const lines = problems.map((text) => `\n  ${text}`).join('');
  throw new Error(
    `Validation failed with the following errors, which came about while the app was written. Do not apply what was written:${lines}`,
  );
}

function isSame([object, json]: Rendering, as: IConstruct, judged: Json): boolean {
  return object === as && sameJson(json, judged);
}

interface Recording {
  /** Whether anything was rendered. */
  heard(): boolean;
  /** What the app gave: the last manifest of each object, and what charts added to them. */
  written(): Rendering[];
  stop(): void;
}

/** Listens to what is asked of the objects, and of the charts that render themselves in a way of their own. */
function recorded(root: IConstruct, judged: () => ReadonlyMap<IConstruct, Json> | undefined): Recording {
  const objects = new Map<IConstruct, Json>();
  const given = new Map<Chart, Json[]>();
  const known = new Set(root.node.findAll());
  const stops = [...known].flatMap((construct) => {
    if (ApiObject.isApiObject(construct)) {
      const hear = (json: Json): unknown => objects.set(construct, json);
      return [listened(construct, hear, () => judged()?.get(construct))];
    }
    if (!Chart.isChart(construct)) return [];
    const chart: Chart = construct;
    // of a chart that renders nothing else its objects tell
    if (chart.toJson === Chart.prototype.toJson) return [];
    return [listened(chart, (manifests: Json[]) => given.set(chart, Object.values(manifests)))];
  });
  return {
    heard: () => objects.size + given.size > 0,
    written: () => {
      stops.forEach((stop) => stop());
      const tree = root.node.findAll();
      // charts that came while the app was written: nobody listened
      for (const chart of tree.filter((construct): construct is Chart => Chart.isChart(construct)))
        if (!known.has(chart) && chart.toJson !== Chart.prototype.toJson)
          given.set(chart, Object.values(chart.toJson()));
      const all = tree
        .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))
        .map((object): Rendering => [object, objects.has(object) ? objects.get(object) : object.toJson()]);
      return [...given].reduce((known, [chart, manifests]) => withOwn(known, chart, manifests), all);
    },
    stop: () => stops.forEach((stop) => stop()),
  };
}

/**
 * What a chart made of its objects: each in its place, by its name, or, where it was renamed, by its kind and order. What
 * the chart left out is not there, and what it added is its own.
 */
function withOwn(all: readonly Rendering[], chart: Chart, manifests: readonly Json[]): Rendering[] {
  const own = all.filter(([object]) => Chart.of(object) === chart);
  const made = new Map<IConstruct, Json>();
  // cdk8s leaves out what is undefined
  const rest = manifests.filter((json) => json !== undefined);
  for (const by of [nameOf, (json: Json): string => `${json?.apiVersion}/${json?.kind}`])
    for (const [object, json] of own) {
      if (made.has(object)) continue;
      const i = rest.findIndex((manifest) => by(manifest) === by(json));
      if (i >= 0) made.set(object, rest.splice(i, 1)[0]);
    }
  const kept = all.flatMap(([object, json]): Rendering[] => {
    if (Chart.of(object) !== chart) return [[object, json]];
    return made.has(object) ? [[object, made.get(object)]] : [];
  });
  return [...kept, ...rest.map((json): Rendering => [chart, json])];
}

function nameOf(json: Json): string {
  return [json?.apiVersion, json?.kind, json?.metadata?.namespace, json?.metadata?.name].join('\0');
}

/** Hears what an object's `toJson` gives, until it is told to stop; what is known already it need not work out again. */
function listened<T extends { toJson(): unknown }>(
  teller: T,
  hear: (told: ReturnType<T['toJson']>) => void,
  known: () => ReturnType<T['toJson']> | undefined = () => undefined,
): () => void {
  const own = Object.getOwnPropertyDescriptor(teller, 'toJson');
  const render = teller.toJson;
  const heard = (): unknown => {
    const told = known() ?? render.call(teller);
    if (!isLooking()) hear(told as ReturnType<T['toJson']>);
    return told;
  };
  teller.toJson = heard;
  return () => {
    // somebody else may have put theirs over it
    if (teller.toJson !== heard) return;
    if (own) Object.defineProperty(teller, 'toJson', own);
    else delete (teller as { toJson?: unknown }).toJson;
  };
}
