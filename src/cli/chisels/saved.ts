// Files that chisels write events to: what is read is read again when the run is over.
import { statSync } from 'node:fs'
import type { Prepared } from '../../chisel/prepare.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/parse.js'
import { tell } from '../run/report.js'
import { checkWritten } from '../run/trace-file.js'

/** Events that a chisel wants to be written. */
export interface Saved {
  readonly file: string
  readonly filter: string
}

/** Throws CliError where a chisel cannot do what it is asked for. user: the filter, '' without one. */
export function checkPossible({ name, def, saves }: Prepared, s: Settings, user: string): void {
  const wrong = (why: string) => new CliError(EXIT.usage, `the chisel ${name} ${why}`)
  if (def.needs?.file === true && s.read.length === 0)
    throw wrong(`is about what was recorded: ksys -r FILE -c ${name}; -w FILE records`)
  if (def.needs?.filter === true && user === '')
    throw wrong('needs a filter behind its arguments: it is about the events that pass it')
  if (saves === undefined) return
  if (s.read.length === 0)
    throw wrong(`writes ${saves} from what was recorded: ksys -r FILE -c ${name}; -w FILE records`)
  const once = s.read.find(isReadOnce)
  if (once !== undefined)
    throw wrong(`reads twice, which ${once === '-' ? 'standard input' : once} cannot be: name a file`)
  if (s.write !== undefined) throw wrong(`writes ${saves} itself: leave out -w`)
  if (s.exported !== undefined) throw wrong(`writes ${saves}, and counts nothing that a table could hold`)
  try {
    checkWritten({ ...s, write: saves })
  } catch (e) {
    throw e instanceof CliError ? wrong(`cannot write its file: ${e.message}`) : e
  }
}

/**
 * Writes what chisels asked for, after a run that ended with `code`; `run` reads the capture again. The code of it all: that of the
 * first run that was not whole.
 */
export async function writeSaved(
  all: readonly Saved[],
  code: number,
  s: Settings,
  run: (s: Settings) => Promise<number>,
): Promise<number> {
  let ended = code
  for (const { file, filter } of all) {
    if (ended !== EXIT.ok && ended !== EXIT.damaged) {
      tell(`ksys: ${file} is not written: the run was interrupted`)
      continue
    }
    const whole = { limit: undefined, from: undefined, to: undefined, follow: false, summary: false, format: undefined }
    ended = (await run({ ...s, ...whole, chisels: [], filter, write: file, exported: undefined })) || ended
  }
  return ended
}

function isReadOnce(path: string): boolean {
  if (path === '-') return true
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat?.isFIFO() === true || stat?.isCharacterDevice() === true
}
