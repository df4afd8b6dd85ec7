import type { IConstruct } from 'constructs';
import { phrase } from '../support/problem';
import type { Finished } from './finished';
import type { Standing } from './registry';

/** Why something that a construct adds to a workload of the user's does not fit the finished one. */
export function misfits(app: Standing, objects: readonly Finished[]): string[] {
  if (app.fits.length === 0) return [];
  const byConstruct = new Map(objects.map(({ object, json }): [IConstruct, unknown] => [object, json]));
  return app.fits.flatMap(({ construct, prop, workload, problems }) => {
    const json = byConstruct.get(workload);
    return json === undefined ? [] : problems(json).map((text) => phrase(construct.node.path, prop, text));
  });
}
