// The table of all options of the command. Parsing, help, completion and the man page derive from it.
import { EXPORT_FORMATS } from '../../export/formats.js'
import { OUTPUTS, type OutputOption } from '../../format/outputs.js'
import { DEFAULT_SCHEMA, SCAP_SCHEMAS } from '../../scap/write/schemas.js'
import { ATTACH } from '../../source/plan.js'
import { WHICH } from './stacks.js'

/** Section of the command's help that lists an option. */
export type Group =
  | 'Input and output'
  | 'Several files'
  | 'Chisels'
  | 'What is captured'
  | 'Ceilings'
  | 'Privacy'
  | 'How events print'
  | 'Information'

/**
 * Where an option applies when the capture runs on another machine (kubectl ksys). there: on that machine; here: on this one; both;
 * whole: the whole command runs and prints there; never: the option does not apply to a remote capture.
 */
export type Where = 'there' | 'here' | 'both' | 'whole' | 'never'

/**
 * What an option common to all runs controls. Each subcommand takes the option or gives a reason why not (refusals.ts). privacy: omitted
 * data. ceilings: the cost of a live capture. live: what is captured. span: the time range. rules: the rules that are evaluated.
 */
export type Scope = 'privacy' | 'ceilings' | 'live' | 'span' | 'rules'

/**
 * What an option does if capture files are read. acts: what it does live. ignored and refused: nothing, and a message or an error says so
 * with this reason, a clause about files (over-files.ts).
 */
export type OverFiles = 'acts' | { readonly ignored: string } | { readonly refused: string }

export interface OptionDef {
  /** the short name without its dash */
  readonly short?: string
  /** the long name without its dashes */
  readonly long: string
  /** older spellings that are also accepted, without dashes */
  readonly aliases?: readonly string[]
  /** name of the value, in capitals; absent for switches */
  readonly value?: string
  /** the value if none is given: at the end of the arguments, or before another option */
  readonly alone?: string
  /** may be given several times */
  readonly repeat?: boolean
  readonly choices?: readonly string[]
  /** names that the value may be, among other values */
  readonly names?: readonly string[]
  /** what completion offers for the value if there are no `choices` */
  readonly complete?: 'file' | 'chisel' | 'view' | 'format'
  /** set where it differs from the default of the option's section */
  readonly where?: Where
  /** set if the option means the same for every subcommand; undefined: it belongs to the main command only */
  readonly scope?: Scope
  /** undefined: it acts. Options that control live captures state it. */
  readonly files?: OverFiles
  readonly doc: string
  /** its few words in the short help (`ksys --help`), which lists only the options with such words */
  readonly summary?: string
}

/** An option of the main command. The help of subcommands has no sections. */
export interface GroupedOption extends OptionDef {
  readonly group: Group
}

/** An option whose scope is live captures states what it does if files are read. */
type Stated =
  | { readonly scope?: Exclude<Scope, 'live' | 'ceilings'> }
  | { readonly scope: 'live' | 'ceilings'; readonly files: OverFiles }

const RECORDED = { ignored: 'they contain what was recorded' } as const
const NAMES_KNOWN = { ignored: 'they contain the containers that were known' } as const
const CEILING = { refused: 'it limits the cost of capturing' } as const

/** The options that choose the output format. doc: builds the help text from the unit that an event is printed as. */
export function outputOptions(
  doc: (unit: string) => string,
): (Omit<OptionDef, 'scope'> & { readonly long: OutputOption })[] {
  return OUTPUTS.flatMap(({ option }) => {
    if (option === undefined) return []
    const { unit, ...names } = option
    return [{ ...names, doc: doc(unit) }]
  })
}

/** What is omitted from a capture, live or read, and from a file by `ksys redact`. */
export const PRIVACY_OPTIONS = [
  {
    long: 'only-namespace',
    scope: 'privacy',
    value: 'NAME',
    group: 'Privacy',
    doc: 'show only what the pods of Kubernetes namespace NAME do. What a pod does before a container runtime has named it is not shown.',
  },
  {
    long: 'no-buffers',
    scope: 'privacy',
    group: 'Privacy',
    doc: 'omit the data that programs read, write and send. Names, such as those of files, stay.',
  },
  {
    long: 'no-env',
    scope: 'privacy',
    group: 'Privacy',
    doc: 'omit the environments of processes and containers',
  },
  {
    long: 'no-args',
    scope: 'privacy',
    group: 'Privacy',
    doc: 'omit the arguments of programs. The program name of a command line stays.',
  },
  {
    long: 'redact',
    summary: 'hash, mask or drop values before anything shows them',
    scope: 'privacy',
    where: 'here',
    value: 'FILE',
    complete: 'file',
    group: 'Privacy',
    doc: 'hash, mask or drop values as the lines of FILE specify, such as: proc.env mask /TOKEN=(.*)/',
  },
  {
    long: 'redact-key',
    scope: 'privacy',
    where: 'here',
    value: 'FILE',
    complete: 'file',
    group: 'Privacy',
    doc: 'the file with the key for hashes, at least 16 bytes. With the same key, equal values have equal hashes in several captures.',
  },
] as const satisfies readonly (GroupedOption & Stated)[]

