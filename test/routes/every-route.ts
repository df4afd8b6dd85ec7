import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  ComponentPort,
  Grafana,
  Query,
  QueryFrontend,
  ReceiveRouter,
  ThanosGrpcRoute,
  ThanosHttpRoute,
  ThanosIngress,
} from '../../src/index';

/** Every kind of route with every option, and the smallest ones. */
export function everyRoute(scope: Construct, namespace: string): void {
  const place = { instance: 'routes', namespace };
  const query = new Query(scope, 'Query', { ...place, endpoints: ['sidecar:10901'] });
  const frontend = new QueryFrontend(scope, 'Frontend', { ...place, downstream: query });
  const router = new ReceiveRouter(scope, 'Router', { ...place, rings: [{ endpoints: ['r:10901'] }] });
  const grafana = new Grafana(scope, 'Grafana', { ...place, datasource: query });
  const hosts = ['thanos.example.com', '*.eu.example.com'];
  const annotations = { 'example.com/a': 'b' };
  new ThanosIngress(scope, 'FrontendIngress', {
    ...{ to: frontend, hosts, className: 'nginx', path: '/thanos', tlsSecretName: 'certificate', annotations },
    labels: { team: 'metrics' },
  });
  new ThanosIngress(scope, 'GrafanaIngress', { to: grafana, hosts: ['boards.example.com'] });
  new ThanosHttpRoute(scope, 'FrontendRoute', {
    gateways: [{ name: 'edge', namespace: 'gateways', listener: 'https' }, { name: 'inner' }],
    ...{ to: frontend, hosts, path: '/thanos', stripPath: true, timeout: Duration.minutes(5), annotations },
    port: ComponentPort.HTTP,
  });
  new ThanosHttpRoute(scope, 'WriteRoute', {
    ...{ to: router, hosts: ['write.example.com'], gateways: [{ name: 'edge' }] },
  });
  new ThanosGrpcRoute(scope, 'StoreRoute', { to: query, hosts: ['store.example.com'], gateways: [{ name: 'edge' }] });
}
