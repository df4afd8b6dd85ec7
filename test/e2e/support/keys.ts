import { ApiProxy } from './faults/api-proxy';
import { exec, kubectl, list } from './kubectl';
import { thanosPods } from './pods';

const HTTP_PORT = 10902;
/** What Thanos says of itself by HTTP; a component that lacks a page answers 404. */
const PAGES = [
  ...['/', '/flags', '/config', '/status', '/stores', '/loaded', '/rules', '/targets', '/metrics', '/graph'],
  ...['flags', 'config', 'runtimeinfo', 'buildinfo', 'tsdb'].map((page) => `/api/v1/status/${page}`),
  ...['/api/v1/stores', '/api/v1/rules', '/api/v1/blocks', '/api/v1/blocks/plan', '/global', '/blocks'],
  ...['cmdline', 'goroutine?debug=2', 'heap?debug=1'].map((profile) => `/debug/pprof/${profile}`),
];
/** What may be read by whoever may not read Secrets. */
const OBJECTS = 'pods,configmaps,services,statefulsets,deployments,jobs,poddisruptionbudgets,serviceaccounts,events';

/** A text that anybody might read, and where it stands. */
export interface Place {
  readonly where: string;
  readonly text: string;
}

/** Everything that a stack's namespace shows without its Secrets: objects, and of each pod the command line, logs and pages. */
export async function readablePlaces(namespace: string): Promise<Place[]> {
  const api = await ApiProxy.start();
  try {
    const objects = (await list(namespace, OBJECTS)).map((object) => ({
      where: `${object.kind} ${object.metadata.name}`,
      text: JSON.stringify(object),
    }));
    const names = (await thanosPods(namespace)).map(({ metadata }) => metadata.name);
    const ofPods = await Promise.all(names.map((name) => placesOfPod(api, namespace, name)));
    return [...objects, ...ofPods.flat()];
  } finally {
    api.stop();
  }
}

/** Those that hold a text as it is, as base64, or as a URL writes it. */
export function placesWith(secret: string, places: readonly Place[]): string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  const forms = [secret, base64, encodeURIComponent(secret)];
  return places.filter(({ text }) => forms.some((form) => text.includes(form))).map(({ where }) => where);
}

async function placesOfPod(api: ApiProxy, namespace: string, name: string): Promise<Place[]> {
  const pages = PAGES.map(async (page) => {
    const response = await fetch(api.urlOf(namespace, `pods/${name}:${HTTP_PORT}`, page));
    return { where: `${name}${page} ${response.status}`, text: await response.text() };
  });
  const logs = kubectl(['-n', namespace, 'logs', name, '--all-containers']);
  const commands = exec(namespace, name, 'sh', '-c', 'cat /proc/[0-9]*/cmdline');
  return [
    ...(await Promise.all(pages)),
    { where: `log of ${name}`, text: await logs },
    { where: `command line of ${name}`, text: await commands },
  ];
}
