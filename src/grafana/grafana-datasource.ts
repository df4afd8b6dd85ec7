import type { HttpClient } from '../component/tls/ask-http';
import { thanosYaml } from '../support/yaml';

/** Uid of the data source: dashboards that name it keep working from stack to stack. */
export const DATASOURCE_UID = 'thanos';

/** Grafana's provisioning file (https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources). */
export function datasourceYaml(url: string, client: HttpClient = {}): string {
  const { ca, serverName, user, password } = client;
  return thanosYaml({
    apiVersion: 1,
    datasources: [
      {
        name: 'Thanos',
        uid: DATASOURCE_UID,
        type: 'prometheus',
        access: 'proxy',
        url,
        isDefault: true,
        basicAuth: user && true,
        basicAuthUser: user && `$${user}`,
        jsonData: { prometheusType: 'Thanos', httpMethod: 'POST', tlsAuthWithCACert: ca && true, serverName },
        // Grafana reads the files when it starts
        secureJsonData:
          ca === undefined && password === undefined
            ? undefined
            : { tlsCACert: ca && fromFile(ca), basicAuthPassword: password && fromFile(password) },
      },
    ],
  });
}

function fromFile(path: string): string {
  return `$__file{${path}}`;
}
