// The option table: every option of the command once. Parsing, help, completion and the man page are made from it.
import { EXPORT_FORMATS } from '../../export/formats.js'
import { OUTPUTS } from '../../format/outputs.js'
import { DEFAULT_SCHEMA, SCAP_SCHEMAS } from '../../scap/write/schemas.js'
import { WHICH } from './stacks.js'

/** Section of the command's help an option stands in. */
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
 * Where an option works when a capture comes from another machine: there, here, or both; the whole command runs there and prints;
 * never: it is about no capture that is to be made.
 */
export type Where = 'there' | 'here' | 'both' | 'whole' | 'never'

/**
 * What an option of every run is about: each subcommand takes it or has a reason why not (refusals.ts). privacy: what is kept out. ceilings:
 * what a live capture may cost. live: what is captured. span: which part. rules: those that events are judged by.
 */
export type Scope = 'privacy' | 'ceilings' | 'live' | 'span' | 'rules'

export interface OptionDef {
  /** the letter without its dash */
  readonly short?: string
  /** the word without its dashes */
  readonly long: string
  /** older spellings that are also understood, without dashes */
  readonly aliases?: readonly string[]
  /** name of the value, in capitals; absent for switches */
  readonly value?: string
  /** may be given several times */
  readonly repeat?: boolean
  readonly choices?: readonly string[]
  /** words that it may be beside others */
  readonly names?: readonly string[]
  /** what completion offers for the value, where it is none of `choices` */
  readonly complete?: 'file' | 'chisel' | 'view' | 'format'
  /** where it differs from the others of its section */
  readonly where?: Where
  /** it says what a run is, whatever the command; undefined: it is this command's own */
  readonly scope?: Scope
  readonly doc: string
}

/** An option of the command itself; the help of subcommands has no sections. */
export interface GroupedOption extends OptionDef {
  readonly group: Group
}

/** The options that choose a format of output; doc: what one does, where an event or the like becomes a `unit`. */
export function outputOptions(doc: (unit: string) => string): OptionDef[] {
  return OUTPUTS.flatMap(({ option }) => {
    if (option === undefined) return []
    const { unit, ...words } = option
    return [{ ...words, doc: doc(unit) }]
  })
}

/** What is kept out of a capture, live or read, and of a file by `ksys redact`. */
export const PRIVACY_OPTIONS: readonly GroupedOption[] = [
  {
    long: 'only-namespace',
    scope: 'privacy',
    value: 'NAME',
    group: 'Privacy',
    doc: 'tell nothing but what pods of that Kubernetes namespace do: calls, processes, descriptors and containers of others are nowhere, in files neither; nothing is told of a pod until a runtime has named it',
  },
  {
    long: 'no-buffers',
    scope: 'privacy',
    group: 'Privacy',
    doc: 'leave out the data of I/O and of messages, keys, options of mounts, and all other memory of programs but names, live already in the kernel',
  },
  {
    long: 'no-env',
    scope: 'privacy',
    group: 'Privacy',
    doc: 'leave out environments, of processes and of containers, and what is read of /proc/PID/environ, live already in the kernel',
  },
  {
    long: 'no-args',
    scope: 'privacy',
    group: 'Privacy',
    doc: 'leave out the arguments of programs, of modules and of kernels that are loaded, and what is read of /proc/PID/cmdline, live already in the kernel: of a command line only the program is told',
  },
  {
    long: 'redact',
    scope: 'privacy',
    where: 'here',
    value: 'FILE',
    complete: 'file',
    group: 'Privacy',
    doc: 'hash, mask or drop what the lines of FILE say, before anything sees it: FIELDS hash|mask|drop [/PATTERN/]; without a pattern names of variables and keys of labels stay',
  },
  {
    long: 'redact-key',
    scope: 'privacy',
    where: 'here',
    value: 'FILE',
    complete: 'file',
    group: 'Privacy',
    doc: 'the key of hashes, 16 bytes or more, so that equal values have equal hashes in several captures (default: random, and thrown away)',
  },
]

/** What a live capture may cost. */
export const CEILING_OPTIONS: readonly GroupedOption[] = [
  {
    long: 'max-cpu',
    scope: 'ceilings',
    value: 'PERCENT',
    group: 'Ceilings',
    doc: 'use at most PERCENT of all CPUs, programs in the kernel included: above that as many events are recorded as fit, those of the noisiest cgroups are counted instead, and throttle events tell of it',
  },
  {
    long: 'max-memory',
    scope: 'ceilings',
    value: 'SIZE',
    group: 'Ceilings',
    doc: 'use at most SIZE of memory, buffers of the kernel included: caches are given up first, then cgroups are throttled, and at last the capture ends',
  },
  {
    long: 'max-calls',
    scope: 'ceilings',
    value: 'N',
    group: 'Ceilings',
    doc: 'record at most N events of a cgroup in any second, the others are counted in the kernel',
  },
]

