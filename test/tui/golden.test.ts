// Every view as text at 80x24 and at 120x40, over a capture with rows for it, and the overlays of a view. The files in golden/ contain
// the screens; review them before you accept a change: KSYS_GOLDEN=write node node_modules/vitest/vitest.mjs run ... writes them.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Theme } from '../../src/tui/components/theme.js'
import { rowsOf } from '../../src/tui/layout/rows.js'
import { width } from '../../src/tui/terminal/width.js'
import { scratch } from '../helpers/trace.js'
import { DOWN, ENTER, views } from '../unit/tui/ui.js'
import { FileUi } from './file-ui.js'
import { writeNode } from './node/capture.js'
import { svg } from './svg.js'

const GOLDEN = fileURLToPath(new URL('./golden/', import.meta.url))
const PICTURES_FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
const WRITES = process.env.KSYS_GOLDEN === 'write'
const SIZES = [
  [80, 24],
  [120, 40],
] as const

const BUNDLED = ['web', 'build', 'shell'] as const
/** `node` is created by the test: a node of Kubernetes. `rules` is `web` with rules. */
type Capture = (typeof BUNDLED)[number] | 'node' | 'rules'
const RULES = `
- rule: Connection
  desc: something connects
  condition: evt.type=connect and fd.type in (ipv4, ipv6)
  output: connection | program=%proc.name peer=%fd.name
  priority: NOTICE
- rule: Web page
  desc: a page is asked for
  condition: evt.type=accept4 and fd.sport=8123
  output: page asked for | server=%proc.name client=%fd.cip
  priority: INFO
`
const bundled = (name: string) => fileURLToPath(new URL(`../../captures/${name}.ksys`, import.meta.url))

const RIGHT = '\x1b[C'
const F2 = '\x1bOQ'
const CTRL_G = '\x07'
const TREE = 't'

/** The capture in which a view has rows, if not `web`. */
const HAS_ROWS: Readonly<Record<string, Capture>> = {
  containers: 'node',
  containers_errors: 'node',
  dns: 'node',
  dns_messages: 'node',
  http: 'node',
  http_messages: 'node',
  inflight: 'node',
  kubernetes_controllers: 'node',
  kubernetes_namespaces: 'node',
  kubernetes_pods: 'node',
  slow_io: 'node',
  spy_syslog: 'node',
  why: 'node',
  alerts: 'rules',
  alert_events: 'rules',
  spectro_all: 'build',
  spectro_file: 'build',
  spy_users: 'shell',
  directories: 'build',
  files: 'build',
}

/** The way to a view that cannot be opened by its name: the previous view, and keys. */
const BELOW: Readonly<Record<string, readonly [view: string, keys: string]>> = {
  syscall_procs: ['syscalls', ENTER],
  dig: ['procs', `${DOWN}d`],
  echo: ['procs', `${DOWN}e`],
}

/** Other screens: a view of a capture, and the keys that are typed in it. */
const OTHERS: readonly (readonly [name: string, capture: Capture, view: string, keys: string])[] = [
  ['page-help', 'web', 'procs', '?'],
  ['page-help-end', 'web', 'procs', '?G'],
  ['page-legend', 'node', 'http', 'i'],
  ['page-legend-spectrogram', 'build', 'spectro_all', 'i'],
  ['page-event', 'web', 'dig', ENTER],
  ['page-event-data', 'web', 'http_messages', `B${ENTER}G`],
  ['page-event-masked', 'web', 'http_messages', `${ENTER}G`],
  ['page-action', 'node', 'procs', `a${ENTER}`],
  ['menu-views', 'web', 'procs', 'v'],
  ['menu-views-selection', 'web', 'procs', `${ENTER}v`],
  ['menu-sort', 'web', 'procs', '>'],
  ['menu-columns', 'node', 'procs', 'C'],
  ['menu-actions-process', 'node', 'procs', 'a'],
  ['menu-actions-connection', 'web', 'connections', 'a'],
  ['menu-actions-file', 'build', 'files', 'a'],
  ['menu-actions-container', 'node', 'containers', 'a'],
  ['menu-data', 'web', 'echo', F2],
  ['prompt-filter', 'web', 'procs', '\\proc.na'],
  ['prompt-filter-mistake', 'web', 'procs', `\\proc.nam=curl${ENTER}`],
  ['prompt-text', 'web', 'procs', `\\${F2}curl`],
  ['prompt-search', 'web', 'procs', '/curl'],
  ['prompt-command', 'web', 'procs', ':'],
  ['prompt-command-names', 'web', 'procs', ':fi'],
  ['prompt-command-mistake', 'web', 'procs', `:sort colour${ENTER}`],
  ['prompt-go-to', 'web', 'dig', CTRL_G],
  ['command-line', 'web', 'files', `:command${ENTER}`],
  ['way-down', 'web', 'procs', `${ENTER}${ENTER}`],
  ['filtered', 'web', 'files', `\\proc.name=python3${ENTER}`],
  ['filtered-to-nothing', 'web', 'files', `\\proc.name=nobody${ENTER}`],
  ['no-containers', 'web', 'containers', ''],
  ['text-nothing', 'web', 'procs', `:text nowhere${ENTER}`],
  ['span', 'build', 'files', '{]}'],
  ['tree', 'build', 'procs', TREE],
  ['tree-folded', 'build', 'procs', `${TREE}${DOWN}${DOWN}-`],
  ['tree-of-threads', 'node', 'threads', TREE],
  ['echo-data', 'web', 'echo', 'B'],
  ['echo-hex', 'web', 'echo', `B${F2}${DOWN}${DOWN}${ENTER}`],
  ['dig-data', 'web', 'dig', 'B'],
  ['spectrogram-marked', 'build', 'spectro_all', ` ${DOWN}${DOWN}${RIGHT}${RIGHT}${RIGHT}`],
  ['spectrogram-calls', 'build', 'spectro_all', ` ${DOWN}${DOWN}${RIGHT}${RIGHT}${RIGHT}${ENTER}`],
  ['pods-procs', 'node', 'procs', ''],
  ['pods-procs-all-columns', 'node', 'procs', RIGHT],
  ['pods-threads', 'node', 'threads', ''],
  ['pods-connections', 'node', 'connections', ''],
  ['pods-files', 'node', 'files', ''],
  ['pods-latency-peers', 'node', 'latency_peers', ''],
  ['pods-ancestors', 'node', 'ancestors', `\\proc.pid=980${ENTER}`],
  ['pods-time', 'node', 'time', ''],
]

