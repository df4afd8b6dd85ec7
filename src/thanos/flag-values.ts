/** Values that came later than the flag that takes them, each with the first minor version of Thanos that takes it. */
export const VALUES_SINCE: Readonly<Record<string, number>> = {
  '--log.format=journald': 42,
  '--query.conn-metric.label=ip_port': 41,
};
