// Everything that `npm test` runs: one after the other what needs the machine for itself, and what has containers, whose names come in
// time where a runtime gets to answer; then what captures, a few at a time, and meanwhile guests with other kernels where a processor is
// idle; then the quick tests side by side, and what has become of the guests.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BELOW_BUILD, compiled } from './compiled.js'

// what counts losses or costs or containers without names, compares captures, or is about all that the machine does
const alone = [
  'test/container/{late,many,proof,unasked}.test.ts',
  'test/live/{after-loss,bad-luck,ceilings,counts,hard,kills,losses,priority,side-by-side,soak,throttle}.test.ts',
  'test/rules/corpus/**/*.test.ts',
  'test/tui/{every-key-live,live}.test.ts',
  'test/kernels/{nodes,roots}.test.ts',
]
const capturing = ['test/live/**/*.test.ts']
const containers = ['test/container/**/*.test.ts', 'test/dist/**/*.test.ts']
// what the libraries of the terminal UI make of the environment they find out once, when they are read
const drawing = ['test/unit/tui/frames.test.ts']
const guests = ['test/kernels/kernels.test.ts']

execFileSync('sh', [new URL('../src/setup/compile.sh', import.meta.url).pathname], { stdio: 'inherit' })

// what tests of one run share: helpers/tarball.ts
const run = mkdtempSync(join(tmpdir(), 'ksys-test-run-'))
process.on('exit', () => rmSync(run, { recursive: true, force: true }))
process.env.KSYS_TEST_RUN = run

// of groups of one worker those without a number of their own would come last
export default defineConfig({
  plugins: [compiled()],
  test: {
    root: new URL('..', import.meta.url).pathname,
    // Node reads these certificates at each start, for 70 ms; helpers/registry.ts is for tests that go where they are needed.
    // Commands that only read share a process (helpers/ksys.ts)
    server: { deps: { external: [BELOW_BUILD] } },
    env: {
      KSYS_TEST_RUN: run,
      NODE_EXTRA_CA_CERTS: '',
      KSYS_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS ?? '',
      KSYS_RESIDENT: '1',
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          // modules are read once for all files of a worker, which is a tenth of the whole time
          isolate: false,
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [...alone, ...capturing, ...containers, ...drawing, ...guests],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxConcurrency: 32,
          // many wait for a program or a terminal
          maxWorkers: availableParallelism() + 1,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: 'drawing',
          include: drawing,
          testTimeout: 60_000,
          maxWorkers: availableParallelism() + 1,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: 'containers',
          include: containers,
          exclude: alone,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
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
          // a capture waits for its programs a fifth of the time
          maxWorkers: availableParallelism() + 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'guests',
          include: guests,
          globalSetup: 'test/kernels/early.ts',
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
})
