// The import rules of src: which module may import which, no cycles between files, and a head comment in every file.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/** For each module of src, the modules that it may import (besides itself). */
const MAY_IMPORT: Record<string, readonly string[]> = {
  schema: [],
  model: ['schema'],
  source: ['schema', 'model'],
  trace: ['schema', 'model', 'source'],
  scap: ['schema', 'model', 'source'],
  merged: ['schema', 'model', 'source', 'trace'],
  state: ['schema', 'model', 'source'],
  redact: ['schema', 'model', 'source', 'state', 'filter'],
  run: [
    ...['schema', 'model', 'source', 'trace', 'scap', 'merged', 'state', 'container', 'stacks', 'redact', 'fields'],
    ...['filter', 'rules', 'export'],
  ],
  metrics: ['schema', 'model', 'source', 'state', 'fields', 'render', 'format'],
  otlp: ['source', 'metrics'],
  web: ['model', 'source', 'filter', 'metrics'],
  http: ['model'],
  advise: ['schema', 'model', 'source', 'state', 'fields', 'render'],
  actions: ['model', 'source'],
  dns: ['model'],
  stacks: ['schema', 'model', 'source'],
  executable: ['model', 'source'],
  container: ['schema', 'model', 'source'],
  fields: ['schema', 'model', 'source', 'state', 'container', 'http', 'dns', 'render'],
  render: ['schema', 'model', 'source', 'state'],
  filter: ['schema', 'model', 'source', 'state', 'container', 'render', 'fields'],
  format: ['schema', 'model', 'source', 'state', 'container', 'render', 'fields', 'filter'],
  table: ['schema', 'model', 'source', 'state', 'container', 'fields', 'filter', 'render', 'format'],
  chisel: [
    'schema',
    'model',
    'source',
    'state',
    'container',
    'fields',
    'filter',
    'render',
    'format',
    'table',
    'http',
    'dns',
  ],
  export: ['schema', 'model', 'source', 'state', 'container', 'fields', 'filter', 'render', 'format', 'otlp'],
  rules: ['schema', 'model', 'source', 'state', 'fields', 'filter', 'render', 'format', 'metrics', 'web'],
  report: ['schema', 'model', 'state', 'fields', 'render'],
  views: ['schema', 'model', 'source', 'state', 'container', 'fields', 'filter', 'render', 'format', 'table'],
  tui: [
    ...[
      'schema',
      'model',
      'source',
      'trace',
      'scap',
      'state',
      'container',
      'fields',
      'filter',
      'render',
      'format',
      'table',
    ],
    ...['chisel', 'views', 'redact', 'rules', 'actions', 'stacks', 'export', 'run'],
  ],
}

/** For each folder of `tui`, the other folders of `tui` that it may import. */
const TUI_MAY_IMPORT: Record<string, readonly string[]> = {
  input: [],
  terminal: ['input'],
  settings: ['terminal'],
  keys: ['terminal'],
  worker: [],
  model: ['terminal', 'settings', 'worker'],
  layout: ['terminal', 'keys', 'worker', 'model'],
  state: ['terminal', 'input', 'settings', 'keys', 'worker', 'model', 'layout'],
  components: ['terminal', 'worker', 'model', 'layout', 'state'],
}

/** Single exceptions, each with its reason. */
const ALSO: readonly (readonly [file: string, room: string, reason: string])[] = [
  ['src/rules/outputs', 'actions', 'programs that read alerts are found as those of actions'],
]

const ROOT = new URL('../../', import.meta.url).pathname

function sources(dir: string): string[] {
  return readdirSync(join(ROOT, dir), { withFileTypes: true }).flatMap((f) =>
    f.isDirectory() ? sources(`${dir}/${f.name}`) : /\.tsx?$/.test(f.name) ? [`${dir}/${f.name}`] : [],
  )
}

