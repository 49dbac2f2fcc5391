// What `npm run touched [COMMIT]` runs: tests of what has changed since a commit (HEAD: what is not committed), by what they import,
// and those of a changed room's folder. Tests that start ksys and import nothing of it are found by their room alone.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const root = new URL('..', import.meta.url).pathname
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean)

/** Folders of tests that import nothing of what they are about. */
const ROOMS = [
  [/^native\//, ['test/live/capture.test.ts', 'test/live/families.test.ts', 'test/unit/source']],
  [/^chisels\//, ['test/unit/chisel', 'test/live/tables.test.ts', 'test/golden/chisels.test.ts']],
  [/^captures\//, ['test/tui/golden.test.ts']],
  [/^src\/setup\//, ['test/package']],
  [/^src\/tui\//, ['test/tui/golden.test.ts', 'test/tui/file.test.ts']],
  [/^src\/(\w+)\//, ['test/unit/$1']],
]

const since = process.argv[2] ?? 'HEAD'
const changed = [...new Set([...git('diff', '--name-only', since), ...git('ls-files', '--others', '--exclude-standard')])]
const sources = changed.filter((f) => /^(src|chisels)\/.*\.tsx?$/.test(f)).map((f) => `.build/js/${f.replace(/\.tsx?$/, '.js')}`)
const tests = changed.filter((f) => /^test\/.*\.tsx?$/.test(f))
const rooms = changed.flatMap((f) => {
  const [pattern, folders] = ROOMS.find(([p]) => p.test(f)) ?? []
  return (folders ?? []).map((folder) => folder.replace('$1', pattern.exec(f)[1]))
})
const named = [...new Set(rooms)].filter((f) => existsSync(`${root}${f}`))

if (changed.length === 0) {
  console.error(`nothing has changed since ${since}: npm run touched COMMIT takes what has changed since that`)
  process.exit(0)
}

/** Runs vitest; its exit code. */
const vitest = (...args) =>
  spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', ...args, '--config', 'test/vitest.config.ts'], {
    cwd: root,
    stdio: 'inherit',
  }).status ?? 1

const related = [...sources, ...tests]
const code = related.length > 0 ? vitest('related', '--run', '--passWithNoTests', ...related) : 0
process.exit((named.length > 0 ? vitest('run', ...named) : 0) || code)
