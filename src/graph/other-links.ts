import type { Json } from '../support/json';
import { sourcesOf } from '../lint/files';
import { content, keys } from '../lint/manifest-object';
import type { Container, Pod } from '../lint/pod';
import { list, text } from '../lint/shape';
import type { World } from '../lint/world';
import { addressOf } from '../manifest/address';
import { fileConfig } from './command-line';
import { configLinks } from './flag-links';
import type { HiddenLink, Link } from './link';

/** The calls of Grafana to the data sources of the ConfigMaps and Secrets that it mounts. */
export function datasourceLinks(world: World, container: Container): (Link | HiddenLink)[] {
  if (!/(^|\/)grafana(-oss|-enterprise)?([:@]|$)/.test(text(container.json.image))) return [];
  const objects = container.mounts
    .flatMap(({ volume }) => sourcesOf(world, container, volume))
    .flatMap(({ object }) => object ?? []);
  return objects.flatMap((object) =>
    keys(object)
      .map((key) => content(object, key) ?? '')
      .filter((one) => one.includes('datasources'))
      .flatMap((one) => configLinks({ flag: 'data source', text: one }, 'datasources', { carries: 'queries' })),
  );
}

/** The remote-writes of a Prometheus of one's own. */
export function prometheusLinks(world: World, container: Container): (Link | HiddenLink)[] {
  const file = container.words
    .map(({ word }) => /^--config\.file=([\s\S]+)$/.exec(word)?.[1])
    .find((found) => found !== undefined);
  if (file === undefined || container.thanos) return [];
  const given = { ...fileConfig(world, container, 'remote_write', file), ref: undefined };
  return configLinks(given, 'prometheus', { carries: 'remote-write' });
}

/** What a Prometheus or ThanosRuler of the operator is told to call, by the fields of its spec. */
export function operatedLinks({ object, operator }: Pod): Link[] {
  if (!operator) return [];
  const spec: Json = object.json.spec;
  const links = (urls: readonly Json[], carries: string, by: string): Link[] =>
    urls.flatMap((url) => {
      const to = addressOf(text(url));
      return to === undefined || text(url) === '' ? [] : [{ to, carries, by }];
    });
  const alertmanagers = list(spec.alerting?.alertmanagers).map((one) =>
    [`${text(one.scheme) || 'http'}://${text(one.name)}.`, `${text(one.namespace) || object.namespace}.svc`].join(''),
  );
  return [
    ...links(
      list(spec.remoteWrite).map(({ url }) => url),
      'remote-write',
      'spec.remoteWrite',
    ),
    ...links(list(spec.queryEndpoints), 'queries', 'spec.queryEndpoints'),
    ...links(list(spec.alertmanagersUrl), 'alerts', 'spec.alertmanagersUrl'),
    ...links(alertmanagers, 'alerts', 'spec.alerting'),
  ];
}
