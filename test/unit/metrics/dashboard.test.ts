// The example of a dashboard uses existing metrics and labels.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { captureMetrics } from '../../../src/metrics/capture-metrics.js'
import { exposition } from '../../../src/metrics/exposition.js'
import { DIMENSIONS } from '../../../src/metrics/labels.js'
import { SeriesTable } from '../../../src/metrics/series.js'
import { root } from '../../helpers/ksys.js'
import { readMetrics } from '../../helpers/prometheus.js'

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[]
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] }
}

const labels = DIMENSIONS.flatMap((d) => d.labels.map((label) => label.name))
const table = new SeriesTable(labels, { limit: 1000, own: 0, each: 9 })
const series = table.series(labels, 2)
Object.assign(series.bytes, { read: 1 })
const own = { cpu: 1, memory: 1, startedAt: 1, ceilings: { cpu: 1, memory: 1, calls: 1 } }
const text = exposition(
  captureMetrics({ version: '1', table, buckets: 'coarse', stats: { events: 0, lost: 0, late: 0 }, own }),
)
const names = new Set(readMetrics(text, 'prometheus').flatMap((f) => f.samples.map((s) => s.name)))

const dashboard = JSON.parse(readFileSync(join(root, 'src/metrics/grafana-dashboard.json'), 'utf8')) as Dashboard
const queries = [
  ...dashboard.panels.flatMap((p) => p.targets.map((t) => t.expr)),
  ...dashboard.templating.list.flatMap((v) => v.definition ?? []),
]

test('every query uses existing metrics', () => {
  for (const query of queries) {
    const asked = query.match(/\b(ksys|process)_\w+/g) ?? []
    expect(asked.length, query).toBeGreaterThan(0)
    for (const name of asked) expect(names).toContain(name)
  }
})

test('every query uses existing labels', () => {
  const known = [...labels, 'direction', 'kind', 'le', 'job']
  for (const query of queries) {
    const groups = [...query.matchAll(/by \(([^)]*)\)/g)].flatMap((m) => (m[1] as string).split(/,\s*/))
    const matched = [...query.matchAll(/[{,](\w+)(?:=~|!~|=|!=)"/g)].map((m) => m[1] as string)
    for (const label of [...groups, ...matched]) expect(known).toContain(label)
  }
})
