// Runs the command that the command line names and sets the exit code. Each mode is loaded only when it runs, so that starts are fast.
import { basename } from 'node:path'
import { opensUi } from '../opens-ui.js'
import type { Usr1 } from '../usr1.js'
import { CliError, EXIT } from './errors/exit.js'
import type { Settings } from './options/settings.js'
import { say } from './output/stderr.js'
import { Output, ReaderGone } from './output/stdout.js'
import { visible } from './output/visible.js'
import { nameProcess } from './process-name.js'

/** Runs the command and sets the process's exit code. Throws only errors of loading a mode's modules. */
export async function main(argv: readonly string[], usr1: Usr1): Promise<void> {
  nameProcess()
  try {
    process.exitCode = await (plugin() ?? run)(argv, new Output(), usr1)
  } catch (e) {
    if (isLoadError(e)) throw e
    process.exitCode = printError(e)
  }
}

/** Whether a module could not be loaded, for example because of the limit of open files or a file's permissions. */
function isLoadError(e: unknown): boolean {
  const { code, path } = e as NodeJS.ErrnoException
  return (
    ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'EMFILE', 'ENFILE'].includes(code ?? '') || /\.c?js$/.test(path ?? '')
  )
}

/** Prints an error; returns the exit code. */
function printError(e: unknown): number {
  if (e instanceof ReaderGone) return EXIT.ok
  if (e instanceof CliError) {
    say(`ksys: ${visible(e.message)}\n`)
    return e.exitCode
  }
  const text = e instanceof Error ? (e.stack ?? e.message) : String(e)
  say(`ksys: unexpected failure; please report it with this text:\n${visible(text)}\n`)
  return EXIT.failure
}

type Command = (argv: readonly string[], out: Output, usr1: Usr1) => Promise<number>

/** Commands with options of their own, by the first argument. */
const COMMANDS: ReadonlyMap<string | undefined, Command> = new Map<string, Command>([
  ['action-runner', async (argv) => (await import('./ui/action-runner.js')).actionRunner(argv)],
  ['advise', async (argv, out) => (await import('./advise/main.js')).advise(argv, out)],
  ['chisel', async (argv, out) => (await import('./chisels/new.js')).chisel(argv, out)],
  ['cut', async (argv, out) => (await import('./cut/cut.js')).cut(argv, out)],
  ['diff', async (argv, out) => (await import('./diff/diff.js')).diff(argv, out)],
  ['dump', async (argv, out) => (await import('./record/dump.js')).dump(argv, out)],
  ['help', (argv, out, usr1) => help(argv, out, usr1)],
  ['info', async (argv, out) => (await import('./info/info.js')).info(argv, out)],
  ['merge', async (argv, out) => (await import('./merge/merge.js')).merge(argv, out)],
  ['metrics', async (argv, out) => (await import('./metrics/metrics.js')).metrics(argv, out)],
  ['record', async (argv, out, usr1) => (await import('./record/record.js')).record(argv, out, usr1)],
  ['redact', async (argv, out) => (await import('./redact/redact.js')).redact(argv, out)],
  ['report', async (argv, out) => (await import('./report/report.js')).report(argv, out)],
  ['rules', async (argv, out) => (await import('./rules/main.js')).rules(argv, out)],
  ['sql', async (argv, out) => (await import('./sql/sql.js')).sql(argv, out)],
  ['wait', async (argv, out) => (await import('./wait/wait.js')).wait(argv, out)],
  ['ui', async (argv, out) => (await import('./ui/ui.js')).ui(argv, out)],
])

/** `help` alone, `help all`, `help TOPIC` for a page of the documentation, and `help COMMAND` for `COMMAND --help`. */
const help: Command = async ([word, ...more], out, usr1) => {
  if (more.length > 0) throw new CliError(EXIT.usage, `ksys help takes one topic or command, not '${more[0]}' too`)
  if (word === undefined || word === 'all') return printHelp(word === 'all', out)
  if (['help', '-h', '--help'].includes(word)) return printHelp(false, out)
  const { printTopic, topics } = await import('./help/topics.js')
  if (COMMANDS.has(word) && !topics().includes(word)) return run([word, '--help'], out, usr1)
  return printTopic(word, out)
}

/** The help of the main command. all: with every option and command. */
async function printHelp(all: boolean, out: Output): Promise<number> {
  const [{ fullHelp, shortHelp }, { topics }] = await Promise.all([
    import('./help/help.js'),
    import('./help/topics.js'),
  ])
  const width = Math.min(process.stdout.columns ?? 100, 120)
  await out.text((all ? fullHelp : shortHelp)(width, topics()))
  return EXIT.ok
}

/** The programs that kubectl runs, to run `kubectl ksys` and to complete its arguments: links to this one. */
const PLUGINS: Readonly<Record<string, Command>> = {
  'kubectl-ksys': async (argv, out) => (await import('./kubectl/main.js')).plugin(argv, out),
  'kubectl_complete-ksys': async (argv, out) => (await import('./kubectl/complete.js')).complete(argv, out),
}

/** The program for kubectl that this one was called as. */
function plugin(): Command | undefined {
  const names = [process.argv[1], process.argv0].flatMap((name) => (name === undefined ? [] : [basename(name)]))
  return names.flatMap((name) => (Object.hasOwn(PLUGINS, name) ? [PLUGINS[name]] : [])).at(0)
}

async function run(words: readonly string[], out: Output, usr1: Usr1): Promise<number> {
  const argv = words.length === 1 && words[0] === 'version' ? ['--version'] : words
  if (argv.length === 1 && argv[0] === '--version') return version(out)
  const command = COMMANDS.get(opensUi(argv) ? 'ui' : argv[0])
  if (command !== undefined) return command(argv.slice(1), out, usr1)
  const { parseArgs } = await import('./options/parse.js')
  const s = parseArgs(argv)
  if (!s.quiet) for (const sentence of s.unneeded) say(`ksys: ${sentence}\n`)
  if (s.version) return version(out)
  if (s.help) return printHelp(s.filter === 'all', out)
  const information = informationFor(s)
  if (information !== undefined) return information(out)
  if (s.read.length === 0) {
    const [{ hurry }, { writesFile }] = await Promise.all([
      import('../source/pace.js'),
      import('./options/settings.js'),
    ])
    hurry(writesFile(s))
  }
  const { capture } = await import('./run/capture.js')
  return capture(s, out)
}

type Information = (out: Output) => Promise<number>

/** What prints information and captures nothing, if an option requests it. */
function informationFor(s: Settings): Information | undefined {
  if (s.man) return manual
  const { completion } = s
  if (completion !== undefined)
    return async (out) => (await import('./completion/print.js')).printCompletion(completion, out)
  if (s.explain) return async (out) => (await import('./help/explain.js')).explain(s, out)
  if (s.list || s.listMarkdown || s.listEvents || s.jsonSchema || s.format === 'p')
    return async (out) => (await import('./help/lists.js')).printLists(s, out)
  if (s.listChisels || s.chiselInfo !== undefined)
    return async (out) => (await import('./chisels/describe.js')).describeChisels(s, out)
  return undefined
}

async function manual(out: Output): Promise<number> {
  const [{ manPage }, { topics }, { VERSION }] = await Promise.all([
    import('./help/man.js'),
    import('./help/topics.js'),
    import('./version.js'),
  ])
  await out.text(manPage(VERSION, topics()))
  return EXIT.ok
}

async function version(out: Output): Promise<number> {
  const { VERSION } = await import('./version.js')
  await out.text(`ksys ${VERSION}\n`)
  return EXIT.ok
}
