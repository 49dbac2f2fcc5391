// Parses the arguments of `kubectl ksys`: options of kubectl, the target, and the rest, which is for ksys.
import { CliError, EXIT } from '../errors/exit.js'
import { ADVISE } from '../options/advise.js'
import { valued } from '../options/argv.js'
import { allRead, type OptionsOf } from '../options/option-types.js'
import type { Subcommand } from '../options/subcommand.js'
import type { OptionDef } from '../options/table.js'
import { UI } from '../options/ui.js'
import { propertyOf } from '../options/words.js'
import { CONTROLLERS } from './workload.js'

/** The namespace for pods of ksys (../../container/deploy/namespace.yaml). */
const HOME = 'ksys'

const OPTIONS = [
  {
    short: 'n',
    long: 'namespace',
    value: 'NAMESPACE',
    doc: "the pod's namespace (default: that of kubectl). -n with a number is the option of ksys.",
  },
  { long: 'context', value: 'CONTEXT', doc: 'the context for kubectl' },
  { long: 'kubeconfig', value: 'FILE', complete: 'file', doc: 'the kubeconfig file for kubectl' },
  { long: 'image', value: 'IMAGE', doc: 'the image of ksys (default: ksys of this version, or KSYS_IMAGE)' },
  {
    long: 'ksys-namespace',
    value: 'NAMESPACE',
    doc: `the namespace for the pod of ksys (default ${HOME}). Its policy must allow privileged pods.`,
  },
  {
    long: 'time-to-live',
    value: 'SECONDS',
    doc: 'the pod of ksys ends after SECONDS, even if this command was killed (default 3600)',
  },
] as const satisfies readonly OptionDef[]

/** The help of the plugin; it has no manual page of its own. */
export const PLUGIN: Subcommand = {
  word: 'kubectl-ksys',
  summary: 'capture on a node of a cluster',
  usage: [
    ['kubectl ksys NODE [ARGS]', 'capture on a node of the cluster: ARGS are the options and the filter of ksys'],
    [
      'kubectl ksys pod/NAME [-n NAMESPACE] [ARGS]',
      'capture the calls of a pod; nothing of other namespaces leaves the node',
    ],
    ['kubectl ksys NODE ui [ARGS]', 'run the terminal UI on the node (also with a pod)'],
    [
      'kubectl ksys advise deploy/NAME [-n NAMESPACE] [-M TIME] [ARGS]',
      'record the pods of a deployment, statefulset or daemonset on all of their nodes, and make a seccomp profile: ARGS are the options of ksys advise seccomp',
    ],
  ],
  options: OPTIONS,
  // unknown options are passed to ksys on the node
  refuses: {},
  rest: 'none',
  exit: [0, 1, 2, 3, 5, 6],
  notes: [
    'ksys creates a pod on the node and removes it at the end, also on Ctrl-C and a dropped connection. The capture is sent to this machine, where it is printed, counted or written: -w FILE and -c NAME are files on this machine.',
    'The filter, the options of what is captured, -n, -M, ceilings and the privacy options apply on the node, except --redact, which applies on this machine.',
    'With --only-namespace NAME, nothing of other namespaces leaves the node. pod/NAME implies it.',
    'ksys --help all lists the options of ksys. src/container/deploy has the permissions that the cluster must grant.',
  ],
  topic: 'containers-and-kubernetes',
}

/** What to capture, and how to reach the cluster. */
export interface Request {
  readonly target: { readonly kind: 'node' | 'pod'; readonly name: string }
  /** of the pod; undefined: kubectl's own */
  readonly namespace: string | undefined
  /** arguments for every call of kubectl */
  readonly globals: readonly string[]
  readonly image: string | undefined
  /** the namespace of the pod of ksys */
  readonly home: string
  /** s */
  readonly timeToLive: number
  /** the remaining arguments, for ksys */
  readonly words: readonly string[]
}

/** Names of nodes, pods and namespaces. */
export const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/
const IMAGE = /^[\w][\w./:@-]{0,511}$/
export const KINDS: Readonly<Record<string, 'node' | 'pod'>> = {
  node: 'node',
  nodes: 'node',
  no: 'node',
  pod: 'pod',
  pods: 'pod',
  po: 'pod',
}

/** Parses the arguments; undefined: help was requested. Throws CliError (usage). */
export function parseRequest(argv: readonly string[], env: NodeJS.ProcessEnv): Request | undefined {
  const { given, target, words } = sorted(argv)
  if (wantsHelp(words) || target === undefined || target === 'help') return undefined
  return { target: targetOf(target), words, ...clusterOf(given, env) }
}

function wantsHelp(words: readonly string[]): boolean {
  return words.includes('--help') || words.includes('-h')
}

/** What to advise on: the words that follow the name of the controller are for `ksys advise`. */
export interface AdviseRequest extends Omit<Request, 'target'> {
  readonly target: { readonly kind: string; readonly name: string }
}

