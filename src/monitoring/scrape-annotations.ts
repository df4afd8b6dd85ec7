import { JsonPatch } from 'cdk8s';
import { appChecks } from '../app/app-checks';
import type { ThanosComponent } from '../component/thanos-component';
import { schemeOf } from '../component/tls/ask-http';
import { templateOf } from '../manifest/pod-template';
import { dnsDomain } from '../support/names';
import { struct } from '../support/rows';
import type { Row, StructTable } from '../support/table';

/** How a Prometheus without operator finds the pods of a stack. */
export interface ScrapeAnnotationsOptions {
  /**
   * What stands before `/scrape`, `/port`, `/path` and `/scheme`.
   * @default prometheus.io
   */
  readonly prefix?: string;
}

const OPTIONS: StructTable<ScrapeAnnotationsOptions> = { prefix: dnsDomain };

/** How the options are read. */
export const SCRAPE_ANNOTATIONS: Row<ScrapeAnnotationsOptions> = struct(OPTIONS);

const ANNOTATIONS = '/spec/template/metadata/annotations';

/**
 * Annotates the pods of a component for a Prometheus whose config reads annotations, a custom of its charts and no part of
 * Kubernetes. What the pods say themselves stays, so one of them may be left out by `scrape: "false"`.
 */
export function annotateForScrape(component: ThanosComponent, { prefix = 'prometheus.io' }: ScrapeAnnotationsOptions) {
  const { workload, _identity: identity, _http: http } = component;
  // whose pods come and go between two scrapes
  if (workload.kind === 'CronJob') return;
  if (http?.basicAuth)
    appChecks(component).warn(
      component,
      'httpConfig',
      'asks for a password, of which scrapeAnnotations say nothing. Give it to the scrape config of your Prometheus',
    );
  const template = templateOf(workload.toJson());
  const own: Record<string, string> | undefined = template?.metadata?.annotations;
  const wanted = { scrape: 'true', port: `${identity.port('http')}`, path: '/metrics', scheme: schemeOf(http) };
  const missing = Object.entries(wanted)
    .map(([name, value]) => [`${prefix}/${name}`, value])
    .filter(([key]) => own === undefined || !Object.hasOwn(own, key));
  if (own === undefined) workload.addJsonPatch(JsonPatch.add(ANNOTATIONS, Object.fromEntries(missing)));
  else
    for (const [key, value] of missing)
      workload.addJsonPatch(JsonPatch.add(`${ANNOTATIONS}/${key.replaceAll('/', '~1')}`, value));
}
