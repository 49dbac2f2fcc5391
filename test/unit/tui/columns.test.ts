// The columns of a view on the screen, and their widths, at every width of the terminal, with containers and without.
import { describe, expect, test } from 'vitest'
import { columnsOn } from '../../../src/tui/layout/columns.js'
import { newPage, page } from '../../../src/tui/model/model.js'
import type { ColumnInfo, Rows } from '../../../src/tui/worker/messages.js'
import { planView } from '../../../src/tui/worker/plan-view.js'
import type { View } from '../../../src/views/define.js'
import { Ui, views } from './ui.js'

/** a spectrogram has no columns */
const tabular = views.filter((v) => v.spectrogram === undefined)

const HOST = { containers: false, pods: false }
const CONTAINERS = { containers: true, pods: false }
const PODS = { containers: true, pods: true }
/** the columns of a busy node */
const CONTENT: Readonly<Record<string, unknown>> = {
  'proc.pid': 4_012_345,
  'proc.ppid': 3_987_654,
  'thread.tid': 4_012_346,
  'proc.vpid': 31,
  'thread.vtid': 32,
  'user.name': 'postgres',
  'container.name': 'k8s_coredns_kube-system',
  'container.image': 'registry.k8s.io/coredns/coredns:v1.11.1',
  'container.id': '0123456789ab',
  'container.type': 'containerd',
  'k8s.pod.name': 'coredns-7db6d8ff4d-x2v9k',
  'fd.lip': '10.244.103.117',
  'fd.rip': '10.244.103.118',
  'fd.lport': 54_321,
  'fd.rport': 6_443,
  'fd.sport': 6_443,
  'fd.peer.name': 'frontend',
  'fd.name': '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/metadata.db',
  'fd.directory': '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots',
  'fs.path.name': '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/metadata.db',
  'proc.exeline':
    '/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml --container-runtime-endpoint=unix:///run/x.sock',
  'proc.name': 'kubelet',
  'evt.time': '12:59:59.123456789',
  'evt.type': 'clock_nanosleep',
  'evt.res': 'ENAMETOOLONG',
  'evt.args': 'res=0 fd=4(<f>/etc/hosts) flags=4097(O_RDONLY|O_CLOEXEC)',
}

/** The UI with a view, its real columns, and two rows that fill them. */
function opened(view: View, inside: typeof HOST, width: number): Ui {
  const ui = new Ui({ width, height: 24, inside, wanted: inside, pages: [newPage(view, undefined)] })
  const plan = planView(view, { filter: '', inside, sort: undefined, apart: false, data: 'text' }, 1000)
  const value = (c: ColumnInfo) => (CONTENT[c.field] ?? (c.right ? 12_345 : 'text')) as string | number
  const cells = plan.columns.map(value)
  const report: Rows = {
    kind: 'rows',
    number: ui.state.number,
    columns: plan.columns,
    rows: [
      { id: '1', keys: [1], cells },
      { id: '2', keys: [2], cells },
    ],
    total: 2,
    sort: view.table === undefined ? undefined : { column: plan.columns.findIndex((c) => c.right), ascending: false },
    span: 1e9,
    time: 1,
    progress: undefined,
    cancelled: false,
  }
  return ui.do({ kind: 'report', report })
}

const titles = (ui: Ui) => columnsOn(ui.state).placed.map((p) => p.column.title)
const view = (id: string) => views.find((v) => v.id === id) as View

