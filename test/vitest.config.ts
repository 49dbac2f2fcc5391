// Everything that `npm test` runs: one after the other what uses the kernel, the whole machine or the clock, meanwhile guests with
// other kernels where a processor is idle; then the quick tests side by side, and what has become of the guests.
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const alone = [
  'test/live/**/*.test.ts',
  'test/container/**/*.test.ts',
  'test/tui/live.test.ts',
  'test/kernels/{nodes,roots}.test.ts',
]
const guests = ['test/kernels/kernels.test.ts']

// of groups of one worker those without a number of their own would come last
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [...alone, ...guests],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxConcurrency: 32,
          // many wait for a program or a terminal
          maxWorkers: availableParallelism() + 1,
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