/** What a live capture may cost. */
export const CEILING_OPTIONS = [
  {
    long: 'max-cpu',
    summary: 'use at most this share of all CPUs',
    scope: 'ceilings',
    files: CEILING,
    value: 'PERCENT',
    group: 'Ceilings',
    doc: 'use at most PERCENT of all CPUs, for ksys and its programs in the kernel. Above it, events of the busiest cgroups are only counted.',
  },
  {
    long: 'max-memory',
    scope: 'ceilings',
    files: CEILING,
    value: 'SIZE',
    group: 'Ceilings',
    doc: 'use at most SIZE of memory, including the kernel buffers. Near it, ksys drops caches, then records less, and finally ends.',
  },
  {
    long: 'max-calls',
    scope: 'ceilings',
    files: CEILING,
    value: 'N',
    group: 'Ceilings',
    doc: 'record at most N events per second of each cgroup. The others are only counted.',
  },
] as const satisfies readonly (GroupedOption & Stated)[]

const EXTENSIONS = EXPORT_FORMATS.flatMap((f) => f.extensions.slice(0, 1).map((ext) => `.${ext}`))

/** All options of the main command, each with its own type. */
export const MAIN_OPTIONS = [
  {
    short: 'r',
    long: 'read',
    summary: 'read a file instead of capturing; no privileges needed',
    where: 'never',
    aliases: ['readfile'],
    value: 'FILE',
    repeat: true,
    complete: 'file',
    group: 'Input and output',
    doc: "read events from a capture file instead of the kernel (- is standard input). A folder of traces, or a quoted pattern such as 'x*.ksys', is read as one capture.",
  },
  {
    short: 'w',
    long: 'write',
    summary: 'write a trace file, or .scap, .pcapng, .parquet, .csv',
    aliases: ['writefile'],
    value: 'FILE',
    complete: 'file',
    group: 'Input and output',
    doc: `write the events to a trace file instead of printing them (- is standard output). Names with .scap, ${EXTENSIONS.join(', ')} are files for other tools.`,
  },
  {
    short: 'n',
    long: 'numevents',
    summary: 'stop after N events',
    scope: 'span',
    where: 'there',
    value: 'N',
    group: 'Input and output',
    doc: 'stop after N events that pass the filter',
  },
  {
    short: 'M',
    long: 'seconds',
    summary: 'stop after N seconds',
    scope: 'span',
    where: 'there',
    value: 'SECONDS',
    group: 'Input and output',
    doc: 'stop after SECONDS of capture time (also 500ms, 2m or 1h)',
  },
  {
    long: 'since',
    aliases: ['from'],
    scope: 'span',
    where: 'never',
    value: 'WHEN',
    group: 'Input and output',
    doc: 'with -r, start at a time of day (14:05:00), a date and time, a time after the first event (90s) or an event number',
  },
  {
    long: 'until',
    scope: 'span',
    where: 'never',
    value: 'WHEN',
    group: 'Input and output',
    doc: 'with -r, end at such a time or event number',
  },
  {
    // it also accepts what --until does, for existing scripts
    long: 'to',
    where: 'here',
    value: 'FORMAT',
    repeat: true,
    names: EXPORT_FORMATS.map((f) => f.name),
    group: 'Input and output',
    doc: `write the events for other tools: ${EXPORT_FORMATS.map((f) => f.name).join(', ')}`,
  },
  {
    long: 'partition',
    where: 'here',
    value: 'KEYS',
    group: 'Input and output',
    doc: 'with --to parquet, write a folder with a file for each host and hour. KEYS is host,hour or one of them.',
  },
  {
    long: 'scap-schema',
    where: 'here',
    value: 'VERSION',
    choices: SCAP_SCHEMAS.map((schema) => schema.name),
    group: 'Input and output',
    doc: `with -w NAME.scap, write the events of version ${SCAP_SCHEMAS.map((schema) => schema.name).join(' or ')} of Falco's libs (default ${DEFAULT_SCHEMA.name})`,
  },
  {
    long: 'rules',
    scope: 'rules',
    where: 'never',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    group: 'Input and output',
    doc: 'evaluate the Falco rules in FILE, or in all rules files of a folder. Filters and formats can then use rule.name, rule.priority and others.',
  },
  {
    long: 'inflight',
    where: 'whole',
    group: 'Input and output',
    doc: 'list the calls that have not ended yet, and how long they last. 3s+ means that a call started before ksys, at least 3 s ago.',
  },
  {
    short: 'q',
    long: 'quiet',
    group: 'Input and output',
    doc: 'print no event lines',
  },
  {
    short: 'P',
    long: 'progress',
    group: 'Input and output',
    doc: 'show the progress of reading on standard error, even if that is not a terminal',
  },
  {
    long: 'follow',
    where: 'never',
    files: 'acts',
    group: 'Input and output',
    doc: 'with -r -, treat the input as a live capture. Chisels show their tables every second.',
  },
  {
    long: 'until-eof',
    scope: 'live',
    files: { refused: 'reading ends with the file' },
    where: 'never',
    group: 'Input and output',
    doc: 'stop a live capture when standard input closes, for example because the connection of ssh or kubectl exec drops',
  },
  { long: 'unbuffered', group: 'Input and output', doc: 'write each line immediately' },
  {
    short: 'C',
    long: 'file-size',
    value: 'MB',
    group: 'Several files',
    doc: 'with -w, start a new file after this many million bytes (also 500K or 1G)',
  },
  {
    short: 'G',
    long: 'file-seconds',
    value: 'SECONDS',
    group: 'Several files',
    doc: 'with -w, start a new file after SECONDS of capture time (also 10m or 1h). The name may contain %Y-%m-%d, %H%M%S and similar.',
  },
  {
    short: 'e',
    long: 'event-limit',
    value: 'EVENTS',
    group: 'Several files',
    doc: 'with -w, start a new file after this many events',
  },
  {
    short: 'W',
    long: 'limit',
    value: 'FILES',
    group: 'Several files',
    doc: 'keep this many files, including those of earlier runs. Older ones are removed.',
  },
  {
    long: 'keep',
    value: 'HOW-MUCH',
    repeat: true,
    group: 'Several files',
    doc: 'keep the files of the last 2h or 7d, or up to a total size such as 10G. Older ones are removed.',
  },
  {
    long: 'min-free',
    value: 'SPACE',
    group: 'Several files',
    doc: 'keep this much of the disk free (5% or 2G) by removing the oldest files. If that is not enough, the capture ends.',
  },
  {
    long: 'on-close',
    value: 'COMMAND',
    group: 'Several files',
    doc: 'run COMMAND for each finished file, without a shell. The name of the file is its last argument.',
  },
  {
    long: 'owner',
    value: 'USER',
    group: 'Several files',
    doc: 'the owner of the files of -w. Several files that root writes belong to the owner of their folder by default.',
  },
  { long: 'group', value: 'GROUP', group: 'Several files', doc: 'the group of the files of -w' },
  {
    long: 'mode',
    value: 'MODE',
    group: 'Several files',
    doc: 'permissions of the files of -w, such as 640 (default 600)',
  },
  {
    short: 'c',
    long: 'chisel',
    summary: 'run a chisel: a table or a report; -cl lists them',
    value: 'NAME',
    repeat: true,
    complete: 'chisel',
    group: 'Chisels',
    doc: 'run a chisel, which prints a table or a report instead of events. Its arguments follow its name, then the filter.',
  },
  { long: 'list-chisels', where: 'never', group: 'Chisels', doc: 'list the chisels (also -cl)' },
  {
    short: 'i',
    long: 'chisel-info',
    where: 'never',
    value: 'NAME',
    complete: 'chisel',
    group: 'Chisels',
    doc: 'describe a chisel',
  },
  {
    short: 's',
    long: 'snaplen',
    summary: 'record N bytes of the data of each call',
    scope: 'live',
    files: RECORDED,
    value: 'BYTES',
    group: 'What is captured',
    doc: 'bytes recorded of the data of each call (default 80, at most 1048576)',
  },
  {
    long: 'no-structs',
    scope: 'live',
    files: RECORDED,
    group: 'What is captured',
    doc: 'do not record the structures that arguments point to, such as the descriptors that epoll_wait returns: they print as NULL. Calls that have one cost a third less.',
  },
  {
    short: 'U',
    long: 'suppress-comm',
    scope: 'live',
    files: 'acts',
    value: 'NAME',
    repeat: true,
    group: 'What is captured',
    doc: 'exclude all events of processes named NAME',
  },
  {
    long: 'enter',
    scope: 'live',
    files: 'acts',
    where: 'both',
    group: 'What is captured',
    doc: 'also show the start of each call (evt.dir is >)',
  },
  {
    long: 'switches',
    scope: 'live',
    files: RECORDED,
    group: 'What is captured',
    doc: 'also capture when the kernel switches between threads',
  },
  { long: 'page-faults', scope: 'live', files: RECORDED, group: 'What is captured', doc: 'also capture page faults' },
  {
    long: 'stacks',
    scope: 'live',
    files: { refused: 'they contain the stacks that were recorded' },
    value: 'WHICH',
    choices: WHICH,
    group: 'What is captured',
    doc: 'record where each call comes from (evt.stack): functions of the program, of the kernel where a call slept, or both. If evt.stack is used, the default is user.',
  },
  {
    long: 'attach',
    scope: 'live',
    files: RECORDED,
    value: 'WHERE',
    choices: ATTACH,
    group: 'What is captured',
    doc: 'run BPF programs at the calls that a filter names (calls: x86-64, Linux 6.10 or newer) or at every call (tracepoints). From 6.14, calls is the default if few are wanted.',
  },
  {
    long: 'self',
    scope: 'live',
    files: RECORDED,
    group: 'What is captured',
    doc: 'also show the calls of ksys itself',
  },
  {
    long: 'buffer',
    scope: 'live',
    files: RECORDED,
    value: 'SIZE',
    group: 'What is captured',
    doc: 'memory of the kernel buffers of all CPUs together (default 8M for each CPU, 128M or more, at most a sixteenth of the memory). The terminal UI uses a third of that.',
  },
  {
    long: 'cri',
    scope: 'live',
    files: NAMES_KNOWN,
    value: 'SOCKET',
    repeat: true,
    complete: 'file',
    group: 'What is captured',
    doc: 'also query the container runtime at SOCKET (containerd, CRI-O ...). Those in the usual places are found automatically.',
  },
  {
    long: 'docker-host',
    scope: 'live',
    files: NAMES_KNOWN,
    value: 'ADDRESS',
    repeat: true,
    group: 'What is captured',
    doc: 'also query docker or podman at ADDRESS: unix:///path or tcp://host:port',
  },
  {
    long: 'no-container-metadata',
    scope: 'live',
    files: NAMES_KNOWN,
    group: 'What is captured',
    doc: 'do not query container runtimes. Only the ids of containers are known then.',
  },
  ...CEILING_OPTIONS,
  ...PRIVACY_OPTIONS,
  {
    short: 'p',
    long: 'print',
    summary: 'print these fields, such as "%proc.name %fd.name"',
    value: 'FORMAT',
    alone: 'p',
    complete: 'format',
    group: 'How events print',
    doc: 'print each event as FORMAT, a text with fields such as %proc.name. -p alone prints the default format, to which -pc adds the container and -pk the pod.',
  },
  ...outputOptions((unit) => `print one ${unit} a line`).map((o) => ({ ...o, group: 'How events print' }) as const),
  { short: 'A', long: 'print-ascii', group: 'How events print', doc: 'print only the text in the data of calls' },
  { short: 'x', long: 'print-hex', group: 'How events print', doc: 'print the data of calls in hexadecimal' },
  {
    short: 'X',
    long: 'print-hex-ascii',
    group: 'How events print',
    doc: 'print the data of calls in hexadecimal and as text',
  },
  { short: 'b', long: 'print-base64', group: 'How events print', doc: 'print the data of calls in base64' },
  {
    short: 't',
    long: 'timetype',
    value: 'STYLE',
    choices: ['h', 'a', 'r', 'd', 'D'],
    group: 'How events print',
    doc: 'time of each line: h time of day, a seconds since the epoch, r seconds since the first event, d latency of the call, D seconds since the previous line',
  },
  { short: 'R', long: 'resolve-ports', group: 'How events print', doc: 'print port numbers as service names' },
  {
    short: 'S',
    long: 'summary',
    summary: 'print calls, errors and latencies at the end',
    group: 'How events print',
    doc: 'at the end, print calls, errors and latencies of each event type',
  },
  {
    short: 'v',
    long: 'verbose',
    group: 'How events print',
    doc: 'print data in full, and statistics at the end. If a capture cannot start, print the messages of the system.',
  },
  {
    long: 'color',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    group: 'How events print',
    doc: 'use colours: auto (default, on a terminal), always or never. auto respects NO_COLOR and TERM=dumb.',
  },
  {
    short: 'l',
    long: 'list',
    summary: 'list the fields of filters and of -p',
    group: 'Information',
    doc: 'list the fields that filters and formats may use, or those of one class, as in ksys -l proc',
  },
  { long: 'list-markdown', group: 'Information', doc: 'list the fields as Markdown' },
  {
    short: 'L',
    long: 'list-events',
    group: 'Information',
    doc: 'list the events and their parameters, or only one event, as in ksys -L openat',
  },
  { long: 'json-schema', group: 'Information', doc: 'print the JSON Schema of the output of -j' },
  {
    long: 'explain',
    group: 'Information',
    doc: 'show how the filter is evaluated in the kernel, in ksys and when reading files. Nothing is captured.',
  },
  {
    long: 'completion',
    value: 'SHELL',
    choices: ['bash', 'zsh', 'fish'],
    group: 'Information',
    doc: 'print the completion script for a shell, as in: eval "$(ksys --completion bash)"',
  },
  { long: 'man', group: 'Information', doc: 'print the manual page (ksys --man | man -l -)' },
  {
    short: 'h',
    long: 'help',
    group: 'Information',
    doc: 'print help. ksys --help all prints every option and command.',
  },
  { long: 'version', group: 'Information', doc: 'print the version' },
] as const satisfies readonly (GroupedOption & Stated)[]

