// -cl and -i: lists and describes chisels.
import { infoText, listText } from '../../chisel/list.js'
import { loadAll } from '../../chisel/load.js'
import { EXIT } from '../errors/exit.js'
import type { Settings } from '../options/settings.js'
import type { Output } from '../output/stdout.js'
import { printMessage } from '../run/report.js'
import { chiselNamed } from './instead.js'
import { orChiselError } from './prepare.js'

const COLUMNS = 100

/** Prints the list, or one chisel's description; returns the exit code. */
export async function describeChisels(s: Settings, out: Output): Promise<number> {
  const columns = Math.min(process.stdout.columns ?? COLUMNS, COLUMNS)
  const { chiselInfo } = s
  if (chiselInfo !== undefined) {
    await out.text(infoText(await orChiselError(() => chiselNamed(chiselInfo)), columns))
    return EXIT.ok
  }
  const { chisels, problems } = await loadAll()
  await out.text(listText(chisels, columns))
  for (const p of problems) printMessage(`ksys: ${p}`)
  return EXIT.ok
}
