// The numbers of a run, by name, and what the bench does with each.

/** One number of the tables. */
export interface Metric {
  /** of the plain table; with the unit */
  title: string
  digits: number
  /** which direction is better; without it the number is only shown */
  better?: 'higher' | 'lower'
  /** ratios to bare are comparable between machines, numbers only on the same kernel and processor; undefined: decides nothing */
  decides?: 'always' | 'same machine'
  /** rounds are added up */
  sum?: boolean
}

export const METRICS = {
  throughput: { title: 'throughput, of bare', digits: 3, better: 'higher', decides: 'always' },
  p50: { title: 'p50 us', digits: 1, better: 'lower' },
  p99: { title: 'p99 us', digits: 1, better: 'lower' },
  marksMade: { title: 'marked calls', digits: 0, sum: true },
  marksLost: { title: 'of these lost', digits: 0, sum: true },
  callsLost: { title: 'calls lost, counted by the load', digits: 0, sum: true },
  eventsLost: { title: 'lost, reported', digits: 0, sum: true },
  kept: { title: 'recorded %, reported', digits: 1 },
  share: { title: 'CPU and programs %', digits: 1, better: 'lower' },
  programs: { title: 'programs ns/call', digits: 0, better: 'lower', decides: 'same machine' },
  cpuCall: { title: 'CPU ns/call', digits: 0, better: 'lower', decides: 'same machine' },
  bytes: { title: 'bytes/call', digits: 2, better: 'lower', decides: 'same machine' },
  halfP50: { title: 'half load: p50 us', digits: 1, better: 'lower' },
  halfP99: { title: 'p99 us', digits: 1, better: 'lower' },
  halfP99Ratio: { title: 'p99, of bare', digits: 3, better: 'lower', decides: 'always' },
  halfCpu: { title: 'CPU %', digits: 1, better: 'lower' },
  halfRss: { title: 'RSS MB', digits: 0, better: 'lower' },
  halfPss: { title: 'PSS MB', digits: 0, better: 'lower' },
} as const satisfies Record<string, Metric>

export type MetricName = keyof typeof METRICS

export const METRIC_NAMES = Object.keys(METRICS) as MetricName[]

/** The numbers of one run; those that do not exist for it are absent. */
export type Sample = Partial<Record<MetricName, number>>
