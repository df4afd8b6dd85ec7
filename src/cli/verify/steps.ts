import type { Socket } from 'node:net';
import * as tls from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { shown } from '../ca/endpoint-option';
import { type Diagnosis, dnsDiagnosis, tcpDiagnosis, tlsDiagnosis } from '../pki/causes';
import { subjectOf } from '../../pki/certificate';
import { type TlsConnection, openTcp, openTls, resolve } from '../pki/connect';
import { handshakeProblem, keyProblem, verdictOf } from '../pki/judge';
import { randomBytes } from 'node:crypto';
import { UNUSED_PREFIX } from '../../objstore/preflight-grant';
import { type S3Answer, element, send, type S3Request } from '../s3/request';
import { answerFailure, exchangeFailure, writeFailure } from '../s3/s3-causes';
import type { AccessKeys, Settings } from '../s3/settings';

/** The steps in order; each needs the ones before it. */
export const STEPS = ['dns', 'tcp', 'tls', 'chain', 'name', 'signature', 'bucket', 'write'] as const;
/** One of them. */
export type StepName = (typeof STEPS)[number];

/** Result of a step. */
export interface Step {
  readonly step: StepName;
  readonly result: 'pass' | 'fail' | 'skip';
  /** What was found. */
  readonly detail: string;
  readonly finding?: Diagnosis;
}

/** A failed step ends the run. */
class Failed extends Error {
  constructor(
    public readonly step: StepName,
    public readonly finding: Diagnosis,
  ) {
    super(finding.cause);
  }
}

const DEFAULT_REGION = 'us-east-1';

/** Runs the steps until one fails; the rest is skipped. */
export async function verifySteps(settings: Settings, keys?: AccessKeys): Promise<Step[]> {
  const run = new Run(settings, keys);
  try {
    await run.all();
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    run.add(error.step, 'fail', error.finding.cause, error.finding);
  }
  for (const step of STEPS) if (!run.steps.some((done) => done.step === step)) run.add(step, 'skip', 'not reached');
  return [...run.steps].sort((a, b) => STEPS.indexOf(a.step) - STEPS.indexOf(b.step));
}

class Run {
  public readonly steps: Step[] = [];

  constructor(
    private readonly settings: Settings,
    private readonly keys?: AccessKeys,
  ) {}

  public add(step: StepName, result: Step['result'], detail: string, finding?: Diagnosis): void {
    if (!this.steps.some((done) => done.step === step)) this.steps.push({ step, result, detail, finding });
  }

  public async all(): Promise<void> {
    const { settings } = this;
    const target = settings.connect ?? settings;
    const addresses = await resolve(target.host, settings.timeoutMs).catch((error) => {
      throw new Failed('dns', dnsDiagnosis(target.host, error));
    });
    this.add('dns', 'pass', settings.connect ? `${shown(target)} (--connect)` : addresses.join(', '));
    const region = settings.region ?? (await this.region());
    const answer = await this.request({ method: 'GET', query: listQuery(settings) }, region);
    const failure = answerFailure(answer, settings, this.keys !== undefined);
    if (failure && failure.step !== 'bucket') throw new Failed(failure.step, failure);
    this.signaturePassed(region);
    if (failure) throw new Failed('bucket', failure);
    this.add('bucket', 'pass', listed(answer, settings));
    if (settings.readOnly) this.add('write', 'skip', 'not asked for (--read-only)');
    else await this.writes(region);
  }

  /** Puts, gets and deletes an object, as whoever uploads or compacts does, where no Thanos looks. */
  private async writes(region: string): Promise<void> {
    const { prefix } = this.settings;
    const key = `${prefix === '' ? '' : `${prefix}/`}${UNUSED_PREFIX}/verify-${randomBytes(8).toString('hex')}`;
    const content = 'cdk8s-thanos verify: may be deleted\n';
    const put = await this.request({ method: 'PUT', key, body: content }, region);
    if (put.status !== 200) throw new Failed('write', writeFailure('put', put, key));
    try {
      const got = await this.request({ method: 'GET', key }, region);
      if (got.status !== 200 || got.body !== content) throw new Failed('write', writeFailure('get', got, key));
    } catch (error) {
      await this.request({ method: 'DELETE', key }, region).catch(() => undefined);
      throw error;
    }
    const deleted = await this.request({ method: 'DELETE', key }, region);
    if (deleted.status !== 204 && deleted.status !== 200)
      throw new Failed('write', writeFailure('delete', deleted, key));
    this.add('write', 'pass', `an object was put, got and deleted below ${UNUSED_PREFIX}/`);
  }

