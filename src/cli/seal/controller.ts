import { X509Certificate } from 'node:crypto';
import { list } from '../../lint/shape';
import { writeFiles } from '../files';
import { type Answer, Kubectl } from '../kubectl';
import type { Report } from '../output';
import { CliProblem } from '../problem';
import { type Sealed, manifestText, readSealed } from './manifest';

/** Where the controller is. */
export interface ControllerOptions {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly controllerNamespace: string;
  readonly controllerName: string;
}

/** Asks the controller whether it opens every value of a file, as `kubeseal --validate` does. */
export async function validate(file: string, options: ControllerOptions): Promise<Report> {
  const { base } = existing(file);
  const answer = await (await Controller.find(options)).post('verify', base);
  const ok = opened(answer);
  return {
    ok,
    data: { file, valid: ok },
    lines: (paint) => [
      ok ? `${paint.good('valid')} ${file}: the controller opens every value` : refusal(file, paint.bad),
    ],
  };
}

/** Has the controller seal every value of a file anew with its newest key, as `kubeseal --re-encrypt` does. */
export async function reEncrypt(file: string, options: ControllerOptions): Promise<Report> {
  const before = existing(file);
  const controller = await Controller.find(options);
  // first the certificate: should the key be renewed in between, a value counts as older than it is
  const certificate = await controller.certificate();
  const answer = await controller.post('rotate', before.base);
  if (!opened(answer)) return { ok: false, data: { file }, lines: (paint) => [refusal(file, paint.bad)] };
  const encryptedData = reEncrypted(answer, before);
  const state = { certificate, verifiers: before.state.verifiers };
  writeFiles([{ path: file, content: manifestText({ ...before, encryptedData, state }, file) }], true);
  const keys = Object.keys(encryptedData);
  return {
    ok: true,
    data: { file, values: Object.fromEntries(keys.map((key) => [key, 're-encrypted'])) },
    lines: (paint) => [...keys.map((key) => `${paint.good('re-encrypted')} ${key}`), `wrote ${file}`],
  };
}

function existing(file: string): Sealed {
  const sealed = readSealed(file);
  if (sealed === undefined) throw new CliProblem(`${file}: no such file or directory`);
  return sealed;
}

function refusal(file: string, bad: (text: string) => string): string {
  return `${bad('invalid')} ${file}: the controller has no key that opens all of its values in this scope, name and namespace`;
}

/** The controller answers 409 for what it can't open, and 500 for what it can't read or seal anew for that reason. */
function opened({ ok, error }: Answer): boolean {
  if (ok) return true;
  if (/conflict|internal error|InternalError/i.test(error)) return false;
  throw new CliProblem(`the controller can't be asked: ${error}`);
}

function reEncrypted({ out }: Answer, { encryptedData }: Sealed): Record<string, string> {
  const fresh = parsed(out)?.spec?.encryptedData ?? {};
  const missing = Object.keys(encryptedData).find(
    (key) => !Object.hasOwn(fresh, key) || typeof fresh[key] !== 'string',
  );
  if (missing !== undefined)
    throw new CliProblem(`the controller's answer has no value for ${missing}; nothing was written`);
  return Object.fromEntries(Object.keys(encryptedData).map((key) => [key, fresh[key]]));
}

function parsed(out: Buffer): any {
  try {
    return JSON.parse(out.toString('utf8'));
  } catch {
    throw new CliProblem("the controller's answer is not JSON; nothing was written");
  }
}

class Controller {
  /** Its port may have any name, and the API server wants that. */
  public static async find({ controllerName, controllerNamespace, ...rest }: ControllerOptions): Promise<Controller> {
    const kubectl = new Kubectl({ ...rest, namespace: controllerNamespace });
    const service = await kubectl.get('service', controllerName);
    if (service === undefined)
      throw new CliProblem(
        `there is no Service ${controllerName} in namespace ${controllerNamespace}; give --controller-name and --controller-namespace`,
      );
    const port = list(service.spec?.ports)[0]?.name ?? '';
    const path = `/api/v1/namespaces/${controllerNamespace}/services/http:${controllerName}:${port}/proxy/v1`;
    return new Controller(kubectl, path);
  }

  private constructor(
    private readonly kubectl: Kubectl,
    private readonly path: string,
  ) {}

  public post(action: 'verify' | 'rotate', manifest: unknown): Promise<Answer> {
    return this.kubectl.post(`${this.path}/${action}`, JSON.stringify(manifest));
  }

  /** SHA-256 of the certificate that the controller seals with now. */
  public async certificate(): Promise<string> {
    const { ok, out, error } = await this.kubectl.run('get', '--raw', `${this.path}/cert.pem`);
    if (!ok) throw new CliProblem(`the controller's certificate can't be read: ${error}`);
    try {
      return new X509Certificate(out).fingerprint256;
    } catch {
      throw new CliProblem('what the controller gave is not a certificate; nothing was written');
    }
  }
}
