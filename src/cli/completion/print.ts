// --completion: prints the script of a shell, with the names that it offers.
import { allChisels } from '../../chisel/places.js'
import { registry } from '../../fields/index.js'
import { evtTypeNames } from '../../schema/events/index.js'
import { loadViews } from '../../views/index.js'
import { EXIT } from '../errors/exit.js'
import type { Output } from '../output/stdout.js'
import { completionScript, type Shell } from './script.js'

/** Prints the script; returns the exit code. */
export async function printCompletion(shell: Shell, out: Output): Promise<number> {
  const views = await loadViews()
  await out.text(
    completionScript(shell, {
      // a name with a * represents many fields
      fields: registry.names().filter((name) => !name.includes('*')),
      events: evtTypeNames(),
      // the shell evaluates the script: file names are included only if they need no quoting
      chisels: allChisels().flatMap((c) => (/^[\w.-]+$/.test(c.name) ? [c.name] : [])),
      views: views.map((v) => v.id),
    }),
  )
  return EXIT.ok
}
