// Work with files that is written once and runs in two ways: with calls that block, or with calls that other threads make.
import * as fs from 'node:fs'

/** The calls of node:fs that such work makes: each has a blocking form (openSync) and one with a callback (open). */
type Name = 'open' | 'close' | 'fstat' | 'read' | 'readlink' | 'statfs'

interface Call {
  readonly name: Name
  readonly args: readonly unknown[]
}

/** A generator that yields calls, gets their results, and returns a T. */
export type Work<T> = Generator<Call, T, unknown>

function* call<T>(name: Name, ...args: readonly unknown[]): Work<T> {
  return (yield { name, args }) as T
}

export const open = (path: string | Buffer, flags: number): Work<number> => call('open', path, flags)
export const close = (fd: number): Work<void> => call('close', fd)
/** An O_PATH descriptor is closed at once: no file system is asked. */
export const closePath = (fd: number): void => fs.closeSync(fd)
export const fstat = (fd: number): Work<fs.Stats> => call('fstat', fd)
export const readlink = (path: Buffer): Work<Buffer> => call('readlink', path, { encoding: 'buffer' })
export const statfs = (path: string): Work<fs.StatsFs> => call('statfs', path)
/** Reads on from where the last read ended; returns the number of bytes, 0 at the end. */
export const read = (fd: number, into: Buffer): Work<number> => call('read', fd, into, 0, into.length, null)

type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>
const functions = fs as unknown as Functions

/** Does the work with calls that block. */
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

/** Does the work with calls that other threads make. */
export async function doAsync<T>(work: Work<T>): Promise<T> {
  let step = work.next()
  while (step.done !== true) {
    let result: unknown
    try {
      result = await made(step.value)
    } catch (e) {
      step = work.throw(e)
      continue
    }
    step = work.next(result)
  }
  return step.value
}

function made({ name, args }: Call): Promise<unknown> {
  return new Promise((done, failed) => {
    functions[name]?.(...args, (error: Error | null, result: unknown) => (error ? failed(error) : done(result)))
  })
}
