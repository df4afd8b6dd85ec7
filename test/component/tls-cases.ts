import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { type GrpcTlsOptions, TlsCa, TlsCertificate } from '../../src/index';
import type { PropCase } from './prop-cases';

const SERVER = [
  '--grpc-server-tls-cert=/etc/thanos/grpc-tls/tls.crt',
  '--grpc-server-tls-key=/etc/thanos/grpc-tls/tls.key',
  '--grpc-server-tls-client-ca=/etc/thanos/grpc-ca/ca.crt',
];

/** What receivers and routers are told of those to whom they hand writes. */
export const FORWARDS = [
  '--remote-write.client-tls-secure',
  '--remote-write.client-tls-cert=/etc/thanos/grpc-tls/tls.crt',
  '--remote-write.client-tls-key=/etc/thanos/grpc-tls/tls.key',
  '--remote-write.client-tls-ca=/etc/thanos/grpc-ca/ca.crt',
  '--remote-write.client-server-name=parts.example.com',
];

/** TLS of gRPC: the flags of the server, those of the client, and the files. */
export function grpcTlsCase<T extends Construct & { readonly workload: ApiObject }>(
  asks: readonly string[] = [],
): PropCase<GrpcTlsOptions, T> {
  return {
    value: {
      certificate: TlsCertificate.fromSecretName('grpc', { certificateKey: 'c.pem', privateKeyKey: 'k.pem' }),
      ca: TlsCa.fromSecretName('parts-ca', { key: 'root.pem', revision: '1' }),
      mutual: true,
      serverName: 'parts.example.com',
    },
    reaches: ({ args, pod, container, template }) => {
      expect(args).toEqual(expect.arrayContaining([...SERVER, ...asks]));
      const items = [
        { key: 'c.pem', path: 'tls.crt' },
        { key: 'k.pem', path: 'tls.key' },
      ];
      expect(pod.volumes).toEqual(
        expect.arrayContaining([
          { name: 'grpc-tls', secret: { secretName: 'grpc', defaultMode: 0o440, items } },
          {
            name: 'grpc-ca',
            secret: { secretName: 'parts-ca', defaultMode: 0o440, items: [{ key: 'root.pem', path: 'ca.crt' }] },
          },
        ]),
      );
      expect(container.volumeMounts).toEqual(
        expect.arrayContaining([
          { name: 'grpc-tls', mountPath: '/etc/thanos/grpc-tls', readOnly: true },
          { name: 'grpc-ca', mountPath: '/etc/thanos/grpc-ca', readOnly: true },
        ]),
      );
      expect(template.metadata.annotations).toHaveProperty('checksum/grpc-ca');
    },
  };
}
