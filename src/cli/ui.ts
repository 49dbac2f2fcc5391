// `ksys ui`: words of the command line to the terminal UI.
import { CommanderError } from 'commander'
import { registry } from '../fields/index.js'
import { checkFilter } from '../filter/index.js'
import { runUi } from '../tui/app.js'
import { WHOLE_MACHINE } from '../views/define.js'
import { loadViews, viewsFor } from '../views/index.js'
import { CliError, EXIT } from './exit.js'
import { optionLines } from './help.js'
import type { Output } from './output.js'
import { makeCommand } from './parse.js'
import { orUsage } from './question.js'
import { UI_OPTIONS } from './ui-options.js'

const REFRESH = 1000

/** Opens the UI; returns the exit code. */
export async function ui(argv: readonly string[], out: Output): Promise<number> {
  const cmd = makeCommand(UI_OPTIONS)
  try {
    cmd.parse([...argv], { from: 'user' })
  } catch (e) {
    if (!(e instanceof CommanderError)) throw e
    throw new CliError(EXIT.usage, `${e.message.replace(/^error: /, '')}\n'ksys ui --help' lists the options`)
  }
  const o = cmd.opts<{
    read?: string[]
    view?: string
    refresh?: number
    print?: string
    buffer?: number
    cri?: string[]
    dockerHost?: string[]
    containerMetadata?: boolean
    help?: true
  }>()
  const views = await loadViews()
  const start = viewsFor(views, WHOLE_MACHINE)
  if (o.help) {
    const lines = ['ksys ui [FILTER] shows what happens on this machine, or in a file, in a terminal.', '']
    lines.push(...optionLines(UI_OPTIONS, Math.min(process.stdout.columns ?? 100, 120)), '', 'Views:')
    const widest = Math.max(...views.map((v) => v.id.length))
    for (const v of views) lines.push(`  ${v.id.padEnd(widest)}  ${v.name}`)
    await out.text(`${lines.join('\n')}\n`)
    return EXIT.ok
  }
  const view = o.view === undefined ? start[0] : views.find((v) => v.id === o.view)
  if (view === undefined)
    throw new CliError(EXIT.usage, `there is no view '${o.view}'; there are ${views.map((v) => v.id).join(', ')}`)
  if ((o.read?.length ?? 0) > 1) throw new CliError(EXIT.usage, 'the UI shows one file: use -r once')
  const filter = cmd.args.join(' ').trim()
  if (filter !== '') orUsage(() => checkFilter(filter, registry))
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new CliError(EXIT.usage, 'the UI needs a terminal for input and output; without one use chisels (ksys -cl)')
  const end = await runUi({
    file: o.read?.[0],
    refresh: o.refresh ?? REFRESH,
    wanted: { containers: o.print !== undefined, pods: o.print?.startsWith('k') === true },
    runtimes: { asked: o.containerMetadata !== false, cri: o.cri ?? [], docker: o.dockerHost ?? [] },
    buffer: o.buffer,
    filter,
    view,
    views,
  })
  if (end.message !== undefined) throw new CliError(end.exitCode, end.message)
  return end.exitCode
}
