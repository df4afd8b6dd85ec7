import { label } from '../../lint/manifest-object';
import { certificatesOf, type CertificateLine } from './certificates';
import { grantLines, type GrantLine, holdsAny } from './grants';
import { code, Html, html, lines, plural, table, type Tone, toned, type Value } from './html';
import { imagesOf } from './images';
import { readerTable } from './reader-table';
import { day, ofClusters, placedTable, type Section } from './section';
import { otherPolicies, trafficOf } from './traffic';

/** Who holds what opens the bucket. */
const GRANTS: Section = {
  id: 'grants',
  title: 'Who holds the CA and the keys',
  body: (review) => {
    const found = ofClusters(review, ({ world }) => grantLines(world).lines);
    const others = review.clusters.reduce((sum, { world }) => sum + grantLines(world).others, 0);
    const columns = [
      ...[{ title: 'Workload' }, { title: 'Runs' }, { title: 'Opens', wide: true }, { title: 'CA', wide: true }],
      ...[
        { title: 'Keys', wide: true },
        { title: 'Config', wide: true },
      ],
    ];
    const { columns: heads, rows } = placedTable(found, columns, (line) => [
      html`${label(line.object)}${mark(line)}`,
      lines(line.runs),
      ...[line.opens, line.held.CA, line.held.keys, line.held.config].map(lines),
    ]);
    return html`<p>
        Read from the volumes and variables of every pod in the manifests: a workload that has none of them can read
        none of them as a file or
        variable.${others > 0 ? ` ${plural(others, 'other workload')} neither run Thanos nor hold any of it.` : ''}
      </p>
      ${table('Workloads, and what they hold of what opens the bucket', heads, rows)}${readerTable(review)}`;
  },
};

/** What should not be: somebody has the CA or the keys and opens no bucket. */
function mark(line: GrantLine): Value {
  return holdsAny(line) && line.opens.length === 0 ? html`<br />${toned('bad', 'opens no bucket')}` : undefined;
}

const PICTURE: Section = {
  id: 'picture',
  title: 'Picture',
  body: ({ svg }) =>
    html`<p>
        An arrow goes from who opens the connection to who answers, with the port of the pods. A thick frame holds the
        CA or the keys. A cross is a call that a NetworkPolicy refuses; dots are what one lets through though nobody is
        told to call it. The table of calls says the same in words.
      </p>
      <div class="scroll picture" role="region" aria-label="Picture of the stack" tabindex="0">
        ${described(svg)}
      </div> `,
};

/** The picture with a name, for who hears the page; its own comments and names are of no use there. */
function described(svg: string): Html {
  const title =
    '<title id="picture-title">Workloads, buckets and the calls between them; the table of calls has them in words</title>';
  return new Html(
    svg
      .replace(/<!--[\s\S]*?-->\n?/g, '')
      .replace(/<title>[^<]*<\/title>\n?/g, '')
      .replace(/<svg\b([^>]*)>/, `<svg$1 role="img" aria-labelledby="picture-title">${title}`),
  );
}

const CALLS: Section = {
  id: 'calls',
  title: 'Who calls whom',
  body: ({ graph }) => {
    const title = new Map(
      graph.nodes.map((node) => [node.id, node.group === undefined ? node.title : `${node.group}/${node.title}`]),
    );
    const rows = graph.edges
      .filter(({ kind }) => kind === 'call')
      .map(({ from, to, carries, port, by, refusedBy }) => [
        title.get(from),
        ...[title.get(to), carries, port, code(by)],
        refusedBy === undefined ? 'not refused' : toned('bad', `refused by ${refusedBy}`),
      ]);
    const heads = ['From', 'To', 'What', 'Port', 'Told by', 'Network policies'].map((head) => ({ title: head }));
    return rows.length === 0 ? html`<p>No call is told by the manifests.</p>` : table('Calls', heads, rows);
  },
};

const POLICIES: Section = {
  id: 'policies',
  title: 'What the network policies allow',
  body: (review) => {
    const found = ofClusters(review, ({ world }) => trafficOf(world));
    const other = ofClusters(review, ({ world }) => otherPolicies(world)).map(({ what }) => what);
    const columns = [
      ...[{ title: 'Pods of' }, { title: 'Policies' }],
      ...[
        { title: 'May be called by', wide: true },
        { title: 'May call', wide: true },
      ],
    ];
    const open = toned('warn', 'everything is open');
    const { columns: heads, rows } = placedTable(found, columns, ({ object, policies, allowed }) => [
      label(object),
      lines(policies),
      allowed.Ingress === undefined ? open : lines(allowed.Ingress),
      allowed.Egress === undefined ? open : lines(allowed.Egress),
    ]);
    const unread = html`<p>Policies of other kinds, which this page does not read: ${other.join(', ')}.</p>`;
    return html`<p>As the NetworkPolicies of the manifests say it; the cluster's network must enforce them.</p>
      ${other.length === 0 ? undefined : unread}${table('Traffic that the network policies allow', heads, rows)}`;
  },
};