describe.each([
  ['on a host', HOST],
  ['with containers', CONTAINERS],
  ['with pods', PODS],
] as const)('%s', (_, inside) => {
  test.each(tabular.map((v) => [v.name, v] as const))(
    'rows of %s can be identified by their names at every width',
    (_name, v) => {
      for (const width of [40, 80, 100, 120, 200]) {
        const ui = opened(v, inside, width)
        const { placed } = columnsOn(ui.state)
        const named = placed.filter((p) => p.column.names)
        expect(named.length).toBeGreaterThan(0)
        if (width >= 80) expect(named.length).toBe(ui.state.result?.columns.filter((c) => c.names).length)
        for (const p of named) {
          const content = String(ui.state.result?.rows[0]?.cells[p.index] ?? '').length
          expect(Math.min(p.width, width - p.at), `${p.column.title} at ${width}`).toBeGreaterThanOrEqual(
            Math.min(20, content, p.column.width || 20),
          )
        }
        const end = placed.at(-1)
        expect((end?.at ?? 0) + (end?.width ?? 0), `at ${width}`).toBe(width)
      }
    },
  )

  test.each(tabular.map((v) => [v.name, v] as const))(
    'the last column of %s has enough space from 80 on',
    (_name, v) => {
      for (const width of [80, 100, 120, 200]) {
        const { placed } = columnsOn(opened(v, inside, width).state)
        expect(placed.at(-1)?.index).toBe(
          planView(v, { filter: '', inside, sort: undefined, apart: false, data: 'text' }, 1000).columns.length - 1,
        )
        expect(placed.at(-1)?.width, `at ${width}`).toBeGreaterThanOrEqual(20)
      }
    },
  )

  test.each(tabular.map((v) => [v.name, v] as const))(
    'a column of %s that can shrink is not wider than its content',
    (_name, v) => {
      for (const keys of ['', '\x1b[C'])
        for (const width of [40, 80, 100, 120, 200]) {
          const ui = opened(v, inside, width).type(keys)
          for (const p of columnsOn(ui.state).placed.slice(0, -1)) {
            const content = String(ui.state.result?.rows[0]?.cells[p.index] ?? '').length
            const title = p.column.title.length + (p.column.right ? 1 : 2)
            if (p.column.fits)
              expect(p.width, `${p.column.title} at ${width}`).toBeLessThanOrEqual(Math.max(title, content))
          }
        }
    },
  )

  test.each(tabular.map((v) => [v.name, v] as const))('no number of %s is cut', (_name, v) => {
    for (const width of [40, 80, 100, 120, 200]) {
      const ui = opened(v, inside, width)
      for (const p of columnsOn(ui.state).placed) {
        if (!p.column.right) continue
        expect(p.width, `${p.column.title} at ${width}`).toBeGreaterThanOrEqual(
          Math.min(p.column.width, String(CONTENT[p.column.field] ?? 0).length),
        )
      }
    }
  })
})

describe('the first screen', () => {
  test('of a terminal of 80 columns has the command, and omits pods and inner numbers first', () => {
    expect(titles(opened(view('procs'), HOST, 80))).toEqual(
      expect.arrayContaining(['PID', 'CPU', 'USER', 'RES', 'FILE', 'NET', 'Command']),
    )
    const pods = titles(opened(view('procs'), PODS, 80))
    expect(pods).toContain('Command')
    expect(pods).not.toContain('VPID')
    expect(pods).not.toContain('POD')
  })

  test('of a wide terminal has all columns, as wide as their contents', () => {
    const ui = opened(view('procs'), PODS, 200)
    const width = (title: string) => columnsOn(ui.state).placed.find((p) => p.column.title === title)?.width
    expect(columnsOn(ui.state).hidden).toBe(0)
    expect(width('CONTAINER')).toBe('k8s_coredns_kube-system'.length)
    expect(width('POD')).toBe('coredns-7db6d8ff4d-x2v9k'.length)
    expect(width('VPID')).toBe('VPID'.length + 1)
  })
})

test('of Containers has the name at 80 and 120 columns', () => {
  for (const [width, inside] of [
    [80, PODS],
    [120, PODS],
    [120, CONTAINERS],
  ] as const)
    expect(opened(view('containers'), inside, width).text()).toMatch(/ NAME.*\n.* k8s_coredns_kube-sy/)
})

describe('columns that do not fit', () => {
  test('are indicated, the right key shows them, the left one returns', () => {
    const ui = opened(view('procs'), PODS, 80)
    const first = ui.text()
    const { hidden } = columnsOn(ui.state)
    expect(first).toContain(`+${hidden} →`)
    expect(ui.type('\x1b[C').text()).toMatch(/PID +PPID +VPID/)
    expect(columnsOn(ui.state).hidden).toBe(0)
    for (let i = 0; i < 20 && !ui.text().includes('/usr/bin/kubelet'); i++) ui.type('\x1b[C')
    expect(ui.text()).toContain('/usr/bin/kubelet')
    for (let i = 0; i < 40; i++) ui.type('\x1b[D')
    expect(ui.text()).toBe(first)
    expect(page(ui.state).whole).toBe(false)
  })

  test('are not counted by Shift and a number, which sorts by the column at this position on the screen', () => {
    const ui = opened(view('procs'), PODS, 80)
    const third = columnsOn(ui.state).placed[2]
    ui.type('#')
    expect(ui.state.result?.sort?.column).toBe(third?.index)
    expect(ui.text()).toMatch(new RegExp(`[▼▲]${third?.column.title}|${third?.column.title}[▼▲]`))
  })

  test('are shown if they are the sorting column', () => {
    const ui = opened(view('procs'), PODS, 80).type('>')
    const at = ui.state.result?.columns.findIndex((c) => c.title === 'VPID') ?? 0
    while (ui.state.overlay?.kind === 'sort' && ui.state.overlay.at < at) ui.type('\x1b[B')
    while (ui.state.overlay?.kind === 'sort' && ui.state.overlay.at > at) ui.type('\x1b[A')
    expect(titles(ui.type('\r'))).toContain('VPID')
  })
})
