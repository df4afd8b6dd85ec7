import type { IConstruct } from 'constructs';
import { found, phrase } from '../support/problem';
import { tracesOfText } from './boundary/content';
import { HELD } from './boundary/holdings';
import { mayBeSame } from './finished';
import type { Link, PartTls, PartTrust } from './part';
import type { GuardedObject, Standing } from './registry';

/** What is wrong with the TLS between parts: one end without it, or the bucket's CA in the place of theirs. */
export function partTls(app: Standing, links: readonly Link[]): string[] {
  const told = app.tls.filter(({ ca }) => ca !== undefined);
  if (told.length + app.trusts.length === 0) return [];
  return [...halves(app, links), ...[...told, ...app.trusts].flatMap((part) => bucketsOwn(app, part))];
}

/** Both ends of a call speak TLS, or neither. */
function halves(app: Standing, links: readonly Link[]): string[] {
  const parts = new Map(app.tls.map((part): [IConstruct, PartTls] => [part.construct, part]));
  const problems = links.flatMap(({ from, to, port }) => {
    const [client, server] = [parts.get(from), parts.get(to)];
    if (port !== 'grpc' || client === undefined || server === undefined || client.asks === server.serves) return [];
    const [has, lacks] = server.serves ? [server, client] : [client, server];
    const said = server.serves ? `asks ${to.node.path}, which serves TLS` : `is asked by ${from.node.path} over TLS`;
    if (has.ca === undefined) return [];
    const text = `is missing, but the part ${said}. Give ${lacks.prop} to both, or to neither`;
    return [phrase(lacks.construct.node.path, lacks.prop, text)];
  });
  return [...new Set(problems)];
}

/** Whoever signs for the bucket's server must not sign for the parts, nor the other way round. */
function bucketsOwn(app: Standing, part: PartTrust): string[] {
  const cluster = app.clusterOf(part.construct);
  const guard = app.guarded.find(
    (one) =>
      mayBeSame(app.clusterOf(one.owner), cluster) &&
      ((one.namespace === part.namespace && isObjectOf(one, part)) || isTextOf(one, part)),
  );
  if (guard === undefined) return [];
  const field = guard.holds === 'ca' ? 'ca' : 'certificate';
  const text = `${field}: is ${HELD[guard.holds]} of the bucket (${guard.kind} ${guard.name}, given to ${found(guard.owner.node.path)}). The parts need one of their own`;
  return [phrase(part.construct.node.path, part.prop, text)];
}

function isObjectOf({ kind, name }: GuardedObject, { ca, secretName }: PartTrust): boolean {
  return (kind === ca?.kind && name === ca.name) || (kind === 'Secret' && name === secretName);
}

/** One root in common is enough. */
function isTextOf({ holds, made }: GuardedObject, { ca }: PartTrust): boolean {
  if (holds !== 'ca' || ca?.pem === undefined) return false;
  const own = new Set(tracesOfText(ca.pem));
  return Object.values(made?.texts ?? {}).some((text) => tracesOfText(text).some((trace) => own.has(trace)));
}
