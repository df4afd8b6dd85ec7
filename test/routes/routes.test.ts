import type { Chart } from 'cdk8s';
import { AppRegistry } from '../../src/app/registry';
import {
  ComponentPort,
  Grafana,
  HttpConfig,
  Query,
  ReceiveRouter,
  Receiver,
  ThanosGrpcRoute,
  ThanosHttpRoute,
  type ThanosHttpRouteProps,
  ThanosIngress,
  type ThanosIngressProps,
  TlsCertificate,
} from '../../src/index';
import { quietly } from '../component/made';
import { chart, find, type Json, render } from '../render';
import { everyRoute } from './every-route';

const every = (): Json[] => {
  const scope = chart();
  everyRoute(scope, 'obs');
  return quietly(() => render(scope));
};

describe('an Ingress', () => {
  it('leads by the names and the certificate that it is told', () => {
    const ingress = find(every(), 'Ingress', 'routes-query-frontend');
    const backend = { service: { name: 'routes-query-frontend', port: { number: 10902 } } };
    const http = { paths: [{ path: '/thanos', pathType: 'Prefix', backend }] };
    expect(ingress.metadata).toMatchObject({
      namespace: 'obs',
      labels: { team: 'metrics' },
      annotations: { 'example.com/a': 'b' },
    });
    expect(ingress.spec).toEqual({
      ingressClassName: 'nginx',
      rules: [
        { host: 'thanos.example.com', http },
        { host: '*.eu.example.com', http },
      ],
      tls: [{ hosts: ['thanos.example.com', '*.eu.example.com'], secretName: 'certificate' }],
    });
  });

  it('says no more than it must', () => {
    const { spec } = find(every(), 'Ingress', 'routes-grafana');
    const backend = { service: { name: 'routes-grafana', port: { number: 3000 } } };
    expect(spec).toEqual({
      rules: [{ host: 'boards.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    });
  });
});

describe('a route of the Gateway API', () => {
  it('leads HTTP below a path, which it takes off', () => {
    expect(find(every(), 'HTTPRoute', 'routes-query-frontend').spec).toEqual({
      parentRefs: [{ name: 'edge', namespace: 'gateways', sectionName: 'https' }, { name: 'inner' }],
      hostnames: ['thanos.example.com', '*.eu.example.com'],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/thanos' } }],
          filters: [
            { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } },
          ],
          backendRefs: [{ name: 'routes-query-frontend', port: 10902 }],
          timeouts: { request: '300s' },
        },
      ],
    });
  });

  it('leads writes to the port that takes them', () => {
    expect(find(every(), 'HTTPRoute', 'routes-receive-router').spec.rules).toEqual([
      {
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        backendRefs: [{ name: 'routes-receive-router', port: 19291 }],
      },
    ]);
  });

  it('leads gRPC to the StoreAPI', () => {
    expect(find(every(), 'GRPCRoute', 'routes-query-grpc').spec).toEqual({
      parentRefs: [{ name: 'edge' }],
      hostnames: ['store.example.com'],
      rules: [{ backendRefs: [{ name: 'routes-query', port: 10901 }] }],
    });
  });
});

describe('a component that serves HTTPS', () => {
  const warnings = (make: (scope: Chart, to: Receiver) => unknown): string => {
    const scope = chart();
    const httpConfig = HttpConfig.tls({ certificate: TlsCertificate.fromSecretName('http') });
    make(scope, new Receiver(scope, 'Receiver', { ingestOnly: true, httpConfig }));
    return AppRegistry.of(scope).standing().warnings.join();
  };
  const hosts = ['a.example.com'];
  const text = 'test/Route: to: serves HTTPS, of which the controller must be told: by an annotation';

  it('needs a controller that is told', () => {
    const port = ComponentPort.HTTP;
    expect(warnings((scope, to) => new ThanosIngress(scope, 'Route', { to, port, hosts }))).toContain(text);
    const gateways = [{ name: 'edge' }];
    expect(warnings((scope, to) => new ThanosHttpRoute(scope, 'Route', { to, port, hosts, gateways }))).toContain(text);
  });

  it('is fine where an annotation tells it, and on its other ports', () => {
    const annotations = { 'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS' };
    const port = ComponentPort.HTTP;
    expect(warnings((scope, to) => new ThanosIngress(scope, 'Route', { to, port, hosts, annotations }))).not.toContain(
      text,
    );
    expect(warnings((scope, to) => new ThanosIngress(scope, 'Route', { to, hosts }))).not.toContain(text);
  });
});

describe('bad input', () => {
  type Props = ThanosIngressProps & ThanosHttpRouteProps;
  const parts = () => {
    const scope = chart();
    const query = new Query(scope, 'Query', { endpoints: ['sidecar:10901'] });
    return { scope, given: { to: query, hosts: ['a.example.com'] } as Partial<Props> };
  };
  const refused = (make: (all: ReturnType<typeof parts>) => unknown, message: string): void =>
    expect(() => make(parts())).toThrow(`cdk8s-thanos: test/Route: ${message}`);
  const ingress =
    (props: object) =>
    ({ scope, given }: ReturnType<typeof parts>) =>
      new ThanosIngress(scope, 'Route', { ...given, ...props } as Props);
  const http =
    (props: object) =>
    ({ scope, given }: ReturnType<typeof parts>) =>
      new ThanosHttpRoute(scope, 'Route', { ...given, gateways: [{ name: 'edge' }], ...props } as Props);

  it.each([
    [{ to: undefined }, 'to: is missing. Give where it leads, such as stack.query'],
    [{ to: 'thanos-query' }, 'to: is "thanos-query", not a component of Thanos or a Grafana'],
    [{ hosts: undefined }, 'hosts: is missing. Give the names under which it is reached'],
    [{ hosts: [] }, 'hosts: is empty: everything that reaches the gateway would be led there'],
    [{ hosts: ['a.b', 'a.b'] }, 'hosts: "a.b" appears twice'],
    [{ hosts: ['https://a.b'] }, 'hosts: [0]: "https://a.b" is not the name of a host'],
    [{ hosts: ['10.0.0.1'] }, 'hosts: [0]: "10.0.0.1" is not the name of a host'],
    [{ port: ComponentPort.REMOTE_WRITE }, 'port: Service thanos-query has no port remote-write; it has http, grpc'],
    [{ path: 'thanos' }, 'path: "thanos" is not a path'],
    [{ path: '/a/../b' }, 'path: "/a/../b" is not a path'],
  ])('%j is refused', (props, message) => {
    refused(ingress(props), message);
    refused(http(props), message);
  });

  it('a route without a Gateway is refused', () => {
    refused(http({ gateways: undefined }), 'gateways: is missing. Give the Gateways that take the route');
    refused(http({ gateways: [] }), 'gateways: is empty: a route that no Gateway takes leads nowhere');
    refused(http({ gateways: [{}] }), 'gateways: [0]: name: is missing. Give the name of the Gateway');
  });

  it('gRPC where none is served is refused', () => {
    const { scope } = parts();
    const grafana = new Grafana(scope, 'Grafana', { datasourceUrl: 'http://q:10902' });
    const props = { to: grafana, hosts: ['a.b'], gateways: [{ name: 'edge' }] };
    expect(() => new ThanosGrpcRoute(scope, 'Route', props)).toThrow(
      'cdk8s-thanos: test/Route: to: Service grafana has no port grpc; it has http',
    );
  });

  it('two routes of one name are refused at synth', () => {
    const { scope, given } = parts();
    new ThanosIngress(scope, 'A', given as Props);
    new ThanosIngress(scope, 'B', given as Props);
    expect(() => render(scope)).toThrow('Give one of the two another name');
  });
});

it('receivers and routers are reached by remote-write unless a port is named', () => {
  const scope = chart();
  const receiver = new Receiver(scope, 'Receiver', { replicas: 1 });
  const router = new ReceiveRouter(scope, 'Router', { rings: [{ endpoints: ['r:10901'] }] });
  expect([receiver, router].map((to) => to.servicePort())).toEqual([19291, 19291]);
  expect(receiver.servicePort(ComponentPort.GRPC)).toBe(10901);
});
