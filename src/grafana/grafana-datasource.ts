import { thanosYaml } from '../support/yaml';

/** Uid of the data source: dashboards that name it keep working from stack to stack. */
export const DATASOURCE_UID = 'thanos';

/** Grafana's provisioning file (https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources). */
export function datasourceYaml(url: string): string {
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
        jsonData: { prometheusType: 'Thanos', httpMethod: 'POST' },
      },
    ],
  });
}
