// Everything that `npm test` runs: first, one file at a time, the tests that need the machine for themselves; then all others, a few files
// at a time, while virtual machines with other kernels use idle processors; at last the results of these virtual machines.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BELOW_BUILD, compiled } from './compiled.js'
import { LongFirst } from './long-first.js'

// tests of everything that happens on the machine, of what ksys costs, or of memory use
const alone = [
  'test/live/{ceilings,full-tables,hard,kills,soak,throttle}.test.ts',
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
// the libraries of the terminal UI read the environment once, when they are loaded
const drawing = ['test/unit/tui/frames.test.ts']
const guests = ['test/kernels/kernels.test.ts']
// `npm run fleet` runs these, and installs what they need
const fleet = ['test/fleet/**/*.test.ts']
/** files at a time; more than processors, because many tests wait for a program, a terminal or a container */
const maxWorkers = availableParallelism() + 1

// Each project that extends this configuration evaluates this file again: only the first time prepares the run. KSYS_TEST_RUN is the
// folder for what the tests of a run share (helpers/tarball.ts).
if (process.env.KSYS_TEST_RUN === undefined) {
  execFileSync('sh', [new URL('../src/setup/compile.sh', import.meta.url).pathname], { stdio: 'inherit' })
  const run = mkdtempSync(join(tmpdir(), 'ksys-test-run-'))
  process.on('exit', () => rmSync(run, { recursive: true, force: true }))
  process.env.KSYS_TEST_RUN = run
  // npm ends the tests when it ends, but not if it is killed
  const npm = process.env.npm_lifecycle_event === 'test' ? process.ppid : undefined
  if (npm !== undefined)
    setInterval(() => {
      if (process.ppid !== npm) process.kill(process.pid, 'SIGTERM')
    }, 1000).unref()
}

// each project has a groupOrder: without one, projects with a single worker would run last
export default defineConfig({
  plugins: [compiled()],
  test: {
    root: new URL('..', import.meta.url).pathname,
    // Node reads these certificates at each start, which takes 70 ms; tests that need them use helpers/registry.ts. Commands that only
    // read files share a process (helpers/ksys.ts)
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
          // a worker loads modules once for all its files, which saves a tenth of the total time
          isolate: false,
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [...alone, ...capturing, ...drawing, ...guests, ...fleet],
          // longer than the limit of tui/terminal.ts, whose error shows the screen
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
      ...(process.env.KSYS_FLEET === '1'
        ? [
            {
              extends: true as const,
              test: {
                name: 'fleet',
                include: fleet,
                testTimeout: 600_000,
                hookTimeout: 600_000,
                maxWorkers,
                sequence: { groupOrder: 2 },
              },
            },
          ]
        : []),
    ],
  },
})