/** Parses `advise KIND/NAME ARGS`; 'other': the arguments are no such command; undefined: help was requested. Throws CliError (usage). */
export function parseAdvise(argv: readonly string[], env: NodeJS.ProcessEnv): AdviseRequest | 'other' | undefined {
  if (argv.find((word) => !word.startsWith('-')) !== ADVISE.word && sorted(argv).target !== ADVISE.word) return 'other'
  const { given, words, bare } = sortedBy(argv, valued(ADVISE.options))
  if (wantsHelp(words)) return undefined
  const [kind = '', name = ''] = (words[bare] ?? '').split('/', 2)
  const controller = Object.hasOwn(CONTROLLERS, kind) ? CONTROLLERS[kind] : undefined
  if (controller === undefined || !NAME.test(name))
    throw usage(`kubectl ksys advise requires deploy/NAME, sts/NAME or ds/NAME; see kubectl ksys --help`)
  return { target: { kind: controller, name }, words: words.toSpliced(bare, 1), ...clusterOf(given, env) }
}

/** How to reach the cluster, and the pod of ksys. */
function clusterOf(given: OptionsOf<typeof OPTIONS>, env: NodeJS.ProcessEnv): Omit<Request, 'target' | 'words'> {
  const { namespace, context, kubeconfig, image = env.KSYS_IMAGE || undefined, ...pod } = given
  const { ksysNamespace: home = HOME, timeToLive = '3600', ...others } = pod
  allRead(others)
  if (image !== undefined && !IMAGE.test(image)) throw usage(`'${image}' is not a valid image name`)
  return {
    namespace: namespace === undefined ? undefined : named(namespace),
    globals: globalsOf({ context, kubeconfig }),
    image,
    home: named(home),
    timeToLive: seconds(timeToLive),
  }
}

/** Arguments for every call of kubectl that select the cluster. */
export function globalsOf(given: Pick<OptionsOf<typeof OPTIONS>, 'context' | 'kubeconfig'>): string[] {
  const { context, kubeconfig } = given
  return Object.entries({ context, kubeconfig }).flatMap(([long, value]) =>
    value === undefined ? [] : [`--${long}=${value}`],
  )
}

interface Sorted {
  readonly given: OptionsOf<typeof OPTIONS>
  readonly target: string | undefined
  readonly words: readonly string[]
}

/** Separates the arguments. Options of the UI may precede `ui`, which is then moved to the front. Throws CliError (usage). */
export function sorted(argv: readonly string[]): Sorted {
  const { bare, words, ...others } = sortedBy(argv, valued(UI.options))
  return words[bare] === UI.word
    ? { ...others, words: [UI.word, ...words.toSpliced(bare, 1)] }
    : sortedBy(argv, valued())
}

/**
 * Separates the arguments, given the options of ksys that take values. The target is the first argument that is neither an option nor an
 * option's value. bare: the index of the next such argument in `words`; -1: there is none.
 */
function sortedBy(argv: readonly string[], takesValue: ReadonlySet<string>): Sorted & { readonly bare: number } {
  const given: Record<string, string> = {}
  const words: string[] = []
  let target: string | undefined
  let bare = -1
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string
    if (word === '--') throw usage('-- runs a command on this machine, but kubectl ksys captures on a node: omit it')
    const own = ownOption(word, argv[i + 1])
    if (own !== undefined) {
      given[propertyOf(own.def)] = own.value
      i += own.words - 1
    } else if (target === undefined && !word.startsWith('-')) target = word
    else {
      if (bare < 0 && !word.startsWith('-')) bare = words.length
      words.push(word)
      if (takesValue.has(word) && i + 1 < argv.length) words.push(argv[++i] as string)
    }
  }
  return { given, target, words, bare }
}

/** The option of this command that starts with an argument; words: the number of arguments that it occupies. */
function ownOption(
  word: string,
  next: string | undefined,
): { def: OptionDef; value: string; words: number } | undefined {
  for (const def of OPTIONS as readonly OptionDef[]) {
    const { long, short } = def
    if (word.startsWith(`--${long}=`)) return { def, value: word.slice(long.length + 3), words: 1 }
    const attached = short === undefined ? null : new RegExp(`^-${short}=?([^\\d=].*)$`, 's').exec(word)
    if (attached !== null) return { def, value: attached[1] as string, words: 1 }
    // -n with a number is the option of ksys
    if (word !== `--${long}` && (word !== `-${short}` || /^\d*$/.test(next ?? ''))) continue
    if (next === undefined) throw usage(`a value is expected after ${word}`)
    return { def, value: next, words: 2 }
  }
  return undefined
}

function targetOf(word: string): Request['target'] {
  const slash = word.indexOf('/')
  const kind = slash < 0 ? 'node' : KINDS[word.slice(0, slash)]
  const name = word.slice(slash + 1)
  if (kind === undefined || !NAME.test(name))
    throw usage(`'${word}' is neither a node nor pod/NAME; see kubectl ksys --help`)
  return { kind, name }
}

function named(namespace: string): string {
  if (!NAME.test(namespace)) throw usage(`'${namespace}' is not a valid namespace name`)
  return namespace
}

function seconds(text: string): number {
  if (/^[1-9]\d{0,7}$/.test(text)) return Number(text)
  throw usage(`--time-to-live requires a number of seconds, not '${text}'`)
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message)
}
