import { type Alert, BY_JOB, BY_POD } from './alert';

const kinds = ['ruler'];

/** Of the ruler: what it can not tell by an alert of its own, another Prometheus must. */
export const RULE_ALERTS: readonly Alert[] = [
  {
    name: 'ThanosRulesFailing',
    kinds,
    severity: 'critical',
    minutes: 5,
    summary: '{{ $labels.job }} fails to evaluate {{ $value | humanizePercentage }} of its rules',
    description: 'Alerts of these rules do not fire, and what they record has gaps.',
    expr: (select, { errors }) => {
      const rate = (metric: string): string =>
        `sum by (${BY_JOB}) (rate(prometheus_rule_${metric}_total{${select}}[5m]))`;
      return `${rate('evaluation_failures')} / ${rate('evaluations')} > ${errors}`;
    },
  },
  {
    name: 'ThanosRulesSlow',
    kinds,
    severity: 'warning',
    minutes: 10,
    summary: 'A group of rules at {{ $labels.pod }} takes longer than its interval',
    description: 'The group {{ $labels.rule_group }} is evaluated less often than asked.',
    expr: (select) =>
      `prometheus_rule_group_last_duration_seconds{${select}} > prometheus_rule_group_interval_seconds{${select}}`,
  },
  {
    name: 'ThanosAlertsDropped',
    kinds,
    severity: 'critical',
    minutes: 5,
    summary: '{{ $labels.pod }} drops alerts',
    description: 'Its queue is full, or no Alertmanager takes them. Nobody hears of what fires.',
    expr: (select) => {
      const dropped = (what: string): string =>
        `sum by (${BY_POD}) (rate(thanos_alert_${what}_alerts_dropped_total{${select}}[5m]))`;
      return `${dropped('queue')} > 0 or ${dropped('sender')} > 0`;
    },
  },
];
