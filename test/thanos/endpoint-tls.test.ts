import { Query, TlsCa, TlsCertificate } from '../../src/index';
import { make } from '../component/made';
import { describeThanos, type Serving, serveThanos } from '../programs/thanos';
import { PodOnDisk } from './pod-on-disk';
import { serverCertificates } from './server-certificates';

jest.setTimeout(60_000);

const [EAST, WEST] = [serverCertificates(['localhost']), serverCertificates(['localhost'])];
const keys = (of: typeof EAST) => ({ 'tls.crt': of.serverCertificate, 'tls.key': of.serverKey, 'ca.crt': of.ca });
const GIVEN = {
  ...{ east: keys(EAST), west: keys(WEST) },
  'for-west': { 'tls.crt': WEST.clientCertificate, 'tls.key': WEST.clientKey },
};

describeThanos('a Query over clusters with TLS of their own', () => {
  const running: Serving[] = [];
  const pods: PodOnDisk[] = [];

  /** A Query as its manifest says. */
  async function start(props: ConstructorParameters<typeof Query>[2]): Promise<Serving> {
    const made = make((scope) => new Query(scope, 'Query', props));
    const pod = new PodOnDisk(made.objects, made.workload, GIVEN);
    pods.push(pod);
    const serving = await serveThanos(pod.args, pod.env);
    running.push(serving);
    return serving;
  }

  afterAll(async () => {
    await Promise.all(running.map((one) => one.stop()));
    pods.forEach((pod) => pod.remove());
  });

  test('each is asked with its own CA and certificate, and one in the clear', async () => {
    const of = (name: string, mutual: boolean) => ({
      grpcTls: { certificate: TlsCertificate.fromSecretName(name), mutual },
    });
    const [east, west, plain] = [await start(of('east', false)), await start(of('west', true)), await start({})];
    const at = ({ grpcAddress }: Serving): string => `localhost:${grpcAddress.split(':')[1]}`;
    const client = TlsCertificate.fromSecretName('for-west');
    const query = await start({
      grpcTls: { certificate: TlsCertificate.fromSecretName('east') },
      endpointOptions: [
        { address: at(east) },
        { address: at(west), tls: { ca: TlsCa.fromPem(WEST.ca), certificate: client } },
        { address: at(plain), plainText: true },
      ],
    });
    const up = async (): Promise<string[]> => {
      const stores: Record<string, { name: string; lastError: unknown }[]> = await query.api('/api/v1/stores');
      return Object.values(stores ?? {})
        .flat()
        .filter(({ lastError }) => !lastError)
        .map(({ name }) => name)
        .sort();
    };
    const all = [at(east), at(west), at(plain)].sort();
    expect(await query.until('all three', async () => ((await up()).length === 3 ? up() : undefined))).toEqual(all);
  });

  test('with the CA of another it is not', async () => {
    const west = await start({ grpcTls: { certificate: TlsCertificate.fromSecretName('west'), mutual: false } });
    const address = `localhost:${west.grpcAddress.split(':')[1]}`;
    const query = await start({ endpointOptions: [{ address, tls: { ca: TlsCa.fromPem(EAST.ca) } }] });
    const refused = 'certificate signed by unknown authority';
    await query.until('the refusal', async () => query.output().includes(refused) || undefined);
  });
});
