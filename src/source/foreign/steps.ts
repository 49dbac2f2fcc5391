// File operations written once as generators, which run with blocking calls or with asynchronous calls (thread pool).
import * as fs from 'node:fs'

/** The functions of node:fs used: each has a blocking form (openSync) and one with a callback (open). */
type Name = 'open' | 'close' | 'fstat' | 'read' | 'readlink' | 'statfs'

interface Call {
  readonly name: Name
  readonly args: readonly unknown[]
}

/** A generator that yields calls, receives their results, and returns a T. */
export type Work<T> = Generator<Call, T, unknown>

function* call<T>(name: Name, ...args: readonly unknown[]): Work<T> {
  return (yield { name, args }) as T
}

export const open = (path: string | Buffer, flags: number): Work<number> => call('open', path, flags)
export const close = (fd: number): Work<void> => call('close', fd)
/** Closing an O_PATH descriptor is always synchronous: it does not involve the file system. */
export const closePath = (fd: number): void => fs.closeSync(fd)
export const fstat = (fd: number): Work<fs.Stats> => call('fstat', fd)
export const readlink = (path: Buffer): Work<Buffer> => call('readlink', path, { encoding: 'buffer' })
export const statfs = (path: string): Work<fs.StatsFs> => call('statfs', path)
/** Reads from the current file position; returns the number of bytes, 0 at the end. */
export const read = (fd: number, into: Buffer): Work<number> => call('read', fd, into, 0, into.length, null)

type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>
const functions = fs as unknown as Functions

/** Runs the work with blocking calls. */
export function doSync<T>(work: Work<T>): T {
  let step = work.next()
  while (step.done !== true) {
    const { name, args } = step.value
    let result: unknown
    try {
      result = functions[`${name}Sync`]?.(...args)
    } catch (e) {
      step = work.throw(e)
      continue
    }
    step = work.next(result)
  }
  return step.value
}

/** Runs the work with asynchronous calls. */
export async function doAsync<T>(work: Work<T>): Promise<T> {
  let step = work.next()
  while (step.done !== true) {
    let result: unknown
    try {
      result = await callAsync(step.value)
    } catch (e) {
      step = work.throw(e)
      continue
    }
    step = work.next(result)
  }
  return step.value
}

function callAsync({ name, args }: Call): Promise<unknown> {
  return new Promise((done, failed) => {
    functions[name]?.(...args, (error: Error | null, result: unknown) => (error ? failed(error) : done(result)))
  })
}

const SMALLEST_PIECE = 64 << 10
const LARGEST_PIECE = 1 << 20

/** All bytes up to the end of a file; undefined if there are more than `most`. `size`: the expected number of bytes. */
export function* readUpTo(fd: number, size: number, most: number): Work<Buffer | undefined> {
  const piece = Math.min(Math.max(size, SMALLEST_PIECE), LARGEST_PIECE)
  const parts: Buffer[] = []
  for (let sum = 0; sum <= most; ) {
    const part = Buffer.alloc(piece)
    const length = yield* read(fd, part)
    if (length === 0) return Buffer.concat(parts)
    parts.push(part.subarray(0, length))
    sum += length
  }
  return undefined
}
