// The shape of a load, and what loads share.
import { createServer } from 'node:net'
import { ROOT } from '../../tracer.js'
import type { Need } from '../needs.js'

/** What a load reports for one run. */
export interface LoadResult {
  operations: number
  seconds: number
  /** latency of an operation in microseconds */
  p50: number
  p99: number
}

/** How to run a load once. */
export interface LoadRun {
  /** for about this long */
  seconds: number
  /** operations a second; without it as many as possible */
  rate?: number | undefined
  /** a command in front of the load's own, such as strace */
  wrap: readonly string[]
}

/** A load whose servers run and whose files exist. */
export interface PreparedLoad {
  run: (run: LoadRun) => Promise<LoadResult>
  /** ends its servers; its folder is removed by the caller */
  end: () => Promise<void>
  /** the command that makes the marked operations, changed for this load */
  aroundMarks?: (command: readonly string[]) => string[]
  /** calls that the load makes and counts itself, in each of its operations */
  counted?: { filter: string; perOperation: number }
}

/** A load of the bench. */
export interface Load {
  name: string
  /** how the page names it */
  title: string
  /** what one operation is */
  operation: string
  needs: readonly Need[]
  /** its runs take this many times as long as those of others, since its operations take long */
  longer?: number
  /** marked operations a second that run beside it (marks.ts) */
  marks?: number
  /** the latency is that of the marked operations */
  latencyOfMarks?: boolean
  /** folder: an empty one for its files */
  prepare: (folder: string) => Promise<PreparedLoad>
}

/** A port of 127.0.0.1 that nobody uses now. */
export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer()
    server.on('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}

/** The path of a compiled program of `programs`. */
export const program = (name: string): string => `${ROOT}.build/bench/${name}`

/** A program of `programs` may take this many seconds longer than it should. */
export const GRACE = 60

/** The result that the programs of `programs` print. */
export function parseResult(text: string): LoadResult {
  const { operations, seconds, p50, p99 } = JSON.parse(text) as LoadResult
  return { operations, seconds, p50, p99 }
}
