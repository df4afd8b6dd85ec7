import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, DependencyGraph, Names, YamlOutputType } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { forgetVerdict, judgedManifests } from '../app/synth-pass';
import { ManifestWriter } from './manifest-writer';
import { progress } from './progress';

/**
 * An `App` for many charts: it writes the files of cdk8s' own `App`, byte for byte, whatever the output type. Where `App`
 * validates the whole app again for each chart, which takes minutes for hundreds of them, a fleet is validated once; and it
 * is written without a document of YAML nodes for each object.
 *
 * An app whose charts are nested or depend on each other, or that records construct metadata, is left to cdk8s.
 *
 * @example
 *
 * const app = new FleetApp();
 * for (const cluster of ['eu-1', 'us-1']) new Chart(app, cluster);
 * app.synth();
 */
export class FleetApp extends App {
  /**
   * Writes all manifests to the output directory.
   *
   * @throws when a validation fails, with the errors of all of them
   */
  public override synth(): void {
    const charts = this.#plainCharts();
    if (charts === undefined) return super.synth();
    mkdirSync(this.outdir, { recursive: true });
    const writer = new ManifestWriter();
    if (this.yamlOutputType === YamlOutputType.FILE_PER_APP) {
      if (charts.length > 0) this.#write(writer, 'app', charts.flatMap(this.#manifests()));
      return;
    }
    const shown = progress(charts.length);
    const manifestsOf = this.#manifests();
    for (const chart of charts) {
      this.#writeChart(writer, chart, manifestsOf);
      shown.one();
    }
    shown.end();
  }

  /** All manifests as one YAML text. */
  public override synthYaml(): string {
    const charts = this.#plainCharts();
    return charts === undefined ? super.synthYaml() : new ManifestWriter().write(charts.flatMap(this.#manifests()));
  }

  #writeChart(writer: ManifestWriter, chart: Chart, manifestsOf: (chart: Chart) => (Manifest | undefined)[]): void {
    const name = Names.toDnsLabel(chart);
    switch (this.yamlOutputType) {
      case YamlOutputType.FILE_PER_RESOURCE:
        // named by what patches made of the object, unlike in a folder for each chart
        for (const manifest of manifestsOf(chart))
          if (manifest !== undefined) this.#write(writer, fileOf(manifest), [manifest]);
        break;
      case YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE:
        mkdirSync(join(this.outdir, name), { recursive: true });
        this.#writeFolder(writer, chart, name);
        break;
      default:
        this.#write(writer, name, manifestsOf(chart));
    }
  }

  /** Of a folder's files cdk8s asks the objects, not the chart. */
  #writeFolder(writer: ManifestWriter, chart: Chart, folder: string): void {
    const judged = judgedManifests(this);
    for (const object of objectsOf(chart))
      this.#write(writer, join(folder, fileOf(object)), [judged?.get(object) ?? object.toJson()]);
  }

  /**
   * What a chart renders to; one that renders itself in a way of its own does so here too. Then what was judged may have
   * changed since, and all is rendered again; else it is written as it was judged.
   */
  #manifests(): (chart: Chart) => (Manifest | undefined)[] {
    const plain = this.charts.every((chart) => chart.toJson === Chart.prototype.toJson);
    const judged = plain ? judgedManifests(this) : undefined;
    return (chart) => {
      if (chart.toJson !== Chart.prototype.toJson) return Object.values(chart.toJson());
      return objectsOf(chart).map((object) => judged?.get(object) ?? object.toJson());
    };
  }

  #write(writer: ManifestWriter, name: string, objects: readonly unknown[]): void {
    writeFileSync(join(this.outdir, `${name}${this.outputFileExtension}`), writer.write(objects));
  }

  /** The charts in the order of cdk8s, validated; undefined where cdk8s alone knows what to do. */
  #plainCharts(): Chart[] | undefined {
    if (!this.#isPlain()) return undefined;
    const said = (constructs: IConstruct[]): string[] =>
      constructs.flatMap(({ node }) => node.validate().map((error) => `[${node.path}] ${error}`));
    const others = said(this.node.findAll().filter((construct) => construct !== this));
    // the app's own validation comes last, and anew, so that it judges what is written
    forgetVerdict(this);
    const errors = [...said([this]), ...others];
    if (errors.length > 0) throw new Error(`Validation failed with the following errors:\n  ${errors.join('\n  ')}`);
    // a validation may have made one chart depend on another
    return this.#isPlain() ? this.charts : undefined;
  }

  #isPlain(): boolean {
    const all = this.node.findAll();
    const nested = all.some((construct) => construct instanceof Chart && construct.node.scope instanceof Chart);
    const dependent = all.some((construct) => construct.node.dependencies.length > 0);
    const { recordConstructMetadata } = this as unknown as { recordConstructMetadata: boolean };
    return !nested && !dependent && !recordConstructMetadata;
  }
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name?: string };
}

function fileOf({ kind, metadata }: Manifest): string {
  return `${kind}.${metadata.name}`.replace(/[^\w.-]/g, '');
}

/** A chart's objects in the order of cdk8s. */
function objectsOf(chart: Chart): ApiObject[] {
  return new DependencyGraph(chart.node)
    .topology()
    .filter((construct): construct is ApiObject => construct instanceof ApiObject && Chart.of(construct) === chart);
}