  /** As Thanos finds it: asks the bucket, signed for us-east-1, which also stands in where that is forbidden. */
  private async region(): Promise<string> {
    const answer = await this.request({ method: 'GET', query: '?location=' }, DEFAULT_REGION);
    if (answer.status === 200 && answer.body.includes('LocationConstraint')) {
      const location = element(answer.body, 'LocationConstraint') || DEFAULT_REGION;
      return location === 'EU' ? 'eu-west-1' : location;
    }
    if (answer.code === 'AccessDenied') return answer.region ?? DEFAULT_REGION;
    if (answer.code === 'AuthorizationHeaderMalformed' && answer.region) return answer.region;
    const failure = answerFailure(answer, this.settings, this.keys !== undefined);
    if (failure?.step === 'bucket') this.signaturePassed(DEFAULT_REGION);
    if (failure) throw new Failed(failure.step, failure);
    return DEFAULT_REGION;
  }

  private signaturePassed(region: string): void {
    this.add('signature', 'pass', this.keys ? `accepted, region ${region}` : 'anonymous: not signed');
  }

  /** Opens a connection anew, judged anew: behind one name there may be servers with different certificates. */
  private async request(asked: S3Request, region: string): Promise<S3Answer> {
    const socket = await this.connection();
    try {
      return await send(this.settings, socket, asked, region, this.keys);
    } catch (error) {
      const { step, ...finding } = exchangeFailure(error, this.settings);
      throw new Failed(step, finding);
    }
  }

  private async connection(): Promise<Socket> {
    const { settings } = this;
    const address = settings.connect ?? settings;
    const seconds = settings.timeoutMs / 1000;
    const tcp = await openTcp(address.host, address.port, settings.timeoutMs).catch((error) => {
      throw new Failed('tcp', tcpDiagnosis(shown(address), error, seconds));
    });
    this.add('tcp', 'pass', `${shown(address)} accepts connections`);
    if (!settings.tls) {
      for (const step of ['tls', 'chain', 'name'] as const) this.add(step, 'skip', 'plain HTTP (insecure)');
      return tcp;
    }
    const { serverName, client, timeoutMs } = settings;
    const connection = await openTls(tcp, { serverName, client, timeoutMs }).catch((error) => {
      throw new Failed('tls', tlsDiagnosis(error, seconds, serverName));
    });
    this.add('tls', 'pass', connection.socket.getProtocol() ?? 'TLS');
    try {
      this.judge(connection);
    } catch (error) {
      connection.socket.destroy();
      throw error;
    }
    return connection.socket;
  }

  private judge({ sent }: TlsConnection): void {
    const { serverName, skipVerify, roots } = this.settings;
    if (skipVerify) {
      const problem = handshakeProblem(sent) ?? keyProblem(sent[0]);
      if (problem) throw new Failed('chain', problem);
      for (const step of ['chain', 'name'] as const)
        this.add(step, 'skip', 'insecure_skip_verify: anyone could answer');
      return;
    }
    const trusted = roots ?? tls.rootCertificates.map((pem) => new X509Certificate(pem));
    const { chain, name, path } = verdictOf(sent, trusted, serverName, new Date());
    if (chain) throw new Failed('chain', chain);
    this.add('chain', 'pass', `signed by ${subjectOf(path[path.length - 1])}`);
    if (name) throw new Failed('name', name);
    this.add('name', 'pass', `the certificate has ${serverName}`);
  }
}

/** One key below the prefix is enough; parameters in the order that signing wants. */
function listQuery({ prefix, listV1 }: Settings): string {
  const below = prefix === '' ? '' : `${prefix}/`;
  return `?${listV1 ? '' : 'list-type=2&'}max-keys=1&prefix=${encodeURIComponent(below)}`;
}

function listed({ body }: S3Answer, { bucket, prefix }: Settings): string {
  const where = prefix === '' ? bucket : `${bucket}, below ${prefix}/`;
  return element(body, 'Key') === undefined ? `${where} can be listed; it is empty` : `${where} can be listed`;
}