/** Files that `file` imports by a relative path: values or types, statically or dynamically. */
function imports(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const found: string[] = []
  for (const m of text.matchAll(/^(?:import|export)\s+[^'"]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gm)) {
    const target = normalize(join(dirname(file), (m[1] ?? m[2]) as string)).replace(/\.js$/, '')
    found.push(files.has(`${target}.tsx`) ? `${target}.tsx` : `${target}.ts`)
  }
  return found
}

const files = new Set(sources('src'))
const room = (file: string) => file.split('/')[1] as string
const isRoom = (file: string) => file.split('/').length > 2

test('a module imports only the modules below it', () => {
  const wrong: string[] = []
  for (const file of files) {
    const allowed = MAY_IMPORT[room(file)]
    if (!isRoom(file) || allowed === undefined) continue
    for (const target of imports(file)) {
      const to = room(target)
      if (isRoom(target) && (to === room(file) || allowed.includes(to))) continue
      if (ALSO.some(([from, r]) => file.startsWith(from) && to === r)) continue
      wrong.push(`${file} imports ${target}`)
    }
  }
  expect(wrong).toEqual([])
})

test('a folder of the terminal UI imports only the folders below it', () => {
  const folder = (file: string) => (file.startsWith('src/tui/') ? file.split('/').slice(2, -1)[0] : undefined)
  const wrong: string[] = []
  for (const file of files) {
    const from = folder(file)
    if (from === undefined) continue
    for (const target of imports(file)) {
      const to = folder(target)
      if (to !== undefined && to !== from && TUI_MAY_IMPORT[from]?.includes(to) !== true)
        wrong.push(`${file} imports ${target}`)
    }
  }
  expect(wrong).toEqual([])
})

test('every module has a rule, except the command, which may import all others, and the set-up', () => {
  const rooms = new Set([...files].filter(isRoom).map(room))
  expect([...rooms].filter((name) => MAY_IMPORT[name] === undefined).sort()).toEqual(['cli', 'setup'])
})

test('no file imports itself through others, not even for a type', () => {
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (file: string, path: string[]) => {
    if (state.get(file) === 'done' || !files.has(file)) return
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
      return
    }
    state.set(file, 'open')
    for (const target of imports(file)) visit(target, [...path, file])
    state.set(file, 'done')
  }
  for (const file of files) visit(file, [])
  expect(cycles).toEqual([])
})

test('every file begins with a comment that states what it owns', () => {
  const silent = [...files].filter((f) => !/^(#!.*\n)?(\/\/ \S|\/\*\*? \S)/.test(readFileSync(join(ROOT, f), 'utf8')))
  expect(silent).toEqual([])
})

test('every import in the sources leads to a file', () => {
  const lost = [...files].flatMap((f) =>
    imports(f)
      // a module that is made when ksys is compiled has a file with its types
      .filter((t) => !files.has(t) && !files.has(t.replace(/\.ts$/, '.d.ts')))
      .map((t) => `${f}: ${t}`),
  )
  expect(lost).toEqual([])
})

/** Functions that open or wrap a source: called by src/run alone, so that no command can forget a stage. */
const MAKERS = ['openTrace', 'redacted', 'withinNamespace', 'withNames', 'withStacks', 'LiveSource', 'ThrottledSource']
/** Other callers, each with its reason. */
const CALLERS: readonly (readonly [file: string, maker: string, reason: string])[] = []

/** The values (not types) that a file imports by name. */
function importedValues(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(/^import\s+\{([^}]*)\}\s+from\s+'\./gm)].flatMap((m) =>
    (m[1] as string)
      .split(',')
      .map((name) => name.trim())
      .filter((name) => !name.startsWith('type ')),
  )
}

test('sources of runs are opened and wrapped in one place', () => {
  const wrong = [...files]
    .filter((file) => room(file) !== 'run')
    .flatMap((file) =>
      importedValues(file)
        .filter((name) => MAKERS.includes(name) && !CALLERS.some(([from, maker]) => from === file && maker === name))
        .map((name) => `${file} imports ${name}`),
    )
  expect(wrong).toEqual([])
})

/** Modules that read and write files, and what they check: on any system, by the half of the addon that does not depend on Linux. */
const READING = [
  'trace',
  'scap',
  'merged',
  'state',
  'fields',
  'filter',
  'render',
  'format',
  'table',
  'chisel',
  'views',
  'export',
]
/** The other half, and its users. */
const CAPTURING = /^src\/source\/(native|addon|live|spawn|privilege|pace|procfs)\.ts$/
const AT_ONCE: readonly (readonly [file: string, reason: string])[] = [
  ['src/trace/memory-trace.ts', 'what a recorder keeps lies in a file in memory'],
  ['src/trace/memory-copy.ts', 'a copy of it, too'],
  ['src/trace/rotation/folder.ts', "files are made in a folder with its owner's rights"],
]

test('reading files needs no module that captures', () => {
  const wrong = [...files]
    .filter((file) => READING.includes(room(file)) && !AT_ONCE.some(([known]) => known === file))
    .flatMap((file) => imports(file).map((target) => [file, target] as const))
    .filter(([, target]) => CAPTURING.test(target))
  expect(wrong).toEqual([])
})