const TONES: Readonly<Record<CertificateLine['state'], Tone>> = {
  valid: 'good',
  'ends soon': 'warn',
  expired: 'bad',
  'not valid yet': 'bad',
};

const CERTIFICATES: Section = {
  id: 'certificates',
  title: 'Certificates',
  body: (review) => {
    const all = ofClusters(review, ({ world }) => [certificatesOf(world)]);
    const found = all.flatMap(({ cluster, what }) => what.lines.map((line) => ({ cluster, what: line })));
    const elsewhere = [...new Set(all.flatMap(({ what }) => what.elsewhere))];
    const privateKeys = all.flatMap(({ what }) => what.privateKeys);
    const columns = ['Certificate', 'Days left', 'Valid', 'Stands in', 'Read as', 'Issuer', 'SHA-256'].map((title) => ({
      title,
    }));
    const { columns: heads, rows } = placedTable(found, columns, (line) => [
      line.subject,
      html`${line.days} ${toned(TONES[line.state], line.state)}`,
      `${day(line.from)} to ${day(line.until)}`,
      line.where,
      line.ofBucket ? 'CA of the bucket' : 'other',
      line.issuer === line.subject ? 'itself' : line.issuer,
      code(line.sha256),
    ]);
    return html`<p>Days are counted from ${time(review.now)}.</p>
      ${rows.length === 0 ? html`<p>No certificate stands in the manifests.</p>` : table('Certificates in Secrets and ConfigMaps', heads, rows)}
      ${
        elsewhere.length === 0
          ? undefined
          : html`<h3>Not in the manifests</h3>
              <ul>
                ${elsewhere.map((one) => html`<li>${one}</li>`)}
              </ul>`
      }
      ${
        privateKeys.length === 0
          ? undefined
          : html`<h3>${toned('bad', 'Private keys in the manifests')}</h3>
              <ul>
                ${privateKeys.map((one) => html`<li>${one}</li>`)}
              </ul>`
      }`;
  },
};

/** A time as people and programs read it. */
export function time(date: Date): Html {
  const iso = date.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

const WEIGHTS: Readonly<Record<string, Tone>> = { error: 'bad', warning: 'warn', info: 'dim' };

const FINDINGS: Section = {
  id: 'findings',
  title: 'Lint findings',
  body: ({ findings }) => {
    const counted = findings.filter(({ ignored }) => ignored === undefined);
    const ignored = findings.filter((finding) => finding.ignored !== undefined);
    const place = ({ file, line }: (typeof findings)[number]): string =>
      `${file}${line === undefined ? '' : `:${line}`}`;
    const heads = [{ title: 'Rule' }, { title: 'Weight' }, { title: 'Object' }, { title: 'Found', wide: true }];
    const open = counted.map((one) => [
      one.rule,
      toned(WEIGHTS[one.severity], one.severity),
      one.object,
      `${one.path} ${one.text}`.trim(),
      one.fix,
      place(one),
    ]);
    const off = ignored.map((one) => [
      one.rule,
      one.severity,
      one.object,
      `${one.path} ${one.text}`.trim(),
      one.ignored,
      place(one),
    ]);
    return html`${counted.length === 0 ? html`<p>${toned('good', 'Nothing')} was found.</p>` : table('Findings', [...heads, { title: 'Fix', wide: true }, { title: 'File' }], open)}
    ${
      off.length === 0
        ? undefined
        : html`<h3>Switched off, with the reason that was given</h3>
            ${table('Findings that are switched off', [...heads, { title: 'Reason', wide: true }, { title: 'File' }], off)}`
    }`;
  },
};

const IMAGES: Section = {
  id: 'versions',
  title: 'Images and versions',
  body: (review) => {
    const found = ofClusters(review, ({ world }) => imagesOf(world));
    const columns = [
      { title: 'Image' },
      { title: 'Version' },
      { title: 'Digest', wide: true },
      { title: 'Runs in', wide: true },
    ];
    const { columns: heads, rows } = placedTable(found, columns, ({ image, version, digest, thanos, users }) => [
      image === '' ? 'chosen by an operator' : image,
      html`${thanos ? 'Thanos ' : ''}${version === '' ? 'not said' : version}`,
      digest === '' ? toned('warn', 'none: by tag only') : code(digest),
      lines(users),
    ]);
    return rows.length === 0 ? html`<p>The manifests run no container.</p>` : table('Images', heads, rows);
  },
};

const SOURCES: Section = {
  id: 'sources',
  title: 'Source files',
  body: ({ sources, inputHash }) =>
    html`<p>
        SHA-256 of the lines that <code>sha256sum</code> prints for these files, in this order: ${code(inputHash)}
      </p>
      ${table(
        'Files that this page was made from',
        [{ title: 'File' }, { title: 'Bytes' }, { title: 'SHA-256' }],
        sources.map(({ file, bytes, sha256 }) => [file, bytes, code(sha256)]),
      )}`,
};

/** The page from its top to its end. */
export const SECTIONS: readonly Section[] = [GRANTS, PICTURE, FINDINGS, CERTIFICATES, IMAGES, POLICIES, CALLS, SOURCES];
