import { JsonPatch } from 'cdk8s';
import type { ThanosComponent } from '../component/thanos-component';
import { containersOf, templateOf } from '../manifest/pod-template';
import type { Json } from '../manifest/pod-specs';
import { dnsDomain } from '../support/names';
import { struct } from '../support/rows';
import type { Row, StructTable } from '../support/table';
import { isWatched } from './parts';

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
  const { workload, _identity: identity } = component;
  if (!isWatched(component)) return;
  const template = templateOf(workload.toJson());
  const own: Record<string, string> | undefined = template?.metadata?.annotations;
  const wanted = { scrape: 'true', port: `${identity.port('http')}`, path: '/metrics', scheme: schemeOf(template) };
  const missing = Object.entries(wanted)
    .map(([name, value]) => [`${prefix}/${name}`, value])
    .filter(([key]) => own === undefined || !Object.hasOwn(own, key));
  if (own === undefined) workload.addJsonPatch(JsonPatch.add(ANNOTATIONS, Object.fromEntries(missing)));
  else
    for (const [key, value] of missing)
      workload.addJsonPatch(JsonPatch.add(`${ANNOTATIONS}/${key.replaceAll('/', '~1')}`, value));
}

/** What the kubelet speaks at the port is what Prometheus must speak there. */
function schemeOf(template: Json): 'http' | 'https' {
  const https = containersOf(template).some(({ livenessProbe }) => livenessProbe?.httpGet?.scheme === 'HTTPS');
  return https ? 'https' : 'http';
}