export const OPTIONS: readonly GroupedOption[] = [
  {
    short: 'r',
    long: 'read',
    where: 'never',
    aliases: ['readfile'],
    value: 'FILE',
    repeat: true,
    complete: 'file',
    group: 'Input and output',
    doc: "read events from a capture file instead of the kernel (- is standard input); a folder of traces or a quoted pattern ('x*.ksys') is read as one capture, several -r one after the other",
  },
  {
    short: 'w',
    long: 'write',
    aliases: ['writefile'],
    value: 'FILE',
    complete: 'file',
    group: 'Input and output',
    doc: `write the events to a trace file (- is standard output) instead of printing them; NAME.scap is a file for sysdig, Falco and Wireshark, ${EXPORT_FORMATS.flatMap((f) => f.extensions.slice(0, 1).map((ext) => `NAME.${ext}`)).join(', ')} are those of --to, all but ${EXPORT_FORMATS.filter((f) => f.compressed === true).map((f) => f.name)} also with .gz`,
  },
  {
    short: 'n',
    long: 'numevents',
    scope: 'span',
    where: 'there',
    value: 'N',
    group: 'Input and output',
    doc: 'stop after N events that passed the filter',
  },
  {
    short: 'M',
    long: 'seconds',
    scope: 'span',
    where: 'there',
    value: 'SECONDS',
    group: 'Input and output',
    doc: 'stop after SECONDS of capture time; 500ms, 2m or 1h too',
  },
  {
    long: 'from',
    scope: 'span',
    where: 'never',
    value: 'WHEN',
    group: 'Input and output',
    doc: 'with -r, begin there: 14:05:00 (the next one, over midnight too) or a date, 90s after the first event, or the number of an event',
  },
  {
    long: 'to',
    scope: 'span',
    where: 'here',
    value: 'WHEN|FORMAT',
    repeat: true,
    names: EXPORT_FORMATS.map((f) => f.name),
    group: 'Input and output',
    doc: `with -r, end there, in the same ways; or write what passes in a format for other tools, to -w or standard output: ${EXPORT_FORMATS.map((f) => `${f.name} (${f.doc})`).join(', ')}`,
  },
  {
    long: 'partition',
    where: 'here',
    value: 'KEYS',
    group: 'Input and output',
    doc: 'with --to parquet, make -w a folder with a file for each host and hour (host,hour; or one of them), in folders that DuckDB, Spark and Trino take for columns: host=NAME/hour=2026-01-31T14',
  },
  {
    long: 'scap-schema',
    where: 'here',
    value: 'VERSION',
    choices: SCAP_SCHEMAS.map((schema) => schema.name),
    group: 'Input and output',
    doc: `with -w NAME.scap, write events as this version of libs declares them: ${SCAP_SCHEMAS.map(({ name, doc }) => `${name} (${doc})`).join(', ')}; ${DEFAULT_SCHEMA.name} unless chosen`,
  },
  {
    long: 'rules',
    scope: 'rules',
    where: 'never',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    group: 'Input and output',
    doc: "ask events the rules of FILE (Falco's), or of all .yaml and .yml files of a folder: rule.name, rule.priority, rule.output and their like then have values, as in ksys --rules FILE rule.name exists",
  },
  {
    long: 'inflight',
    where: 'whole',
    group: 'Input and output',
    doc: 'tell which calls run right now, or with -r at the end of the capture, and for how long; 3s+ is a call that began before ksys did and has slept for so long',
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
    doc: 'show the progress of reading on standard error, also when it is no terminal',
  },
  {
    long: 'follow',
    where: 'never',
    group: 'Input and output',
    doc: 'with -r -, what comes is a capture that goes on: chisels show their tables each second, as live',
  },
  {
    long: 'until-eof',
    scope: 'live',
    where: 'never',
    group: 'Input and output',
    doc: 'live, end when standard input ends, as it does when the connection breaks by which ksys was started (ssh, kubectl exec)',
  },
  { long: 'unbuffered', group: 'Input and output', doc: 'write each line at once' },
  {
    short: 'C',
    long: 'file-size',
    value: 'MB',
    group: 'Several files',
    doc: 'with -w, begin another file after so many million bytes (500K and 1G too)',
  },
  {
    short: 'G',
    long: 'file-seconds',
    value: 'SECONDS',
    group: 'Several files',
    doc: 'with -w, begin another file after SECONDS of capture time (10m and 1h too); the name may have %Y-%m-%d, %H%M%S and their like',
  },
  {
    short: 'e',
    long: 'event-limit',
    value: 'EVENTS',
    group: 'Several files',
    doc: 'with -w, begin another file after so many events',
  },
  {
    short: 'W',
    long: 'limit',
    value: 'FILES',
    group: 'Several files',
    doc: 'keep so many of these files, those of earlier runs included: the oldest is removed',
  },
  {
    long: 'keep',
    value: 'HOW-MUCH',
    repeat: true,
    group: 'Several files',
    doc: 'keep files for so long (2h, 7d), or so much of them (10G): the oldest are removed',
  },
  {
    long: 'min-free',
    value: 'SPACE',
    group: 'Several files',
    doc: 'keep so much of the disk free (5% or 2G): the oldest files are removed, and without any the capture ends',
  },
  {
    long: 'on-close',
    value: 'COMMAND',
    group: 'Several files',
    doc: 'run COMMAND (without a shell, with the rights of whoever the files belong to) for each finished file, which is its last argument',
  },
  {
    long: 'owner',
    value: 'USER',
    group: 'Several files',
    doc: "whose the files of -w are; several files are made with USER's rights (default: the folder's owner, where root captures)",
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
    value: 'NAME',
    repeat: true,
    complete: 'chisel',
    group: 'Chisels',
    doc: 'run a chisel instead of printing events; its arguments follow its name, then the filter',
  },
  { long: 'list-chisels', where: 'never', group: 'Chisels', doc: 'list the chisels (also -cl)' },
  {
    short: 'i',
    long: 'chisel-info',
    where: 'never',
    value: 'NAME',
    complete: 'chisel',
    group: 'Chisels',
    doc: 'tell all about a chisel',
  },
  {
    short: 's',
    long: 'snaplen',
    scope: 'live',
    value: 'BYTES',
    group: 'What is captured',
    doc: 'bytes kept of each I/O buffer (default 80, at most 1048576)',
  },
  {
    short: 'U',
    long: 'suppress-comm',
    scope: 'live',
    value: 'NAME',
    repeat: true,
    group: 'What is captured',
    doc: 'leave out all events of processes with that name',
  },
  {
    long: 'enter',
    scope: 'live',
    where: 'both',
    group: 'What is captured',
    doc: 'show also the beginning of each call (evt.dir is >)',
  },
  { long: 'switches', scope: 'live', group: 'What is captured', doc: 'capture also the switches of the scheduler' },
  { long: 'page-faults', scope: 'live', group: 'What is captured', doc: 'capture also page faults' },
  {
    long: 'stacks',
    scope: 'live',
    value: 'WHICH',
    choices: WHICH,
    group: 'What is captured',
    doc: 'record where calls come from (evt.stack): functions of the program, of the kernel where a call slept, or both; alone, what shows or asks for evt.stack records those of the program',
  },
  { long: 'self', scope: 'live', group: 'What is captured', doc: "show also ksys's own calls" },
  {
    long: 'buffer',
    scope: 'live',
    value: 'SIZE',
    group: 'What is captured',
    doc: 'memory of the kernel buffers of all CPUs together, such as 64M (default 128M)',
  },
  {
    long: 'cri',
    scope: 'live',
    value: 'SOCKET',
    repeat: true,
    complete: 'file',
    group: 'What is captured',
    doc: 'ask the container runtime at SOCKET too (containerd, CRI-O ...); those in the usual places are found',
  },
  {
    long: 'docker-host',
    scope: 'live',
    value: 'ADDRESS',
    repeat: true,
    group: 'What is captured',
    doc: 'ask the docker or podman at ADDRESS too: unix:///path or tcp://host:port',
  },
  {
    long: 'no-container-metadata',
    scope: 'live',
    group: 'What is captured',
    doc: 'ask no container runtime: of containers only the ids are known',
  },
  ...CEILING_OPTIONS,
  ...PRIVACY_OPTIONS,
  {
    short: 'p',
    long: 'print',
    value: 'FORMAT',
    complete: 'format',
    group: 'How events print',
    doc: 'print each event as FORMAT, text with %fields; c names its container, k its pod (chisels get such columns); p alone tells the default format',
  },
  ...outputOptions((unit) => `print one ${unit} a line`).map((o) => ({ ...o, group: 'How events print' }) as const),
  { short: 'A', long: 'print-ascii', group: 'How events print', doc: 'print only the text of buffers' },
  { short: 'x', long: 'print-hex', group: 'How events print', doc: 'print buffers in hexadecimal' },
  { short: 'X', long: 'print-hex-ascii', group: 'How events print', doc: 'print buffers in hexadecimal and as text' },
  { short: 'b', long: 'print-base64', group: 'How events print', doc: 'print buffers in base64' },
  {
    short: 't',
    long: 'timetype',
    value: 'STYLE',
    choices: ['h', 'a', 'r', 'd', 'D'],
    group: 'How events print',
    doc: "the line's time: h time of day, a seconds since the epoch, r seconds since the first event, d latency of the call, D seconds since the line before",
  },
  { short: 'R', long: 'resolve-ports', group: 'How events print', doc: 'print port numbers as service names' },
  {
    short: 'S',
    long: 'summary',
    group: 'How events print',
    doc: 'at the end, print calls, errors and latencies of each kind of event',
  },
  {
    short: 'v',
    long: 'verbose',
    group: 'How events print',
    doc: 'do not cut buffers, and print statistics at the end; when a capture cannot begin, what the system said; with -l, the types of the fields',
  },
  {
    long: 'color',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    group: 'How events print',
    doc: 'colours: auto (default: on a terminal), always, never; NO_COLOR and TERM=dumb are obeyed',
  },
  { short: 'l', long: 'list', group: 'Information', doc: 'list the fields that filters and formats may use' },
  { long: 'list-markdown', group: 'Information', doc: 'the same list as Markdown' },
  { short: 'L', long: 'list-events', group: 'Information', doc: 'list the events and their parameters' },
  { long: 'json-schema', group: 'Information', doc: 'print what -j prints as a JSON Schema, with its version' },
  {
    long: 'explain',
    group: 'Information',
    doc: 'tell what the filter makes the kernel, the program and the file reader do, and capture nothing',
  },
  {
    long: 'completion',
    value: 'SHELL',
    choices: ['bash', 'zsh', 'fish'],
    group: 'Information',
    doc: 'print the completion script for a shell',
  },
  { long: 'man', group: 'Information', doc: 'print the manual page (ksys --man | man -l -)' },
  { short: 'h', long: 'help', group: 'Information', doc: 'print this help' },
  { long: 'version', group: 'Information', doc: 'print the version' },
]

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

