// Everything that `npm test` runs: quick tests side by side, then one after the other what uses the kernel, the whole
// machine or the clock.
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const alone = [
  'test/live/**/*.test.ts',
  'test/package/**/*.test.ts',
  'test/container/**/*.test.ts',
  'test/tui/**/*.test.ts',
  'test/kernels/**/*.test.ts',
]

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: alone,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxConcurrency: 32,
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
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
    ],
  },
})
