// Everything that `npm test` runs: first, one after the other, what needs the machine for itself; then all else, a few files at a time,
// and meanwhile guests with other kernels where a processor is idle; then what has become of the guests.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BELOW_BUILD, compiled } from './compiled.js'
import { LongFirst } from './long-first.js'

// what is about all that the machine does, about what ksys costs it, or about its memory
const alone = [
  'test/live/{ceilings,hard,kills,soak,throttle}.test.ts',
  'test/rules/corpus/**/*.test.ts',
  'test/tui/every-key-live.test.ts',
  'test/kernels/{nodes,roots}.test.ts',
]
const capturing = [
  'test/live/**/*.test.ts',
  'test/tui/live*.test.ts',
  'test/container/**/*.test.ts',
  'test/dist/**/*.test.ts',
  'test/docs/live.test.ts',
]
// what the libraries of the terminal UI make of the environment they find out once, when they are read
const drawing = ['test/unit/tui/frames.test.ts']
const guests = ['test/kernels/kernels.test.ts']
/** files at a time: many wait for a program, a terminal or a container */
const maxWorkers = availableParallelism() + 1

// Each project that extends this configuration reads this file anew: what is done once for a run is done by the first. KSYS_TEST_RUN is the folder
// of what tests of a run share: helpers/tarball.ts.
if (process.env.KSYS_TEST_RUN === undefined) {
  execFileSync('sh', [new URL('../src/setup/compile.sh', import.meta.url).pathname], { stdio: 'inherit' })
  const run = mkdtempSync(join(tmpdir(), 'ksys-test-run-'))
  process.on('exit', () => rmSync(run, { recursive: true, force: true }))
  process.env.KSYS_TEST_RUN = run
  // npm ends what it runs, unless it is killed itself
  const npm = process.env.npm_lifecycle_event === 'test' ? process.ppid : undefined
  if (npm !== undefined)
    setInterval(() => {
      if (process.ppid !== npm) process.kill(process.pid, 'SIGTERM')
    }, 1000).unref()
}

// of groups of one worker those without a number of their own would come last
export default defineConfig({
  plugins: [compiled()],
  test: {
    root: new URL('..', import.meta.url).pathname,
    // Node reads these certificates at each start, for 70 ms; helpers/registry.ts is for tests that go where they are needed.
    // Commands that only read share a process (helpers/ksys.ts)
    server: { deps: { external: [BELOW_BUILD] } },
    env: {
      KSYS_TEST_RUN: process.env.KSYS_TEST_RUN,
      NODE_EXTRA_CA_CERTS: '',
      KSYS_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS ?? '',
      KSYS_RESIDENT: '1',
    },
    setupFiles: new URL('helpers/end-with-run.ts', import.meta.url).pathname,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: alone,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'capturing',
          include: capturing,
          exclude: alone,
          maxWorkers,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: { name: 'drawing', include: drawing, testTimeout: 60_000, maxWorkers, sequence: { groupOrder: 2 } },
      },
      {
        extends: true,
        test: {
          name: 'quick',
          // modules are read once for all files of a worker, which is a tenth of the whole time
          isolate: false,
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [...alone, ...capturing, ...drawing, ...guests],
          // above what a terminal is waited for (tui/terminal.ts), which says what was on the screen
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxConcurrency: 32,
          maxWorkers,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'guests',
          include: guests,
          globalSetup: 'test/kernels/early.ts',
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