/** Where the options of a section work when a capture comes from another machine. */
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

/** The same of one option. */
export function whereOf({ where, group }: GroupedOption): Where {
  return where ?? WHERE[group]
}

/** The options that say what a run is, whatever the command. */
export const RUN_OPTIONS: readonly (OptionDef & { readonly scope: Scope })[] = OPTIONS.flatMap((o) =>
  o.scope === undefined ? [] : [{ ...o, scope: o.scope }],
)

/** Lines of usage beside those of the subcommands, as help and manual show them. */
export const USAGE: readonly (readonly [line: string, meaning: string])[] = [
  ['ksys [OPTIONS] [FILTER]', 'capture this machine and print what passes the filter'],
  ['ksys --inflight [FILTER]', 'who is in which call right now, and for how long'],
  ['ksys [OPTIONS] [FILTER] -- CMD [ARGS]', 'run a command and trace it and its descendants'],
  ['ksys [OPTIONS] -c CHISEL [ARGS] [FILTER]', 'ask a ready-made question: tables, tops, logs of requests ...'],
  ['ksys [OPTIONS] -w FILE [FILTER]', 'keep the events in a trace file'],
  ['ksys [OPTIONS] -r FILE [FILTER]', 'read them back; needs no privilege'],
]

/** What people try first. */
export const EXAMPLES: readonly (readonly [line: string, meaning: string])[] = [
  ['ksys proc.name=nginx', 'everything that nginx does'],
  ['ksys "evt.type in (open, openat) and evt.failed=true"', 'files that could not be opened, and why'],
  ['ksys "evt.latency > 10ms" -p "%proc.name %evt.type %evt.latency.human %fd.name"', 'slow calls'],
  ['ksys -c topprocs_net', 'processes by network traffic, each second'],
  ['ksys -w trace.ksys -M 10', 'ten seconds into a file'],
  ['ksys -w /var/log/ksys/ -G 60 --keep 2h', 'the last two hours, in files of a minute; SIGHUP begins another'],
  ['ksys -r trace.ksys -q -S', 'calls, errors and latencies of that file'],
  ['ksys -- make', 'a build, from its first call to its last'],
]
