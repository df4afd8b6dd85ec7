import { type Board, rate, type Row } from './board';
import { grpc, resources } from './common-rows';

const kinds = ['ruler'];

const EVALUATION: Row = {
  title: 'Evaluation',
  panels: [
    {
      title: 'Evaluations',
      unit: 'perSecond',
      kinds,
      queries: (select) => [[rate('prometheus_rule_evaluations_total', select, 'rule_group'), '{{rule_group}}']],
    },
    {
      title: 'Evaluations that fail',
      unit: 'perSecond',
      kinds,
      queries: (select) => [
        [rate('prometheus_rule_evaluation_failures_total', select, 'rule_group'), '{{rule_group}}'],
      ],
    },
    {
      title: 'Evaluations with warnings',
      description: 'A part of what Query asks was not there: the result may be too small.',
      unit: 'perSecond',
      kinds,
      queries: (select) => [[rate('thanos_rule_evaluation_with_warnings_total', select, 'pod'), '{{pod}}']],
    },
    {
      title: 'Time of a group, as a share of its interval',
      description: 'From 1 on it is evaluated less often than asked.',
      unit: 'share',
      kinds,
      queries: (select) => [
        [
          `max by (rule_group) (prometheus_rule_group_last_duration_seconds{${select}} / prometheus_rule_group_interval_seconds{${select}})`,
          '{{rule_group}}',
        ],
      ],
    },
    {
      title: 'Evaluations missed',
      unit: 'perSecond',
      kinds,
      queries: (select) => [
        [rate('prometheus_rule_group_iterations_missed_total', select, 'rule_group'), '{{rule_group}}'],
      ],
    },
  ],
};

const ALERTS: Row = {
  title: 'Alerts',
  panels: [
    {
      title: 'Alerts in the queue',
      unit: 'number',
      kinds,
      queries: (select) => [[`sum by (pod) (thanos_alert_queue_length{${select}})`, '{{pod}}']],
    },
    {
      title: 'Alerts sent',
      unit: 'perSecond',
      kinds,
      queries: (select) => [
        [rate('thanos_alert_sender_alerts_sent_total', select, 'alertmanager'), '{{alertmanager}}'],
      ],
    },
    {
      title: 'Alerts dropped',
      description: 'Nobody hears of them.',
      unit: 'perSecond',
      kinds,
      queries: (select) => [
        [rate('thanos_alert_queue_alerts_dropped_total', select, 'pod'), '{{pod}} by the queue'],
        [rate('thanos_alert_sender_alerts_dropped_total', select, 'pod'), '{{pod}} by the sender'],
      ],
    },
  ],
};

/** Rulers. */
export const RULE_BOARD: Board = {
  name: 'rule',
  title: 'Rule',
  kinds,
  rows: [EVALUATION, ALERTS, grpc(kinds), resources(kinds)],
};
