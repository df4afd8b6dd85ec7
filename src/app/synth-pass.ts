import { isDeepStrictEqual } from 'node:util';
import { App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Json } from '../manifest/pod-specs';
import { rendered, type Rendering } from './finished';

type Judge = (app: readonly Rendering[]) => string[];

/**
 * A validation of the whole app. cdk8s asks for it once for each chart; while one synth runs it is worked out once. What
 * comes in between (a chart that renders itself in a way of its own, a validation that changes something, an app that
 * synthesizes twice) is found in the end: whatever was written that was not judged is judged then.
 *
 * Asked outside of `synth` and `synthYaml` (by `Testing.synth`, say) it is worked out anew each time.
 */
export function judgedAtSynth(root: IConstruct, judge: Judge): () => string[] {
  let running = 0;
  let before: { app: readonly Rendering[]; problems: string[] } | undefined;
  const inOneSynth = <T>(run: () => T): T => {
    if (running > 0) return run();
    running = 1;
    const record = recorded(root);
    try {
      const result = run();
      if (before) requireJudged(before.app, record.written(), judge);
      return result;
    } finally {
      record.stop();
      running = 0;
      before = undefined;
    }
  };
  if (root instanceof App) {
    // on the instance: a subclass may have its own
    const { synth, synthYaml } = root;
    root.synth = () => inOneSynth(() => synth.call(root));
    root.synthYaml = () => inOneSynth(() => synthYaml.call(root));
  }
  const now = (): { app: readonly Rendering[]; problems: string[] } => {
    const app = rendered(root);
    return { app, problems: judge(app) };
  };
  return () => {
    if (running === 0) return now().problems;
    before ??= now();
    return before.problems;
  };
}

/** Throws where what was written differs from what was judged, and would not have passed. */
function requireJudged(judged: readonly Rendering[], written: readonly Rendering[], judge: Judge): void {
  if (isDeepStrictEqual(judged, written)) return;
  const problems = judge(written);
  if (problems.length === 0) return;
  const lines = problems.map((text) => `\n  ${text}`).join('');
  throw new Error(
    `Validation failed with the following errors, which came about while the app was written. Do not apply what was written:${lines}`,
  );
}

interface Recording {
  /** What the app gave, as far as it is known, and what it would give now. */
  written(): Rendering[];
  stop(): void;
}

/** Listens to the charts that render themselves in a way of their own: what they add is an object too. */
function recorded(root: IConstruct): Recording {
  const given = new Map<Chart, Json[]>();
  const own = root.node
    .findAll()
    .filter((construct): construct is Chart => Chart.isChart(construct))
    .filter((chart) => chart.toJson !== Chart.prototype.toJson)
    .map((chart) => listened(chart, (manifests) => given.set(chart, manifests)));
  return {
    written: () => [...given].reduce((all, [chart, manifests]) => withOwn(all, chart, manifests), rendered(root)),
    stop: () => own.forEach((stop) => stop()),
  };
}

/** What a chart made of its objects, each in its place, and what it added to them. */
function withOwn(all: readonly Rendering[], chart: Chart, manifests: readonly Json[]): Rendering[] {
  const places = new Map(
    all.flatMap(([object, json], i) => (Chart.of(object) === chart ? [[nameOf(json), i] as const] : [])),
  );
  const result = [...all];
  for (const json of manifests) {
    const i = places.get(nameOf(json));
    if (i === undefined) result.push([chart, json]);
    else result[i] = [all[i][0], json];
  }
  return result;
}

function nameOf(json: Json): string {
  return [json?.apiVersion, json?.kind, json?.metadata?.namespace, json?.metadata?.name].join('\0');
}

function listened(chart: Chart, hear: (manifests: Json[]) => void): () => void {
  const of = Object.getOwnPropertyDescriptor(chart, 'toJson');
  const render = chart.toJson;
  chart.toJson = () => {
    const manifests = render.call(chart);
    hear(Object.values(manifests));
    return manifests;
  };
  return () => {
    if (of) Object.defineProperty(chart, 'toJson', of);
    else delete (chart as { toJson?: unknown }).toJson;
  };
}