/** All options of the main command. */
export const OPTIONS: readonly GroupedOption[] = MAIN_OPTIONS

/** Sections in the order of the help. */
export const GROUPS: readonly Group[] = [
  'Input and output',
  'Several files',
  'Chisels',
  'What is captured',
  'Ceilings',
  'Privacy',
  'How events print',
  'Information',
]

/** Where the options of a section apply when the capture runs on another machine. */
const WHERE: Readonly<Record<Group, Where>> = {
  'Input and output': 'here',
  'Several files': 'here',
  Chisels: 'here',
  'What is captured': 'there',
  Ceilings: 'there',
  Privacy: 'there',
  'How events print': 'here',
  Information: 'never',
}

/** Where one option applies. */
export function whereOf({ where, group }: GroupedOption): Where {
  return where ?? WHERE[group]
}

/** The options that mean the same for every subcommand. */
export const RUN_OPTIONS: readonly (OptionDef & { readonly scope: Scope })[] = OPTIONS.flatMap((o) =>
  o.scope === undefined ? [] : [{ ...o, scope: o.scope }],
)

/** Usage lines of the main command for help and manual; those of the subcommands are in subcommands.ts. */
export const USAGE: readonly (readonly [line: string, meaning: string])[] = [
  ['ksys [OPTIONS] [FILTER]', 'capture this machine and print what passes the filter'],
  ['ksys --inflight [FILTER]', 'list calls in progress'],
  ['ksys [OPTIONS] [FILTER] -- CMD [ARGS]', 'run a command and trace it and its descendants'],
  ['ksys [OPTIONS] -c CHISEL [ARGS] [FILTER]', 'run a chisel: tables, top lists, request logs ...'],
  ['ksys [OPTIONS] -w FILE [FILTER]', 'write the events to a trace file'],
  ['ksys [OPTIONS] -r FILE [FILTER]', 'read a capture file; requires no privileges'],
  ['ksys help TOPIC', 'print a page of the documentation, for example ksys help filters'],
]

/** Examples for new users. */
export const EXAMPLES: readonly (readonly [line: string, meaning: string])[] = [
  ['ksys proc.name=nginx', 'everything that nginx does'],
  ['ksys "evt.type in (open, openat) and evt.failed=true"', 'files that could not be opened, and why'],
  ['ksys "evt.latency > 10ms" -p "%proc.name %evt.type %evt.latency.human %fd.name"', 'slow calls'],
  ['ksys -c topprocs_net', 'processes by network traffic, every second'],
  ['ksys -w trace.ksys -M 10', 'capture ten seconds to a file'],
  ['ksys -w /var/log/ksys/ -G 60 --keep 2h', 'the last two hours, in files of one minute; SIGHUP starts a new file'],
  ['ksys -r trace.ksys -q -S', 'calls, errors and latencies of that file'],
  ['ksys -- make', 'a build, from its first call to its last'],
]