/** The pictures of the documentation: like OTHERS. */
const PICTURES: readonly (readonly [name: string, capture: Capture, view: string, keys: string])[] = [
  ['processes', 'node', 'procs', DOWN],
  ['data', 'web', 'connections', 'eB'],
  ['spectrogram', 'build', 'spectro_all', ''],
  ['views', 'web', 'procs', 'v'],
]
const PICTURE_SIZE = [110, 24] as const

interface Screen {
  readonly name: string
  readonly capture: Capture
  readonly view: string
  readonly keys: string
}

const VIEWS: readonly Screen[] = views.map(({ id }) => {
  const [view, keys] = BELOW[id] ?? [id, '']
  return { name: id, capture: HAS_ROWS[id] ?? 'web', view, keys }
})
const REST: readonly Screen[] = OTHERS.map(([name, capture, view, keys]) => ({ name, capture, view, keys }))
const fileOf = (name: string, w: number, h: number) => `${name}-${w}x${h}.txt`

const at = scratch()
const uis = new Map<Capture, FileUi>()
let zone: string | undefined

beforeAll(async () => {
  zone = process.env.TZ
  process.env.TZ = 'UTC'
  await writeNode(at('node.ksys'))
  for (const name of BUNDLED) uis.set(name, await FileUi.begin(bundled(name), `captures/${name}.ksys`))
  uis.set('node', await FileUi.begin(at('node.ksys'), 'node.ksys'))
  uis.set('rules', await FileUi.begin(bundled('web'), 'captures/web.ksys', RULES))
  if (WRITES) for (const folder of [GOLDEN, PICTURES_FOLDER]) mkdirSync(folder, { recursive: true })
})

afterAll(async () => {
  for (const ui of uis.values()) await ui.close()
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

/** The screen of this size with the view and the typed keys; each starts from the initial state. */
async function shown({ capture, view, keys }: Screen, w: number, h: number): Promise<FileUi> {
  const ui = uis.get(capture) as FileUi
  ui.forget(w, h)
  await ui.open(view)
  // one key after the other, like a user who waits for the effect of each
  for (const key of keys.match(/\x1b(?:\[[\d;]*[A-Za-z~]|O[A-Z])|[\s\S]/g) ?? []) await ui.type(key)
  return ui
}

async function compare(screen: Screen, look: (ui: FileUi) => void = () => undefined): Promise<void> {
  const { name, keys } = screen
  let ui: FileUi | undefined
  for (const [w, h] of SIZES) {
    // what a move to the right reaches depends on the size; all else is the same in a terminal that is resized
    ui = ui === undefined || keys.includes(RIGHT) ? await shown(screen, w, h) : await ui.resize(w, h)
    look(ui)
    const file = `${GOLDEN}${fileOf(name, w, h)}`
    const text = ui.text()
    const lines = text.split('\n')
    expect(lines.length, `lines of ${name}`).toBe(h)
    for (const line of lines) expect(width(line), `${name}: ${line}`).toBeLessThanOrEqual(w)
    expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/)
    if (WRITES) writeFileSync(file, `${text}\n`)
    else if (!existsSync(file)) throw new Error(`there is no ${file}: KSYS_GOLDEN=write makes it, then read it`)
    else expect(`${text}\n`, fileOf(name, w, h)).toBe(readFileSync(file, 'utf8'))
  }
}

describe('views', () => {
  test.each(VIEWS.map((s) => [s.name, s] as const))('%s has its golden text', (name, screen) =>
    compare(screen, ({ ui }) => {
      expect(ui.state.pages.at(-1)?.view.id).toBe(name)
      expect(rowsOf(ui.state).length, `rows of ${name} in ${screen.capture}`).toBeGreaterThan(0)
    }),
  )
})

describe('overlays, and files made of views', () => {
  test.each(REST.map((s) => [s.name, s] as const))('%s has its golden text', (_, screen) => compare(screen))
})

test('every golden text belongs to an existing screen', () => {
  const known = [...VIEWS, ...REST].flatMap(({ name }) => SIZES.map(([w, h]) => fileOf(name, w, h)))
  expect(readdirSync(GOLDEN).sort()).toEqual(known.sort())
})

test.each(PICTURES)('the picture %s of the documentation is what the UI draws', async (name, capture, view, keys) => {
  const [w, h] = PICTURE_SIZE
  const { ui } = await shown({ name, capture, view, keys }, w, h)
  const picture = svg(ui.painted(new Theme(24)), `ksys ui: ${name}`, w, h)
  const file = `${PICTURES_FOLDER}ui-${name}.svg`
  if (WRITES) writeFileSync(file, picture)
  else expect(picture === readFileSync(file, 'utf8'), `${file} is up to date (KSYS_GOLDEN=write)`).toBe(true)
})
