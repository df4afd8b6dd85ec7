import { list } from './pod-specs';
import type { Json } from '../support/json';

/** The pod template of a workload: a Pod is its own, a CronJob's lies in its Job's. */
export function templateOf(json: Json): Json {
  if (json.kind === 'Pod') return json;
  return json.kind === 'CronJob' ? json.spec?.jobTemplate?.spec?.template : json.spec?.template;
}

/** The workload with another template. */
export function withTemplate(json: Json, template: Json): Json {
  if (json.kind === 'Pod') return template;
  if (json.kind !== 'CronJob') return { ...json, spec: { ...json.spec, template } };
  const { jobTemplate } = json.spec;
  return {
    ...json,
    spec: { ...json.spec, jobTemplate: { ...jobTemplate, spec: { ...jobTemplate.spec, template } } },
  };
}

/** The containers of a template, without those that only prepare. */
export function containersOf(template: Json): Json[] {
  return list(template?.spec?.containers);
}
