import type { Severity } from '../../lint/finding';
import { certificatesOf } from './certificates';
import { grantLines, holdsAny } from './grants';
import { code, Html, html, plural, toned, type Value } from './html';
import { imagesOf } from './images';
import type { Review } from './review';
import { readerLines } from './readers';
import { ofClusters } from './section';
import { SECTIONS, time } from './sections';
import { STYLE } from './style';
import { trafficOf } from './traffic';

/** Nothing is loaded and nothing runs, whatever a name in the manifests would like. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A page for a security review: alone in its file, without scripts. */
export function page(review: Review): string {
  const { title } = review;
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="${review.madeBy}" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <dl>
            ${summary(review).map(
              ([term, value]) =>
                html`<dt>${term}</dt>
                  <dd>${value}</dd> `,
            )}
          </dl>
          <nav aria-label="Sections">
            <ul>
              ${SECTIONS.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main>
          ${SECTIONS.map(
            (section) =>
              html`<section aria-labelledby="${section.id}">
                <h2 id="${section.id}">${section.title}</h2>
                ${section.body(review)}
              </section> `,
          )}
        </main>
      </body>
    </html> `.text;
}

/** What is read first. */
function summary(review: Review): (readonly [term: string, value: Value])[] {
  const { clusters, sources } = review;
  const objects = clusters.reduce((sum, { world }) => sum + world.objects.length, 0);
  const several = clusters.length > 1 ? [['Clusters', clusters.map(({ name }) => name).join(', ')] as const] : [];
  return [
    ['Made', html`${time(review.now)}, by ${review.madeBy}`],
    ['From', `${plural(sources.length, 'file')}, ${plural(objects, 'object')}`],
    ...several,
    ['Input SHA-256', code(review.inputHash)],
    ['Lint', weighed(review)],
    ['CA and keys', grantsInWords(review)],
    ['Certificates', firstToEnd(review)],
    ['Thanos', versions(review)],
    ['Network policies', closed(review)],
  ];
}

function weighed({ findings }: Review): Value {
  const counted = findings.filter(({ ignored }) => ignored === undefined);
  const count = (weight: Severity): number => counted.filter(({ severity }) => severity === weight).length;
  const off = findings.length - counted.length;
  const [errors, warnings] = [count('error'), count('warning')];
  return [
    toned(errors > 0 ? 'bad' : 'good', plural(errors, 'error')),
    ', ',
    toned(warnings > 0 ? 'warn' : 'good', plural(warnings, 'warning')),
    `, ${plural(count('info'), 'hint')}${off > 0 ? `, ${off} switched off` : ''}`,
  ];
}

function grantsInWords(review: Review): Value {
  const found = ofClusters(review, ({ world }) => [grantLines(world)]).map(({ what }) => what);
  const lines = found.flatMap((one) => one.lines);
  const all = lines.length + found.reduce((sum, { others }) => sum + others, 0);
  const holders = lines.filter(holdsAny);
  const strangers = holders.filter(({ opens }) => opens.length === 0).length;
  const wrong = strangers === 0 ? '' : html`; ${toned('bad', `${strangers} of them open no bucket`)}`;
  const readers = ofClusters(review, ({ world }) => readerLines(world)).length;
  const read = readers === 0 ? '' : `; ${readers} may read of it by a Role`;
  return html`held by ${holders.length} of ${plural(all, 'workload')}${wrong}${read}`;
}

function firstToEnd(review: Review): Value {
  const lines = ofClusters(review, ({ world }) => certificatesOf(world).lines).map(({ what }) => what);
  if (lines.length === 0) return 'none in the manifests';
  const first = lines.reduce((a, b) => (b.until < a.until ? b : a));
  const tone = first.state === 'valid' ? 'good' : first.state === 'ends soon' ? 'warn' : 'bad';
  return html`${lines.length}; the first to end: ${first.subject}, ${toned(tone, `${first.days} days left`)}`;
}

function versions(review: Review): Value {
  const images = ofClusters(review, ({ world }) => imagesOf(world)).map(({ what }) => what);
  const found = new Set(images.filter(({ thanos }) => thanos).map(({ version }) => version || 'version not said'));
  const several = found.size > 1 ? html` ${toned('warn', 'more than one version')}` : undefined;
  return found.size === 0 ? 'does not run in the manifests' : html`${[...found].join(', ')}${several}`;
}

function closed(review: Review): Value {
  const lines = ofClusters(review, ({ world }) => trafficOf(world)).map(({ what }) => what);
  const of = (direction: 'Ingress' | 'Egress'): number =>
    lines.filter(({ allowed }) => allowed[direction] !== undefined).length;
  if (of('Ingress') + of('Egress') === 0) return toned('warn', 'none: every pod may speak to everyone');
  return `restrict who calls ${of('Ingress')} of ${plural(lines.length, 'workload')}, and whom ${of('Egress')} call`;
}
