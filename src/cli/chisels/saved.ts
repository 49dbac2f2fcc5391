// Files that chisels write events to: the input is read a second time after the run.
import { statSync } from 'node:fs'
import type { Prepared } from '../../chisel/prepare.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/settings.js'
import { printMessage } from '../run/report.js'
import { checkWritten } from '../run/trace-file.js'

/** Events that a chisel writes to a file. */
export interface Saved {
  readonly file: string
  readonly filter: string
}

/** Throws CliError if a chisel cannot run with these settings. user: the filter, '' without one. */
export function checkPossible({ name, def, saves }: Prepared, s: Settings, user: string): void {
  const wrong = (why: string) => new CliError(EXIT.usage, `the chisel ${name} ${why}`)
  if (def.needs?.file === true && s.read.length === 0)
    throw wrong(`requires a capture file: ksys -r FILE -c ${name}; -w FILE records one`)
  if (def.needs?.filter === true && user === '') throw wrong('requires a filter after its arguments')
  if (saves === undefined) return
  if (s.read.length === 0)
    throw wrong(`writes ${saves} from a capture file: ksys -r FILE -c ${name}; -w FILE records one`)
  const once = s.read.find(isReadOnce)
  if (once !== undefined)
    throw wrong(
      `reads its input twice, which is not possible for ${once === '-' ? 'standard input' : once}: name a file`,
    )
  if (s.write !== undefined) throw wrong(`writes ${saves} itself: remove -w`)
  if (s.exported !== undefined) throw wrong(`writes ${saves} and has no table to export`)
  try {
    checkWritten({ ...s, write: saves })
  } catch (e) {
    throw e instanceof CliError ? wrong(`cannot write its file: ${e.message}`) : e
  }
}

/**
 * Writes the files of chisels after a run that ended with `code`, also if another chisel failed; `run` re-reads the capture. Returns the code of the first run that
 * was not complete.
 */
export async function writeSaved(
  all: readonly Saved[],
  code: number,
  s: Settings,
  run: (s: Settings) => Promise<number>,
): Promise<number> {
  let ended = code
  for (const { file, filter } of all) {
    if (ended !== EXIT.ok && ended !== EXIT.damaged && ended !== EXIT.failure) {
      printMessage(`ksys: ${file} was not written: the run was interrupted`)
      continue
    }
    const whole = {
      limit: undefined,
      since: undefined,
      until: undefined,
      follow: false,
      summary: false,
      format: undefined,
    }
    ended = (await run({ ...s, ...whole, chisels: [], filter, write: file, exported: undefined })) || ended
  }
  return ended
}

function isReadOnce(path: string): boolean {
  if (path === '-') return true
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat?.isFIFO() === true || stat?.isCharacterDevice() === true
}
