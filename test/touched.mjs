// What `npm run touched [COMMIT]` runs: tests of what has changed since a commit (HEAD: what is not committed). These are the tests
// that import a changed file, directly or through a helper, and those of a changed module.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean)

/** Tests of each folder; the first matching entry applies. */
const MODULES = [
  [/^native\//, ['test/live/capture.test.ts', 'test/live/families.test.ts', 'test/unit/source']],
  [/^chisels\//, ['test/unit/chisel', 'test/live/tables.test.ts', 'test/golden/chisels.test.ts']],
  [/^captures\//, ['test/unit/captures', 'test/tui/golden.test.ts']],
  [/^src\/setup\//, ['test/package']],
  [/^src\/tui\//, ['test/unit/tui', 'test/tui/golden.test.ts', 'test/tui/file.test.ts']],
  [/^src\/(\w+)\//, ['test/unit/$1']],
]

const since = process.argv[2] ?? 'HEAD'
const changed = new Set([...git('diff', '--name-only', since), ...git('ls-files', '--others', '--exclude-standard')])
if (changed.size === 0) {
  console.error(`nothing has changed since ${since}: npm run touched COMMIT tests what has changed since a commit`)
  process.exit(0)
}

const ofModules = [...changed].flatMap((file) => {
  const entry = MODULES.find(([pattern]) => pattern.test(file))
  return entry ? entry[1].map((tests) => tests.replace('$1', entry[0].exec(file)[1])) : []
})

/** The sources that a file of test/ imports. */
function imports(file) {
  return [...readFileSync(root + file, 'utf8').matchAll(/(?:from|import) '(\.[^']*)\.js'/g)].flatMap(([, name]) =>
    ['.ts', '.tsx'].map((end) => join(dirname(file), name) + end),
  )
}

const files = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.tsx?$/.test(f))
  .map((f) => `test/${f}`)
const importing = new Set(changed)
for (let before = -1; before < importing.size; ) {
  before = importing.size
  for (const f of files) if (!importing.has(f) && imports(f).some((name) => importing.has(name))) importing.add(f)
}
const tests = [...importing].filter((f) => /^test\/.*\.test\.tsx?$/.test(f))
const wanted = [...new Set([...ofModules, ...tests])].filter((f) => existsSync(root + f))
if (wanted.length === 0) {
  console.error('no test imports a changed file; npm test runs all tests')
  process.exit(0)
}
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...wanted]
process.exit(spawnSync(process.execPath, vitest, { cwd: root, stdio: 'inherit' }).status ?? 1)
